import { WorkbenchError } from '../../../model/errors'
import type { Column } from '../../frames'
import { spanPattern, spanUnits } from '../../../model/time-span'

/**
 * A length of time as people write it, in the unit of a column: seconds for points in time, and its own for numbers.
 * @throws WorkbenchError INVALID_INPUT for a unit where the column has numbers, and none where it has times
 */
export function readSpan(text: string, what: 'gap' | 'history', name: string, kind: Column['kind']): number {
  const [, digits, unit = ''] = spanPattern.exec(text.trim()) ?? []
  const wrong = (why: string): never => {
    throw new WorkbenchError('INVALID_INPUT', `The ${what} "${text}" ${why}`, { details: { column: name, [what]: text } })
  }
  if (digits === undefined) return wrong('is no length of time. Write a number and a unit, such as "7 days".')
  const seconds = Object.entries(spanUnits).find(([word]) => unit === word || unit === `${word}s`)?.[1]
  const amount = Number(digits)
  if (amount === 0) return 0
  if (kind === 'timestamp')
    return seconds === undefined
      ? wrong(`has no unit, and "${name}" holds points in time. Write one, such as "${digits} days".`)
      : amount * seconds
  return seconds === undefined ? amount : wrong(`has the unit ${unit}, and "${name}" holds plain numbers. Write "${digits}" in their unit.`)
}

/** A length of time in the largest unit that it fills. */
export function spanWords(span: number, kind: Column['kind']): string {
  if (kind !== 'timestamp') return String(span)
  const [word, seconds] = Object.entries(spanUnits).find(([, length]) => span >= length && length !== spanUnits.week) ?? ['second', 1]
  const amount = Number((span / seconds).toPrecision(3))
  return `${amount} ${word}${amount === 1 ? '' : 's'}`
}
