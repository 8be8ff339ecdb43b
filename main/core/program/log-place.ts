import { readdirSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { readMachineSettings } from '../machine-settings'

/** Where the log of this user is kept, and how much of it. */
export interface LogPlace {
  folder: string
  /** The file that is written to; older parts lie beside it as `<file>.1` and so on. */
  file: string
  /** Bytes of all parts together. */
  budget: number
}

/**
 * The place of the log. A folder of the machine settings is shared, so the file there is named for the user; letters that no file name
 * should have are left out of it.
 */
export function logPlace(userDirectory: string): LogPlace {
  const { logs } = readMachineSettings()
  const budget = logs.keepMiB * 2 ** 20
  if (logs.folder === null) {
    const folder = join(userDirectory, 'logs')
    return { folder, file: join(folder, 'host.log'), budget }
  }
  const { username, uid } = userInfo()
  const name = username.replace(/[^\p{L}\p{N}._-]/gu, '_').slice(0, 64) || String(uid)
  return { folder: logs.folder, file: join(logs.folder, `drydock-${name}.log`), budget }
}

/** The parts of a log that are there, newest first. */
export function logParts({ folder, file }: Pick<LogPlace, 'folder' | 'file'>): { path: string; name: string; bytes: number }[] {
  const base = file.slice(folder.length + 1)
  const part = (name: string): number =>
    name === base ? 0 : name.startsWith(`${base}.`) ? Number(name.slice(base.length + 1)) : Number.NaN
  try {
    return readdirSync(folder)
      .filter((name) => Number.isInteger(part(name)))
      .sort((one, other) => part(one) - part(other))
      .map((name) => ({ path: join(folder, name), name, bytes: statSync(join(folder, name)).size }))
  } catch {
    return []
  }
}
