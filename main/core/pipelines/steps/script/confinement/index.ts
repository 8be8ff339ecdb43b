import { homedir } from 'node:os'
import { isAbsolute, join, sep } from 'node:path'
import { listeningSockets } from './hidden-sockets'
import { setup } from './setup'

export interface ConfinedPlace {
  workspace: string
  /** The attempt's folder: the only one that stays writable. */
  own: string
  /** Where the program works, inside of `own`. */
  work: string
  /** Absolute paths that the command names: seen, read-only, also where their folder is hidden. */
  named: readonly string[]
}

/** Said of a program for which everything below was set up and looked at before it began. */
export const HELD = 'workspace and all other files read-only, no network, no other processes'

/** Folders in which everybody keeps things for a moment, and sockets. */
const shared = ['/tmp', '/var/tmp', '/run']
/** Systems that keep their programs there. */
const systemInRun = ['/run/current-system', '/run/wrappers', '/run/opengl-driver']
/** The person's own folder of the workbench: keys, and what was allowed. */
const userDirectory = (): string =>
  process.env.DRYDOCK_USER_DIR ?? join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'drydock')

/**
 * The command that starts a program confined, with the tools that a Linux system has (util-linux) and no native code: namespaces of its
 * own for users, files, processes and network, in which all is read-only but the attempt's folder. Null where there is no such way.
 * It says "held" on its descriptor 3 when all of it stands, right before the program begins.
 */
export async function confinedCommand({ workspace, own, work, named }: ConfinedPlace, root: string, command: readonly string[]) {
  if (process.platform !== 'linux') return null
  const seen = named.flatMap((path) => (isAbsolute(path) ? [seenOf(path)] : []))
  const list = (items: readonly string[]): string[] => [String(items.length), ...items]
  const who = [String(process.getuid!()), String(process.getgid!())]
  return [
    ...['unshare', '-U', '-r', '-m', '-n', '-p', '-i', '-u', '-f', '--kill-child', 'sh', '-c', setup, 'sh'],
    ...[root, workspace, own, work, userDirectory(), ...who],
    ...list([...systemInRun, ...new Set(seen.filter((path) => path !== ''))]),
    ...list(await listeningSockets()),
    ...command
  ]
}

/** What of a hidden folder a named path needs: a program lies among its libraries, so the first folder on the way; nothing elsewhere. */
function seenOf(path: string): string {
  const folder = shared.find((each) => path.startsWith(each + sep))
  return folder === undefined ? '' : join(folder, path.slice(folder.length + 1).split(sep)[0])
}

/** Why a program could not be confined, out of the last words of the tool that should have done it. */
export function whyNot(words: string): string {
  if (process.platform !== 'linux') return 'this operating system offers no way without software of its own'
  if (/unshare.*(Operation not permitted|No space left|Permission denied)|write failed.*(uid_map|gid_map)/i.test(words))
    return 'user namespaces are switched off on this computer'
  const missing = /(?:spawn |exec: |execute )?(unshare|setpriv|mount|pivot_root)\b.*(?:ENOENT|not found|No such file)/i.exec(words)?.[1]
  if (missing) return `the program "${missing}" is not on this computer`
  return words.trim() === '' ? 'it could not be set up' : `it could not be set up (${words.trim().split('\n').at(-1)!.slice(0, 200)})`
}
