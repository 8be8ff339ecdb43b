import { arrowColumns } from './inspect'

/**
 * What SQL and models see of an Arrow file otherwise than it stands there, a sentence for each such column: lengths of time are whole
 * numbers of their unit, times with a zone are UTC to the microsecond. Errors: INVALID_INPUT, NOT_FOUND
 */
export function arrowReadingNotes(path: string): string[] {
  return arrowColumns(path).flatMap(({ name, type, unit, isZoned }) => {
    if (unit) return [`"${name}" is a length of time (${type}); steps read it as a whole number of ${unit}.`]
    if (!isZoned) return []
    const cut = type.includes('[ns') ? ', to the microsecond: what is finer is cut off' : ''
    return [`"${name}" has a time zone (${type}); steps read it in UTC${cut}.`]
  })
}
