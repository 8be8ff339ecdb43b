import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, sep } from 'node:path'
import { findProgram } from '../program-file'
import { listeningSockets } from './listening-sockets'
import { setup } from './setup'

export interface ConfinedPlace {
  workspace: string
  /** The attempt's folder: the only one that stays writable. */
  own: string
  /** Where the program works, inside of `own`. */
  work: string
  /** Absolute paths that the command names: seen, read-only, also where their folder is hidden. */
  named: readonly string[]
  /** An empty folder inside of `own`, for the new root of the file system. */
  root: string
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
 * The commands that start a program confined, the best first, with tools that Linux systems have and no native code: bubblewrap, which some
 * systems allow more than others, or util-linux. Namespaces of its own for users, files, processes and network, in which all is read-only
 * but the attempt's folder. Each says "held" on its descriptor 3 when all of it stands, right before the program begins.
 */
export async function confinedCommands(place: ConfinedPlace, command: readonly string[]): Promise<string[][]> {
  if (process.platform !== 'linux') return []
  const named = place.named.filter(isAbsolute).flatMap(seenOf)
  const seen = [...systemInRun, ...new Set(named)].filter((path) => existsSync(path))
  const isUnder = (folders: readonly string[], path: string): boolean =>
    folders.some((folder) => path === folder || path.startsWith(folder + sep))
  const isHidden = (path: string): boolean => isUnder(shared, path) && !isUnder([...seen, place.workspace], path)
  const sockets = (await listeningSockets()).filter((path) => !isHidden(path) && existsSync(path))
  const ways = [withUnshare(place, seen, sockets, command)]
  return (await findProgram('bwrap')) === null ? ways : [withBubblewrap(place, seen, sockets, command), ...ways]
}

function withUnshare(
  { workspace, own, work, root }: ConfinedPlace,
  seen: string[],
  sockets: string[],
  command: readonly string[]
): string[] {
  const who = [String(process.getuid!()), String(process.getgid!())]
  const list = (items: readonly string[]): string[] => [String(items.length), ...items]
  return [
    ...['unshare', '-U', '-r', '-m', '-n', '-p', '-i', '-u', '-f', '--kill-child', 'sh', '-c', setup, 'sh'],
    ...[root, workspace, own, work, userDirectory(), ...who, ...list(seen), ...list(sockets), ...command]
  ]
}

/** Looks once more from within, before the program begins. */
const begin =
  '[ ! -w "$1" ] && [ ! -w / ] || { echo "the workspace can still be written to" >&2; exit 96; }; shift; echo held >&3; "$@" 3>&-; exit $?'

function withBubblewrap({ workspace, own, work }: ConfinedPlace, seen: string[], sockets: string[], command: readonly string[]): string[] {
  const devices = ['dri', 'kfd', ...readdirSync('/dev').filter((name) => name.startsWith('nvidia'))].map((name) => `/dev/${name}`)
  const hidden = shared.filter((folder) => existsSync(folder))
  const privateFolder = userDirectory()
  return [
    ...['bwrap', '--unshare-all', '--die-with-parent', '--cap-drop', 'ALL', '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev'],
    ...devices.flatMap((path) => ['--dev-bind-try', path, path]),
    ...hidden.flatMap((folder) => ['--tmpfs', folder]),
    ...seen.flatMap((path) => ['--ro-bind', path, path]),
    ...(existsSync(privateFolder) ? ['--tmpfs', privateFolder] : []),
    ...['--ro-bind', workspace, workspace],
    ...sockets.flatMap((path) => ['--ro-bind', '/dev/null', path]),
    ...['--bind', own, own, '--chdir', work, 'sh', '-c', begin, 'sh', workspace, ...command]
  ]
}

/** What of a hidden folder a named path needs: a program lies among its libraries, so the first folder on the way; nothing elsewhere. */
function seenOf(path: string): string[] {
  const folder = shared.find((each) => path.startsWith(each + sep))
  return folder === undefined ? [] : [join(folder, path.slice(folder.length + 1).split(sep)[0])]
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
