import { existsSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { WorkbenchError } from '../../model/errors'

/** Outside of the archive of a package: what is found is handed to libraries and workers, which know no archives. */
const here = __dirname.replace(`${sep}app.asar${sep}`, `${sep}app.asar.unpacked${sep}`)

/** A file or folder of `resources/` that ships with the program, from the sources or, once built, from beside it. Throws NOT_FOUND. */
export function findResource(...path: string[]): string {
  const wanted = join('resources', ...path)
  for (let folder = here; ; folder = dirname(folder)) {
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
  // A package has it elsewhere than a checkout, and who started this from there has said where.
  if (process.env.DRYDOCK_PROGRAM_DIR && process.env.DRYDOCK_COMMAND) return process.env.DRYDOCK_COMMAND
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
