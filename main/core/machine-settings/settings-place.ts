import { existsSync, lstatSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, win32 } from 'node:path'
import { isPackaged } from '../resources'

/**
 * Where the settings of this computer are. Only from sources does DRYDOCK_MACHINE_SETTINGS name another file: in an installed program a
 * variable of the user would take the locks away.
 */
export function machineSettingsFile(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  isThere: (file: string) => boolean = existsSync
): string {
  if (env.DRYDOCK_MACHINE_SETTINGS && !isPackaged()) return env.DRYDOCK_MACHINE_SETTINGS
  if (platform === 'win32') {
    // A user can set this variable to anything, so what is in the usual place counts first.
    const [usual, other] = ['C:\\ProgramData', env.ProgramData].map((folder) => folder && win32.join(folder, 'Drydock', 'drydock.yaml'))
    return !other || isThere(usual!) ? usual! : other
  }
  if (platform === 'darwin') return '/Library/Application Support/Drydock/drydock.yaml'
  return '/etc/drydock/drydock.yaml'
}

/** Whether there are settings to be read; true also where that cannot be told, so that reading them says why. */
export function hasMachineSettings(): boolean {
  try {
    return lstatSync(machineSettingsFile(), { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOTDIR'
  }
}

/** A path of the settings with `~` as the home folder that the system knows: $HOME is the user's to change. */
export function withHome(path: string): string {
  return path === '~' || /^~[/\\]/.test(path) ? join(userInfo().homedir, path.slice(1)) : path
}
