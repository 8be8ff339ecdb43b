import type { CrossValidation } from '../../../main/model/cross-validation'

/** The largest time that a date can have, in seconds since 1970. */
const lastSecond = 8.64e12

/** Writes a time of a window: the day of a point in time, else the number as it is. */
export function timeWriter({ design, folds }: Pick<CrossValidation, 'design' | 'folds'>): (value: number | undefined) => string {
  // Older documents do not say what the column holds: there only large numbers can be seconds since 1970.
  const isCalendar = design.kind
    ? design.kind === 'timestamp'
    : folds.every(({ window }) => window !== undefined && Math.abs(window.testFrom) > 1e8)
  return (value) => {
    if (value === undefined) return ''
    return isCalendar && Math.abs(value) <= lastSecond ? new Date(value * 1000).toISOString().slice(0, 10) : String(value)
  }
}
