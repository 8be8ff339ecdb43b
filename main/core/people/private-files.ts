import { chmodSync, existsSync, promises as fs, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeFolders } from '../../storage/objects/durable-files'

/** Only their owner reads and writes them. Windows has no such modes; there the folder of the user is closed to others by itself. */
export const PRIVATE_FILE = 0o600
const PRIVATE_FOLDER = 0o700

/** Makes a folder that only its owner can look into, from its first moment on. One that is there stays as it is. */
export async function makePrivateFolder(path: string): Promise<void> {
  if (existsSync(path)) return
  await makeFolders(dirname(path))
  await fs.mkdir(path, { mode: PRIVATE_FOLDER })
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

const filesOf = (folder: string): string[] => {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [join(folder, entry.name)] : []))
  } catch {
    return []
  }
}
