import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { WorkbenchError } from '../../model/errors'
import { digestFrom } from '../../storage/objects/durable-files'
import type { Sha256 } from '../../model/reference'

const chunkBytes = 1024 * 1024

/** Reads `length` bytes from `start` in chunks of 1 MiB; each chunk is only valid until the next one is asked for. */
export async function* readRange(handle: FileHandle, start: number, length: number): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(1, length)))
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, length - done), start + done)
    if (bytesRead === 0)
      throw new WorkbenchError(
        'STORAGE_CORRUPT',
        'A file of the bundle became shorter while it was read. Copy the bundle to a local disk and try again.'
      )
    done += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** Opens a regular file without following a symbolic link in its last part. */
export async function openRegularFile(path: string): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  const stats = await handle.stat()
  if (stats.isFile()) return handle
  await handle.close()
  throw new WorkbenchError(
    'INVALID_INPUT',
    `${path} is not a regular file. Only files and folders can be in a bundle. Remove it and try again.`
  )
}

/** SHA-256 (hex) of a stream of chunks. */
export async function hashChunks(chunks: AsyncIterable<Buffer>, onChunk?: (chunk: Buffer) => void): Promise<Sha256> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) {
    hash.update(chunk)
    onChunk?.(chunk)
  }
  return digestFrom(hash)
}
