import { promises as fs } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import type { Sha256 } from '../../../../../model/reference'
import { digestOfFolder } from './folder-digest'
import { digestOfFile } from './program-file'

/** Files and folders that a command names by itself, each with its digest; null for a folder that is too large to be read. */
export type ArgumentFiles = Record<string, Sha256 | null>

/**
 * What the arguments of a command name outside of the step's own folder: `/data/rows.csv`, `--config=/etc/tool.toml`, `../../code/x.py`.
 * They are not frozen as code is, so that their content counts for the cache. `directory` is the workspace.
 */
export async function argumentFiles(command: readonly string[], directory: string): Promise<ArgumentFiles> {
  // Where an attempt works: what it names relative to that is found from a folder of the same depth.
  const work = join(directory, 'tmp', 'attempt', 'work')
  const found: ArgumentFiles = {}
  for (const argument of command.slice(1))
    for (const text of new Set([argument, argument.slice(argument.indexOf('=') + 1)])) {
      if (text === '' || text.length > 4096 || text.includes('\0') || text.includes('\n')) continue
      const path = isAbsolute(text) ? text : join(work, text)
      if (!relative(work, path).startsWith('..') && !isAbsolute(relative(work, path))) continue
      const about = await fs.stat(path).catch(() => undefined)
      if (about?.isFile()) found[path] = await digestOfFile(path)
      else if (about?.isDirectory()) found[path] = await digestOfFolder(path)
    }
  return found
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
