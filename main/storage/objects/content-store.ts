import { promises as fs, existsSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import { isIntact } from './digest-check'
import { makeFolder, renameDurably, sha256, sha256File } from './durable-files'
import { isSha256, type Sha256 } from '../../model/reference'

export interface StoredObject {
  sha256: Sha256
  size: number
}

/** Files named by the SHA-256 of their bytes under `objects/ab/cdef...`; writing the same bytes twice is one file. */
export interface ContentStore {
  putBytes(bytes: Uint8Array | string): Promise<StoredObject>
  /** Takes a file in: moved when `move` is set (a finished attempt), else copied. */
  putFile(path: string, options?: { move?: boolean }): Promise<StoredObject>
  pathOf(sha256: Sha256): string
  has(sha256: Sha256): boolean
  /** The bytes, checked against their name. Throws NOT_FOUND or DIGEST_MISMATCH. */
  read(sha256: Sha256): Promise<Buffer>
}

/** Opens the content store in a folder, which is made when missing. */
export function createContentStore(root: string): ContentStore {
  const pathOf = (digest: Sha256): string => {
    if (!isSha256(digest))
      throw new WorkbenchError('INVALID_INPUT', `"${digest}" is not a SHA-256. A content address has 64 lowercase hex digits.`)
    return join(root, digest.slice(0, 2), digest.slice(2))
  }
  const place = async (temporary: string, digest: Sha256): Promise<void> => {
    const target = pathOf(digest)
    // A copy that was damaged on the disk makes way for the good one.
    if (await isIntact(target, digest)) return fs.rm(temporary, { force: true })
    await makeFolder(dirname(target))
    await renameDurably(temporary, target)
  }
  const temporaryFile = async (): Promise<string> => {
    await fs.mkdir(root, { recursive: true })
    return join(root, `.${randomUUID()}.tmp`)
  }
  return {
    pathOf,
    has: (digest) => existsSync(pathOf(digest)),
    async putBytes(bytes) {
      const temporary = await temporaryFile()
      try {
        await fs.writeFile(temporary, bytes)
        const digest = sha256(bytes)
        await place(temporary, digest)
        return { sha256: digest, size: Buffer.byteLength(bytes) }
      } catch (error) {
        await fs.rm(temporary, { force: true })
        throw fromSystemError(error, 'storing an object in the workspace')
      }
    },
    async putFile(path, { move = false } = {}) {
      const temporary = await temporaryFile()
      try {
        if (move) await fs.rename(path, temporary)
        else await fs.copyFile(path, temporary)
        const digest = await sha256File(temporary)
        const { size } = await fs.stat(temporary)
        await place(temporary, digest)
        return { sha256: digest, size }
      } catch (error) {
        await fs.rm(temporary, { force: true })
        throw fromSystemError(error, `storing "${path}" in the workspace`)
      }
    },
    async read(digest) {
      const path = pathOf(digest)
      if (!existsSync(path))
        throw new WorkbenchError(
          'NOT_FOUND',
          `The object ${digest} is not in this workspace. It was deleted or never copied. Restore the folder from a backup.`
        )
      const bytes = await fs.readFile(path)
      if (sha256(bytes) !== digest)
        throw new WorkbenchError(
          'DIGEST_MISMATCH',
          `The object ${digest} was changed after it was stored. Do not use it; restore it from a backup.`,
          { details: { sha256: digest } }
        )
      return bytes
    }
  }
}
