import { createHash, randomUUID, type Hash } from 'node:crypto'
import { createReadStream, promises as fs } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fromSystemError } from '../../model/errors'
import type { Sha256 } from '../../model/reference'

/** What a SHA-256 over chunks came to. Digests are born here and nowhere else. */
export const digestFrom = (hash: Hash): Sha256 => hash.digest('hex') as Sha256

/** SHA-256 of bytes or text, lowercase hex. */
export const sha256 = (bytes: Uint8Array | string): Sha256 => digestFrom(createHash('sha256').update(bytes))

/** SHA-256 of a file, read in 1 MiB chunks; lowercase hex. */
export function sha256File(path: string): Promise<Sha256> {
  return new Promise((resolve, reject) => {
    const hash = createHash('sha256')
    createReadStream(path, { highWaterMark: 1 << 20 })
      .on('data', (chunk) => hash.update(chunk))
      .on('end', () => resolve(digestFrom(hash)))
      .on('error', reject)
  })
}

/** Flushes a file or folder to the disk. Folders cannot be opened on Windows, where the rename is durable by itself. */
export async function syncPath(path: string): Promise<void> {
  let handle: fs.FileHandle | undefined
  try {
    handle = await fs.open(path, 'r')
    await handle.sync()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'EISDIR' && code !== 'EPERM' && code !== 'EINVAL') throw error
  } finally {
    await handle?.close()
  }
}

/** Makes a folder where it is missing; its name in the folder above is on the disk afterwards, so that no power cut takes what is put into it. */
export async function makeFolder(path: string): Promise<void> {
  const made = await fs.mkdir(path, { recursive: true })
  if (made) await syncPath(dirname(made))
}

/** Moves a finished temporary file into place so that a power cut leaves the old or the new file, never a torn one. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await syncPath(from)
  await fs.rename(from, to)
  await syncPath(dirname(to))
}

/**
 * Makes a folder and those above it, one at a time: Node's own recursive form never comes back where the system makes none (`/proc`).
 * A folder that is there is left alone.
 */
export async function makeFolders(path: string): Promise<void> {
  try {
    await fs.mkdir(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const isFolder = (await fs.stat(path).catch(() => undefined))?.isDirectory()
    if (isFolder) return
    const above = dirname(path)
    if (code !== 'ENOENT' || above === path || (await fs.stat(above).catch(() => undefined))) throw error
    await makeFolders(above)
    await fs.mkdir(path)
  }
}

/**
 * Writes a whole file atomically: temporary file beside it, fsync, rename, fsync of the folder. `mode` as in chmod.
 * Throws DISK_FULL and FORBIDDEN with the next step.
 */
export async function writeFileDurably(path: string, bytes: Uint8Array | string, mode?: number): Promise<void> {
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`)
  try {
    await makeFolders(dirname(path))
    await fs.writeFile(temporary, bytes, mode === undefined ? {} : { mode })
    await renameDurably(temporary, path)
  } catch (error) {
    await fs.rm(temporary, { force: true })
    throw fromSystemError(error, `writing "${basename(path)}"`)
  }
}
