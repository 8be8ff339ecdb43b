import { promises as fs } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, relative } from 'node:path'
import type { Sha256 } from '../../../../../model/reference'
import { digestOfFolder } from './folder-digest'
import { digestOfFile } from '../../../../confined-programs'

/** Files and folders that a command names by itself, each with its digest; null for a folder that is too large to be read. */
export type ArgumentFiles = Record<string, Sha256 | null>

/** With more pieces in one argument than this, pieces that belong together are not looked for. */
const MAX_PIECES = 16

/**
 * What the arguments of a command name outside of the step's own folder: `/data/rows.csv`, `--config=/etc/tool.toml`, `../../code/x.py`,
 * `@/data/rows.csv`, `file:///data/rows.csv`, `/data/a:/data/b`, `-I/usr/include`. They are not frozen as code is, so that their content
 * counts for the cache. `directory` is the workspace.
 */
export async function argumentFiles(command: readonly string[], directory: string): Promise<ArgumentFiles> {
  // Where an attempt works: what it names relative to that is found from a folder of the same depth.
  const work = join(directory, 'tmp', 'attempt', 'work')
  const found: ArgumentFiles = {}
  for (const argument of command.slice(1)) {
    if (argument.length > 4096 || argument.includes('\0') || argument.includes('\n')) continue
    for (const text of pathsIn(argument)) {
      const path = isAbsolute(text) ? join(text) : join(work, text)
      if (path in found || (!relative(work, path).startsWith('..') && !isAbsolute(relative(work, path)))) continue
      const about = await fs.stat(path).catch(() => undefined)
      if (about?.isFile()) found[path] = await digestOfFile(path)
      else if (about?.isDirectory()) found[path] = await digestOfFolder(path)
    }
  }
  return found
}

/** All that may be a path in an argument: the whole, what stands between the usual separators, behind an option, in a URL or below the home. */
function pathsIn(argument: string): Set<string> {
  const ends = [...argument.matchAll(/[=,;:@]/g)].map(({ index }) => index!)
  const starts = [0, ...ends.map((end) => end + 1)]
  const texts = new Set([argument, argument.slice(argument.indexOf('=') + 1)])
  for (const [first, start] of starts.entries())
    for (const end of [...ends, argument.length].slice(first, starts.length > MAX_PIECES ? first + 1 : undefined))
      texts.add(argument.slice(start, end))
  for (const text of texts) {
    const glued = /^[-+]+\w+?((?:~|\$HOME|\$\{HOME\}|\.\.?)?[\\/].*)$/.exec(text)
    if (glued) texts.add(glued[1])
    const belowHome = /^(?:~[^\\/]*|\$HOME|\$\{HOME\})([\\/].+)$/.exec(text)
    if (belowHome) texts.add(join(homedir(), belowHome[1]))
    if (/^[\\/].*%[0-9a-f]{2}/i.test(text)) texts.add(decoded(text))
  }
  // A slash between separators says nothing of the root of the computer.
  return new Set([...texts].filter((text) => text === argument || /[^\\/.~]/.test(text)))
}

/** A path of a URL; the text itself where it is none. */
function decoded(text: string): string {
  try {
    const path = decodeURIComponent(text)
    return path.includes('\0') ? text : path
  } catch {
    return text
  }
}

/** Whether they still are what they were. */
export async function areUnchanged(files: ArgumentFiles): Promise<boolean> {
  for (const [path, before] of Object.entries(files)) {
    const about = await fs.stat(path).catch(() => undefined)
    const now = about?.isFile() ? await digestOfFile(path) : about?.isDirectory() ? await digestOfFolder(path) : null
    if (now !== before) return false
  }
  return true
}
