import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { WorkbenchError } from '../../model/errors'

const FILE = join('resources', 'sample', 'birdstrikes.csv')

/** The file of real FAA reports, from the sources or, in the built program, from beside it. Throws NOT_FOUND. */
export function findSampleFile(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const path = join(folder, FILE)
    if (existsSync(path)) return path
    if (dirname(folder) === folder) break
  }
  throw new WorkbenchError(
    'NOT_FOUND',
    'The sample data birdstrikes.csv is missing, so the installation is incomplete. Install the program again, or build it with "npm run build".'
  )
}
