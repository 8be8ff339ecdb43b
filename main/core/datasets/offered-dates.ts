import type { ColumnChoice, ImportRule, Notice } from '../../model/dataset'
import { TOLERANCE } from './column-sample'
import { readings, twoDigitYears, uncommonMoments, type Reading, type Writing } from './text-values'
import { tryOut, type Proposal, type TriedColumn } from './try-reading'
import type { TypedColumn } from './typed-column'

type Choice = Omit<ColumnChoice, 'source'>
const LOOKED_AT = 1_000
const dates = readings.filter((r) => r.type === 'date')
const moments = [...dates, ...uncommonMoments]
const patterns = new Map(moments.map((r) => [r, new RegExp(`^(?:${r.pattern})$`)]))
const notation = (r: Pick<Writing, 'format'>): string => r.format ?? '%Y-%m-%d'

/** Notations for the dates of a column: of its misfits, or of all cells where it is text or looks like whole numbers. */
export async function offeredDates(
  tried: TriedColumn,
  texts: readonly string[],
  sample: readonly string[]
): Promise<{ offers: ImportRule[]; notices: Notice[] }> {
  const { column } = tried
  const isDate = column.reading.type === 'date' || column.reading.type === 'timestamp'
  const choices = isDate ? secondNotation(column.reading, texts) : notations(sample)
  const offers: ImportRule[] = []
  for (const choice of choices) {
    const offer = await tryOut(tried, proposalOf(choice))
    if (offer) offers.push(offer)
  }
  const isMixed = isDate && offers.length > 0 && isSwapped(choices[0])
  return { offers, notices: isMixed ? [mixedOrder(column, offers[0])] : [] }
}

function proposalOf(choice: Choice): Proposal {
  const { type, dateFormat, otherDateFormats } = choice
  const taken = { type: type!, format: dateFormat === '%Y-%m-%d' ? undefined : dateFormat, otherFormats: otherDateFormats }
  return { choice, taken, rule: 'date-format', ...(/%y/.test(dateFormat ?? '') && { caution: twoDigitYears }) }
}

/** The readings that fit the most texts, and those of the texts that they do not fit. */
function best(texts: readonly string[], among: readonly Reading[]): { readings: Reading[]; rest: string[] } | undefined {
  const counted = among.map((reading) => ({ reading, rest: texts.filter((text) => !patterns.get(reading)!.test(text.trim())) }))
  const [first, ...others] = counted.sort((a, b) => a.rest.length - b.rest.length)
  if (!first || first.rest.length === texts.length) return undefined
  const equal = others.filter(({ rest }) => rest.length === first.rest.length)
  return { readings: [first, ...equal].map(({ reading }) => reading), rest: first.rest }
}

/**
 * A notation for most of the dates among texts, and a second one for the others. Where day and month cannot be told apart, both orders:
 * the person knows which it is.
 */
function notations(sample: readonly string[]): Choice[] {
  const texts = sample.slice(0, LOOKED_AT)
  const first = texts.length > 0 ? best(texts, moments) : undefined
  if (!first) return []
  const [{ type }] = first.readings
  const second = best(
    first.rest,
    moments.filter((r) => r.type === type)
  )
  // Not worth asking every row: what the first ones hold does not fit either.
  if (texts.length - (second?.rest ?? first.rest).length < texts.length * (1 - TOLERANCE)) return []
  const others = second && { otherDateFormats: [notation(second.readings[0])] }
  return first.readings.slice(0, 2).map((reading) => ({ type, dateFormat: notation(reading), ...others }))
}

function secondNotation(reading: Writing, misfits: readonly string[]): Choice[] {
  const among = moments.filter((r) => (r.type === 'date' || r.type === reading.type) && r.format !== reading.format)
  const [second] = best(misfits, among)?.readings ?? []
  return second ? [{ type: reading.type, dateFormat: notation(reading), otherDateFormats: [notation(second)] }] : []
}

const isSwapped = ({ dateFormat = '', otherDateFormats = [] }: Choice): boolean =>
  otherDateFormats.some((other) => other.replace('%d', '%x').replace('%m', '%d').replace('%x', '%m') === dateFormat)

const mixedOrder = ({ source, reading }: TypedColumn, { cells, examples }: ImportRule): Notice => ({
  severity: 'warning',
  title: 'Mixed order of day and month',
  detail: `"${source}" is read as ${notation(reading)}, but ${cells} ${cells === 1 ? 'value has' : 'values have'} day and month the other way around (${examples.map((e) => `line ${e.line}: ${e.from}`).join(', ')}). Values that can be read both ways may be wrong as well. Look at where the file comes from.`,
  column: source,
  line: examples[0]?.line ?? null
})
