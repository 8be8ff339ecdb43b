import { promises as fs } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { sha256File } from '../../../../storage/objects/durable-files'
import type { Sha256 } from '../../../../model/reference'

/** Digest of each program file as it was when it was last read: programs are large and seldom change. */
const known = new Map<string, { state: string; sha256: Sha256 }>()

/**
 * SHA-256 of the program file that a command starts, found as the system would find it, so that another interpreter counts as a change.
 * Null when there is none (the step will say so) or when the command names a file beside it, which is code of its own.
 */
export async function programDigest(command: string): Promise<Sha256 | null> {
  if (!isAbsolute(command) && /[\\/]/.test(command)) return null
  const folders = isAbsolute(command) ? [''] : (process.env.PATH ?? '').split(delimiter).filter(isAbsolute)
  const endings = process.platform === 'win32' ? ['', ...(process.env.PATHEXT ?? '.EXE').split(';')] : ['']
  for (const folder of folders)
    for (const ending of endings) {
      const path = join(folder, command + ending)
      const about = await fs.stat(path, { bigint: true }).catch(() => undefined)
      if (!about?.isFile() || (process.platform !== 'win32' && (about.mode & 0o111n) === 0n)) continue
      const state = `${about.dev}:${about.ino}:${about.size}:${about.mtimeNs}:${about.ctimeNs}`
      const before = known.get(path)
      if (before?.state === state) return before.sha256
      const sha256 = await sha256File(path).catch(() => null)
      if (sha256 !== null) known.set(path, { state, sha256 })
      return sha256
    }
  return null
}
