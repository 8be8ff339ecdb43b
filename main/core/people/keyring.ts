import { createPublicKey, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync, promises as fs } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import { writeFileDurably } from '../../storage/objects/durable-files'
import { closeToOthers, filesOf, makePrivateFolder, PRIVATE_FILE } from './private-files'
import { fingerprintOf, generateSigningKey, loadPrivateKey, loadPublicKey } from '../bundle-format'
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

/** The keys in the folder of a keyring, oldest first; none where there is no folder that can be read. Writes nothing. */
export function keysIn(directory: string): KeyCard[] {
  return filesOf(directory)
    .filter((path) => path.endsWith('.json'))
    .flatMap((path) => {
      const keyPath = path.replace(/\.json$/, '.pem')
      try {
        const card = KeyCard.parse(JSON.parse(readFileSync(path, 'utf8')))
        return existsSync(keyPath) ? [{ ...card, keyPath }] : []
      } catch {
        return []
      }
    })
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
}

/**
 * Opens the keyring of a folder; a card that cannot be read is left out, its key file stays. A folder or file that others of this
 * computer could read is closed to them, and `say` is told.
 */
export function createKeyring(directory: string, clock: () => Date, say: (text: string) => void = () => undefined): Keyring {
  closeToOthers(directory, say)
  return {
    list: () => keysIn(directory),
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

/** Stands in every private key as PEM, whatever its kind and protection. */
const privateHalf = 'PRIVATE KEY-----'

async function readKeyText(path: string): Promise<string> {
  try {
    if ((await fs.stat(path)).size > 100_000)
      throw new WorkbenchError('INVALID_INPUT', `"${path}" is too large to be a key file. Choose the .pem file of the key.`)
    return await fs.readFile(path, 'utf8')
  } catch (error) {
    throw fromSystemError(error, `reading the key file "${path}"`)
  }
}

/** Reads the public key (PEM) of somebody who signs elsewhere. Throws NOT_FOUND, or INVALID_INPUT also where a private key lies in the file. */
export async function readPublicKeyFile(path: string): Promise<{ publicPem: string; fingerprint: Sha256 }> {
  const pem = await readKeyText(path)
  if (pem.includes(privateHalf))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${path}" holds a private key. No key was added. A private key stays with its holder: ask for the public key, a file such as signer.pub.pem. Your own private key is taken in by "drydock person key" with --file.`
    )
  const key = loadPublicKey(pem)
  return { publicPem: key.export({ type: 'spki', format: 'pem' }).toString(), fingerprint: fingerprintOf(key) }
}

/** Reads a key file and proves the passphrase by opening it. Throws NOT_FOUND, FORBIDDEN or INVALID_INPUT. */
export async function openKeyFile(path: string, passphrase: string): Promise<{ key: KeyObject; publicPem: string; fingerprint: Sha256 }> {
  const pem = await readKeyText(path)
  if (pem.includes('-----BEGIN PUBLIC KEY-----') && !pem.includes(privateHalf))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${path}" holds a public key, which signs nothing. No key was added. Choose the private key; on the command line the public key of somebody who signs elsewhere is taken in by "drydock person key" with --public.`
    )
  const key = await loadPrivateKey(pem, passphrase)
  const publicPem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
  return { key, publicPem, fingerprint: fingerprintOf(key) }
}
