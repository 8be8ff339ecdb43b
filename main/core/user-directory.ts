import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where the user's own files live when nothing else is said: XDG, Application Support or AppData. */
export function defaultUserDirectory(env: NodeJS.ProcessEnv = process.env): string {
  if (env.DRYDOCK_USER_DIR) return env.DRYDOCK_USER_DIR
  if (process.platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Drydock')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Drydock')
  return join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'drydock')
}
