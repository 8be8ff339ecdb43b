import { statSync } from 'node:fs'
import { resolve } from 'node:path'

/** What the window was given to open, by a double click or in its command line: a folder is a workspace, anything else a file. */
export interface AskedPath {
  kind: 'folder' | 'file'
  /** Absolute. */
  path: string
}

/**
 * The first path in a command line of the window; undefined where there is none.
 * @param argv without the program itself
 * @param directory what relative paths are relative to
 * @param appPath in a checkout the app's folder, which stands before what was asked for; undefined in a package
 */
export function askedPath(argv: readonly string[], directory: string, appPath: string | undefined): AskedPath | undefined {
  const start = appPath === undefined ? 0 : argv.findIndex((each) => resolve(directory, each) === appPath) + 1
  if (appPath !== undefined && start === 0) return undefined
  const given = argv.slice(start).find((each) => each !== '' && !each.startsWith('-'))
  if (given === undefined) return undefined
  const path = resolve(directory, given)
  return { kind: statSync(path, { throwIfNoEntry: false })?.isDirectory() ? 'folder' : 'file', path }
}
