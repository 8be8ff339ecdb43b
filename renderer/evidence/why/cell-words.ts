import { timeText } from '../../../main/model/point-in-time'
import type { AskedColumn, Cell } from '../../../main/model/what-if'
import { formatAuto } from '../../ui'

export const MISSING = 'missing'
/** A choice that no class is called, the one that follows from the decision: a list takes no empty text. */
export const DECIDED = '\u0000decided'

/** A value as people read it. */
export function cellText(value: Cell | undefined, kind: AskedColumn['kind'] | undefined): string {
  if (value === null || value === undefined) return MISSING
  if (typeof value === 'string') return value
  if (kind === 'timestamp') return timeText(value)
  return kind === 'boolean' ? (value === 1 ? 'true' : 'false') : formatAuto(value)
}

/** Seconds of what was typed as UTC; undefined for what is no point in time. */
export function secondsOf(text: string): number | undefined {
  const [, day, time = '00:00'] = /^\s*(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?))?\s*Z?\s*$/.exec(text) ?? []
  const at = day === undefined ? NaN : Date.parse(`${day}T${time}Z`)
  return Number.isNaN(at) ? undefined : at / 1000
}
