import { utc } from '../../../main/model/point-in-time'
import type { AskedColumn, Cell } from '../../../main/model/what-if'
import { formatAuto } from '../../ui'

export const MISSING = 'missing'
/** A choice that no class is called: a list takes no empty text. */
export const LIKELIEST = '\u0000likeliest'

/** A value as people read it. */
export function cellText(value: Cell | undefined, kind: AskedColumn['kind'] | undefined): string {
  if (value === null || value === undefined) return MISSING
  if (typeof value === 'string') return value
  if (kind === 'timestamp') return timeText(value)
  return kind === 'boolean' ? (value === 1 ? 'true' : 'false') : formatAuto(value)
}

/** A point in time without what is zero: a day, or a day and its time. */
export function timeText(seconds: number): string {
  const text = utc(seconds)
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.replace('T', ' ').replace(/(\.000)?Z$/, '')
}

/** Seconds of what was typed as UTC; undefined for what is no point in time. */
export function secondsOf(text: string): number | undefined {
  const [, day, time = '00:00'] = /^\s*(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?))?\s*Z?\s*$/.exec(text) ?? []
  const at = day === undefined ? NaN : Date.parse(`${day}T${time}Z`)
  return Number.isNaN(at) ? undefined : at / 1000
}
