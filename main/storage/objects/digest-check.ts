import { promises as fs } from 'node:fs'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import { sha256File } from './durable-files'

/** What each file looked like when its bytes were last found right: a file that was not touched since is not read again. */
const seen = new Map<string, string>()
const LIMIT = 10_000

/** Inode, size and times; the change time moves with every write and cannot be set back by a program. */
async function stateOf(path: string, sha256: string): Promise<string> {
  const about = await fs.stat(path, { bigint: true })
  return `${sha256}:${about.dev}:${about.ino}:${about.size}:${about.mtimeNs}:${about.ctimeNs}`
}

/** Notes that a file was written or read with this digest just now. */
export async function rememberDigest(path: string, sha256: string): Promise<void> {
  if (seen.size >= LIMIT) seen.clear()
  seen.set(path, await stateOf(path, sha256))
}

/** True when the file is there and its bytes have this SHA-256. */
export async function isIntact(path: string, sha256: string): Promise<boolean> {
  try {
    if (seen.get(path) === (await stateOf(path, sha256))) return true
    if ((await sha256File(path)) !== sha256) return false
    await rememberDigest(path, sha256)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** Throws DIGEST_MISMATCH when the file's bytes are not those of the digest, NOT_FOUND when it is gone. `what` names it in the message. */
export async function assertDigest(path: string, sha256: string, what: string): Promise<void> {
  try {
    if (await isIntact(path, sha256)) return
    await fs.access(path)
  } catch (error) {
    throw fromSystemError(error, `checking ${what}`)
  }
  throw new WorkbenchError(
    'DIGEST_MISMATCH',
    `${what} was changed on the disk after it was written: its bytes no longer have the SHA-256 ${sha256}. Do not use it; restore it from a backup or make it again.`,
    { details: { path, sha256 } }
  )
}
