import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { generateSigningKey } from '../core/bundle-format'
import { assertAllowed } from '../core/machine-settings'
import { WorkbenchError } from '../model/errors'
import { writeFileDurably } from '../storage/objects/durable-files'
import { askPassphrase } from './passphrase'
import type { CommandBody } from './command'
import { refuseToOverwrite } from './text-file'

/** `keygen`. */
export const makeKey: CommandBody = async ({ output, signal }, _positional, options) => {
  const [keyPath, publicPath] = [resolve(String(options.out)), resolve(String(options.publicOut))]
  if (keyPath === publicPath)
    throw new WorkbenchError('INVALID_INPUT', '--out and --public-out name the same file. The private key needs a file of its own.')
  assertAllowed(publicPath)
  for (const path of [keyPath, publicPath]) refuseToOverwrite(path)
  const key = await generateSigningKey({ passphrase: await askPassphrase('Passphrase for the new key', { confirm: true, signal }) })
  await writeFileDurably(keyPath, key.privateKeyPem, 0o600)
  try {
    await writeFileDurably(publicPath, key.publicKeyPem)
  } catch (error) {
    // Half a key pair would only stand in the way of the next try.
    await rm(keyPath, { force: true })
    throw error
  }
  output.result({ key: keyPath, publicKey: publicPath, fingerprint: key.fingerprint }, [
    `Private key ${keyPath}`,
    `Public key  ${publicPath}`,
    `Fingerprint ${key.fingerprint}`
  ])
}
