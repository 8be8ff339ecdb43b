import { existsSync, readFileSync } from 'node:fs'
import { assertAllowed } from '../core/machine-settings'
import { fromSystemError, WorkbenchError } from '../model/errors'

/** The text of a file that a person named. Throws FORBIDDEN where the machine settings do not allow its folder, NOT_FOUND, FORBIDDEN and the like, with the file's name. */
export function readTextFile(path: string): string {
  assertAllowed(path)
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw fromSystemError(error, `reading "${path}"`)
  }
}

/** Throws CONFLICT for a file that is there. */
export function refuseToOverwrite(path: string): void {
  if (existsSync(path)) throw new WorkbenchError('CONFLICT', `"${path}" exists already. Nothing was written; choose another name.`)
}
