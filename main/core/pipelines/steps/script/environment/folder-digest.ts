import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../../../../../storage/objects/durable-files'
import type { Sha256 } from '../../../../../model/reference'
import { digestOfFile } from '../../../../confined-programs'

const MAX_FILES = 2000
const MAX_BYTES = 64 * 1024 * 1024

/** Names in a folder, sorted; none when it cannot be read. */
export const namesIn = async (folder: string): Promise<string[]> => (await fs.readdir(folder).catch(() => [])).sort()
/** The text of a file, or undefined. */
export const textOf = (path: string): Promise<string | undefined> => fs.readFile(path, 'utf8').catch(() => undefined)
export const isFolder = async (path: string): Promise<boolean> => (await fs.stat(path).catch(() => undefined))?.isDirectory() ?? false

/** One digest over the files of a folder, by path and content; null for more than 2,000 files or 64 MiB, which are not read. */
export async function digestOfFolder(folder: string): Promise<Sha256 | null> {
  const files: string[] = []
  let bytes = 0
  const visit = async (path: string): Promise<boolean> => {
    for (const name of await namesIn(join(folder, path))) {
      if (name === '__pycache__') continue
      const child = join(path, name)
      const about = await fs.lstat(join(folder, child)).catch(() => undefined)
      if (about?.isDirectory()) {
        if (!(await visit(child))) return false
      } else if (about) {
        bytes += about.size
        if (files.push(child) > MAX_FILES || bytes > MAX_BYTES) return false
      }
    }
    return true
  }
  if (!(await visit(''))) return null
  const digests: (string | null)[] = []
  for (const file of files) digests.push(file, await digestOfFile(join(folder, file)))
  return sha256(JSON.stringify(digests))
}
