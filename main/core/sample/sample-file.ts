import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { WorkbenchError } from '../../model/errors'

const FILE = join('node_modules', 'vega-datasets', 'data', 'birdstrikes.csv')

/** The file of real FAA reports that ships with the npm package vega-datasets (BSD-3). Throws NOT_FOUND. */
export function findSampleFile(): string {
  for (const start of [__dirname, process.cwd()])
    for (let folder = start; ; folder = dirname(folder)) {
      const path = join(folder, FILE)
      if (existsSync(path)) return path
      if (dirname(folder) === folder) break
    }
  throw new WorkbenchError(
    'NOT_FOUND',
    'The sample data birdstrikes.csv is missing. It comes with the package vega-datasets: run "npm ci" again.'
  )
}
