import { fromSystemError } from '../../model/errors'
import type { JobFailure } from '../../model/job'

/** An error as it is kept and shown: code and message, never the stack. */
export function failureOf(error: unknown, doing: string): JobFailure {
  const known = fromSystemError(error, doing)
  return { code: known.code, message: known.message, ...(known.details && { details: known.details }) }
}
