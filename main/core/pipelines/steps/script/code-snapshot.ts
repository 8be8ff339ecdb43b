import { promises as fs } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { WorkbenchError } from '../../../../model/errors'
import type { FreezeContext } from '../../define-step'
import type { Sha256 } from '../../../../model/reference'

const MAX_FILES = 5000
const MAX_BYTES = 256 * 1024 * 1024

/**
 * Copies code files of the workspace's `code/` folder into the content store, so that editing them while a run goes on changes nothing.
 * Returns path -> SHA-256, sorted. Links are refused: they lead out of the folder.
 * @throws WorkbenchError INVALID_INPUT, NOT_FOUND
 */
export async function snapshotCode(
  paths: readonly string[],
  context: Pick<FreezeContext, 'directory' | 'putObject'>
): Promise<Record<string, Sha256>> {
  const root = join(context.directory, 'code')
  const files: Record<string, Sha256> = {}
  let bytes = 0
  const visit = async (path: string): Promise<void> => {
    const about = await fs.lstat(path).catch(() => undefined)
    const name = relative(root, path).split(sep).join('/')
    if (!about)
      throw new WorkbenchError(
        'NOT_FOUND',
        `The code "${name}" is not in the folder "code" of the workspace. Put it there, or correct the path.`
      )
    if (about.isDirectory()) {
      for (const child of (await fs.readdir(path)).sort()) if (child !== '__pycache__' && child !== '.git') await visit(join(path, child))
      return
    }
    if (!about.isFile())
      throw new WorkbenchError('INVALID_INPUT', `"${name}" is a link or a device. Code must be plain files, so that it can be frozen.`)
    bytes += about.size
    if (Object.keys(files).length >= MAX_FILES || bytes > MAX_BYTES)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The code of this step has more than ${MAX_FILES} files or 256 MiB. Name the files that the step needs.`
      )
    files[name] = await context.putObject(await fs.readFile(path))
  }
  for (const path of paths) {
    const target = join(root, path)
    const inside = relative(root, target)
    if (inside.startsWith('..') || inside === '')
      throw new WorkbenchError('INVALID_INPUT', `"${path}" is not inside the folder "code" of the workspace. Name a file or folder in it.`)
    const real = await fs.realpath(target).catch(() => target)
    if (real !== target && relative(await fs.realpath(root), real) !== inside)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `"${path}" leads out of the folder "code" over a link. Code must be plain files, so that it can be frozen.`
      )
    await visit(target)
  }
  return Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)))
}
