import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { WorkbenchError } from '../../model/errors'

/** A file or folder of `resources/` that ships with the program, from the sources or, once built, from beside it. Throws NOT_FOUND. */
export function findResource(...path: string[]): string {
  const wanted = join('resources', ...path)
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const found = join(folder, wanted)
    if (existsSync(found)) return found
    if (dirname(folder) === folder) break
  }
  throw new WorkbenchError(
    'NOT_FOUND',
    `"${wanted}" is missing, so the installation is incomplete. Install the program again, or build it with "npm run build".`
  )
}

/** The launcher of the command line that lies with this program; null where only a part of the program was installed. */
export function findLauncher(): string | null {
  try {
    const launcher = join(dirname(dirname(findResource('guide'))), 'scripts', process.platform === 'win32' ? 'drydock.cmd' : 'drydock')
    return existsSync(launcher) ? launcher : null
  } catch {
    return null
  }
}

/** Whether this is an installed program and not a checkout: only that has a release file. */
export function isPackaged(): boolean {
  try {
    return findResource('release', 'release.json') !== ''
  } catch {
    return false
  }
}
