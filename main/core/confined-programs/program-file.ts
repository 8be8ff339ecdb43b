import { promises as fs } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { sha256File } from '../../storage/objects/durable-files'
import type { Sha256 } from '../../model/reference'

/** Digest of each file as it was when it was last read: programs are large and seldom change. */
const known = new Map<string, { state: string; sha256: Sha256 }>()
const LIMIT = 50_000

/** SHA-256 of a file that somebody else keeps; one that was not touched since the last look is not read again. Null when it cannot be read. */
export async function digestOfFile(path: string): Promise<Sha256 | null> {
  const about = await fs.stat(path, { bigint: true }).catch(() => undefined)
  if (!about?.isFile()) return null
  const state = `${about.dev}:${about.ino}:${about.size}:${about.mtimeNs}:${about.ctimeNs}`
  const before = known.get(path)
  if (before?.state === state) return before.sha256
  const sha256 = await sha256File(path).catch(() => null)
  if (known.size >= LIMIT) known.clear()
  // A file system may count time in steps of 10 ms: what changed just now may change again unseen.
  if (sha256 !== null && Date.now() - Number(about.ctimeNs / 1_000_000n) > 20) known.set(path, { state, sha256 })
  return sha256
}

/**
 * The program file that a command starts, found as the system would find it. Null when there is none (the step will say so) or when the
 * command names a file beside it, which is code of its own.
 */
export async function findProgram(command: string): Promise<string | null> {
  if (!isAbsolute(command) && /[\\/]/.test(command)) return null
  const folders = isAbsolute(command) ? [''] : (process.env.PATH ?? '').split(delimiter).filter(isAbsolute)
  const endings = process.platform === 'win32' ? ['', ...(process.env.PATHEXT ?? '.EXE').split(';')] : ['']
  for (const folder of folders)
    for (const ending of endings) {
      const path = join(folder, command + ending)
      const about = await fs.stat(path).catch(() => undefined)
      if (about?.isFile() && (process.platform === 'win32' || (about.mode & 0o111) !== 0)) return path
    }
  return null
}
