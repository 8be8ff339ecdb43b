import { chmodSync, existsSync, mkdirSync, promises as fs, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fromSystemError, WorkbenchError } from '../../model/errors'
import { makeFolders } from '../../storage/objects/durable-files'

/** Only their owner reads and writes them. Windows has no such modes; there the folder of the user is closed to others by itself. */
export const PRIVATE_FILE = 0o600
const PRIVATE_FOLDER = 0o700

/** Makes a folder that only its owner can look into, from its first moment on. One that is there stays as it is. */
export async function makePrivateFolder(path: string): Promise<void> {
  if (existsSync(path)) return
  await makeFolders(dirname(path))
  await fs.mkdir(path, { mode: PRIVATE_FOLDER })
  // A mask of the process may have taken from its owner what the owner needs.
  if (process.platform !== 'win32') await fs.chmod(path, PRIVATE_FOLDER)
}

/**
 * Makes the folder of a person's own files, closed to everybody else whatever mask the process has. One that is there and that others may
 * write to is closed to their writing, and `say` is told: it holds whom this person trusts and which programs may start.
 */
export function makeUserFolder(path: string, say: (text: string) => void): void {
  const made = madeFolder(path)
  if (process.platform === 'win32') return
  if (made !== undefined) return chmodSync(path, PRIVATE_FOLDER)
  const { mode } = statSync(path)
  if ((mode & 0o022) === 0) return
  try {
    chmodSync(path, mode & 0o7755)
    say(`Others on this computer could write to your Drydock folder "${path}". It is closed to them now; look at what you trust.`)
  } catch (error) {
    say(
      `Others on this computer can write to your Drydock folder "${path}", and this cannot be changed: ${String(error)}. Choose another one by DRYDOCK_USER_DIR.`
    )
  }
}

/** @throws WorkbenchError FORBIDDEN, DISK_FULL or NOT_FOUND, which says how another folder is chosen */
function madeFolder(path: string): string | undefined {
  try {
    return mkdirSync(path, { recursive: true, mode: PRIVATE_FOLDER })
  } catch (error) {
    const { code, details } = fromSystemError(error, 'making your own folder')
    throw new WorkbenchError(
      code === 'INTERNAL' ? 'FORBIDDEN' : code,
      `Your own folder of Drydock "${path}" cannot be made: ${String((error as Error).message)}. Nothing was done. Make your home folder writable, free some space there, or name another folder by DRYDOCK_USER_DIR.`,
      { details, cause: error }
    )
  }
}

/** Takes from everybody else what they may do with a folder and the files in it, and says so once. What cannot be changed is said as well. */
export function closeToOthers(folder: string, say: (text: string) => void): void {
  if (process.platform === 'win32') return
  const places: (readonly [string, number])[] = existsSync(folder)
    ? [[folder, PRIVATE_FOLDER], ...filesOf(folder).map((file) => [file, PRIVATE_FILE] as const)]
    : []
  const open = places.filter(([path]) => ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0)
  if (open.length === 0) return
  try {
    for (const [path, mode] of open) chmodSync(path, mode)
    say(
      `Others on this computer could open the keys in "${folder}". They are closed to them now. Private keys are protected by their passphrases all the same; if one of those is weak, make a new key.`
    )
  } catch (error) {
    say(
      `Others on this computer can open the keys in "${folder}", and this cannot be changed: ${String(error)}. Ask the owner of the folder to close it (chmod 700).`
    )
  }
}

/** The files that lie in a folder; none where it cannot be read. */
export const filesOf = (folder: string): string[] => {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [join(folder, entry.name)] : []))
  } catch {
    return []
  }
}
