import { lstatSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { isPackaged } from '../resources'

/**
 * Where the settings of this computer are. Only from sources does DRYDOCK_MACHINE_SETTINGS name another file: in an installed program a
 * variable of the user would take the locks away.
 */
export function machineSettingsFile(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env.DRYDOCK_MACHINE_SETTINGS && !isPackaged()) return env.DRYDOCK_MACHINE_SETTINGS
  if (platform === 'win32') return join(env.ProgramData ?? 'C:\\ProgramData', 'Drydock', 'drydock.yaml')
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
