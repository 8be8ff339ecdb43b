import { createPublicKey, type KeyObject } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, promises as fs } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import { writeFileDurably } from '../../storage/objects/durable-files'
import { closeToOthers, makePrivateFolder, PRIVATE_FILE } from './private-files'
import { fingerprintOf, generateSigningKey, loadPrivateKey } from '../bundle-format'
import { Sha256 } from '../../model/reference'

const KeyCard = z.object({
  name: z.string(),
  fingerprint: Sha256,
  publicPem: z.string(),
  demo: z.boolean().default(false),
  createdAt: z.string()
})
export type KeyCard = z.infer<typeof KeyCard> & { keyPath: string }

/** Passphrase-protected private keys as files in one folder, each with a card that holds only public facts. */
export interface Keyring {
  list(): KeyCard[]
  /** Makes a P-256 key; the private half exists on disk only in protected form. */
  create(name: string, passphrase: string, options?: { demo?: boolean }): Promise<KeyCard>
}

/**
 * Opens the keyring of a folder; a card that cannot be read is left out, its key file stays. A folder or file that others of this
 * computer could read is closed to them, and `say` is told.
 */
export function createKeyring(directory: string, clock: () => Date, say: (text: string) => void = () => undefined): Keyring {
  closeToOthers(directory, say)
  return {
    list() {
      if (!existsSync(directory)) return []
      return readdirSync(directory)
        .filter((file) => file.endsWith('.json'))
        .flatMap((file) => {
          const keyPath = join(directory, `${basename(file, '.json')}.pem`)
          try {
            const card = KeyCard.parse(JSON.parse(readFileSync(join(directory, file), 'utf8')))
            return existsSync(keyPath) ? [{ ...card, keyPath }] : []
          } catch {
            return []
          }
        })
        .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
    },
    async create(name, passphrase, { demo = false } = {}) {
      const key = await generateSigningKey({ passphrase })
      const keyPath = join(directory, `${key.fingerprint.slice(0, 16)}.pem`)
      const card = { name, fingerprint: key.fingerprint, publicPem: key.publicKeyPem, demo, createdAt: clock().toISOString() }
      try {
        await makePrivateFolder(directory)
        await writeFileDurably(keyPath, key.privateKeyPem, PRIVATE_FILE)
        await writeFileDurably(keyPath.replace(/\.pem$/, '.json'), JSON.stringify(card, null, 2), PRIVATE_FILE)
      } catch (error) {
        throw fromSystemError(error, `writing the key file in "${directory}"`)
      }
      return { ...card, keyPath }
    }
  }
}

/** Reads a key file and proves the passphrase by opening it. Throws NOT_FOUND, FORBIDDEN or INVALID_INPUT. */
export async function openKeyFile(path: string, passphrase: string): Promise<{ key: KeyObject; publicPem: string; fingerprint: Sha256 }> {
  let privateKeyPem: string
  try {
    if ((await fs.stat(path)).size > 100_000)
      throw new WorkbenchError('INVALID_INPUT', `"${path}" is too large to be a key file. Choose the .pem file of the key.`)
    privateKeyPem = await fs.readFile(path, 'utf8')
  } catch (error) {
    throw fromSystemError(error, `reading the key file "${path}"`)
  }
  const key = await loadPrivateKey(privateKeyPem, passphrase)
  const publicPem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
  return { key, publicPem, fingerprint: fingerprintOf(key) }
}
