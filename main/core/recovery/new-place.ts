import { realpathSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { WorkbenchError } from '../../model/errors'

/** Whether a path, whatever links lead to it, is a folder or lies in it; what does not exist yet lies where it would be made. */
export function liesIn(path: string, folder: string): boolean {
  const between = relative(real(folder), real(path))
  return between.split(sep)[0] !== '..' && between !== real(path)
}

/** The path with all links in it followed, as far as it exists. */
function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(real(above), basename(path))
  }
}

/** Throws CONFLICT where a folder that is to be filled is there and not empty, or is a file; `next` says what to do. */
export async function assertEmptyFolder(directory: string, next: string): Promise<void> {
  const about = statSync(directory, { throwIfNoEntry: false })
  if (!about) return
  if (!about.isDirectory()) throw new WorkbenchError('CONFLICT', `"${directory}" is a file. ${next}`)
  if ((await readdir(directory)).length > 0) throw new WorkbenchError('CONFLICT', `"${directory}" is not empty. ${next}`)
}
