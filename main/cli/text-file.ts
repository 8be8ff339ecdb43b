import { readFileSync } from 'node:fs'
import { fromSystemError } from '../model/errors'

/** The text of a file that a person named. Throws NOT_FOUND, FORBIDDEN and the like, with the file's name. */
export function readTextFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw fromSystemError(error, `reading "${path}"`)
  }
}
