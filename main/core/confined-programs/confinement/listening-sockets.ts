import { promises as fs } from 'node:fs'

/**
 * Paths of the sockets that programs of this computer listen on. To connect to one is no writing, so read-only folders do not keep a
 * program from them, and behind some (a container service, the session of the desktop, an open workspace) stands everything else.
 */
export async function listeningSockets(): Promise<string[]> {
  const table = await fs.readFile('/proc/net/unix', 'utf8').catch(() => '')
  const paths = table.split('\n').flatMap((line) => /^\S+: \S+ \S+ \S+ \S+ \S+ +\d+ (\/.*)$/.exec(line)?.[1] ?? [])
  return [...new Set(paths)]
}
