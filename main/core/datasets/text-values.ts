import type { ImportType } from '../../model/dataset'
import { quoteText } from '../../model/sql-quoting'

/** Texts that mean "no value" unless the person says otherwise. "None" is not among them: it is a category as often as a gap. */
export const defaultNullTokens: readonly string[] = ['', 'NA', 'N/A', '#N/A', 'n/a', 'NaN', 'nan', 'NULL', 'null', '\\N']

/** One way to read a text: a type and how it is written. The pattern is the same in JavaScript and in SQL (RE2). */
export interface Reading {
  type: ImportType
  /** strptime notation for dates and timestamps that are not ISO 8601. */
  format?: string
  pattern: string
}

const sign = '[+-]?'
const exponent = '([eE][+-]?[0-9]+)?'
const numberPattern = (point: '.' | ','): string => {
  const p = point === '.' ? '[.]' : ','
  const group = point === '.' ? ',' : '[.]'
  return `${sign}(([0-9]+${p}?[0-9]*|${p}[0-9]+)${exponent}|[0-9]{1,3}(${group}[0-9]{3})+(${p}[0-9]+)?)`
}
const plainNumber = `${sign}([0-9]+[.]?[0-9]*|[.][0-9]+)${exponent}`
const day = '(0?[1-9]|[12][0-9]|3[01])'
const month = '(0?[1-9]|1[0-2])'
const year = '[0-9]{4}'
const monthName = '[A-Za-z]{3}'
const clock = '([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?'

const dateFormats: [string, string][] = [
  ['%Y/%m/%d', `${year}/${month}/${day}`],
  ['%d.%m.%Y', `${day}[.]${month}[.]${year}`],
  ['%d/%m/%Y', `${day}/${month}/${year}`],
  ['%m/%d/%Y', `${month}/${day}/${year}`],
  ['%d-%m-%Y', `${day}-${month}-${year}`],
  ['%m-%d-%Y', `${month}-${day}-${year}`],
  ['%d %b %Y', `${day} ${monthName} ${year}`],
  ['%d-%b-%Y', `${day}-${monthName}-${year}`],
  ['%b %d, %Y', `${monthName} ${day}, ${year}`]
]
const zone = '(Z|[+-][0-9]{2}(:?[0-9]{2})?)'
const isoDate = `${year}-${month}-${day}`

/** Every reading that is looked for, the narrowest first. */
export function readings(decimal: '.' | ','): Reading[] {
  return [
    { type: 'boolean', pattern: '([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])' },
    { type: 'integer', pattern: `${sign}(0|[1-9][0-9]{0,18})` },
    { type: 'number', pattern: numberPattern(decimal) },
    { type: 'date', pattern: isoDate },
    ...dateFormats.map(([format, pattern]): Reading => ({ type: 'date', format, pattern })),
    { type: 'timestamp', pattern: `${isoDate}[T ]${clock}( ?${zone})?` },
    ...dateFormats.map(([format, pattern]): Reading => ({ type: 'timestamp', format, pattern: `${pattern}[ T]${clock}` })),
    { type: 'time', pattern: clock }
  ]
}

const typeNames: Record<ImportType, string> = {
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  decimal: 'a decimal number',
  text: 'text',
  date: 'a date',
  time: 'a time of day',
  timestamp: 'a date with time'
}
/** Why a value was refused, without the value (reasons are counted). */
export const refusalOf = (reading: Pick<Reading, 'type' | 'format'>): string =>
  `not ${typeNames[reading.type]}${reading.format ? ` written as ${reading.format}` : ''}`

/** SQL for a cell with "no value" texts turned into NULL; blanks around are kept (the quality check reports them). */
export function cellSql(column: string, nullTokens: readonly string[]): string {
  const base = nullTokens.includes('') ? column : `coalesce(${column}, '')`
  if (nullTokens.length === 0) return base
  // One pattern, not IN: the engine plans a join for each such list, which loses row order and takes minutes on hundreds of columns.
  const tokens = nullTokens.map((token) => token.replace(/[^\p{L}\p{N}]/gu, (c) => `\\x{${c.codePointAt(0)!.toString(16)}}`))
  const isToken = `regexp_full_match(${base}, ${quoteText(`\\s*(${tokens.join('|')})\\s*`)})`
  // Most cells are longer than any token and have no blank at their ends, which is much cheaper to see.
  const longest = Math.max(...nullTokens.map((token) => Buffer.byteLength(token)))
  // ANDs only: over thousands of columns the engine's planner takes minutes to turn each OR under an AND around.
  const isOther = `strlen(${base}) > ${longest} AND ${base} >= '!' AND NOT suffix(${base}, ' ') AND NOT suffix(${base}, chr(9))`
  return `CASE WHEN ${isOther} THEN ${base} WHEN ${isToken} THEN NULL ELSE ${base} END`
}

/** SQL that turns the cell into its typed value; NULL for a missing cell and for one that does not fit. */
export function valueSql(cell: string, reading: Pick<Reading, 'type' | 'format'>, decimal: '.' | ','): string {
  const v = `trim(${cell})`
  const matches = (pattern: string, text = v): string => `regexp_full_match(${text}, ${quoteText(pattern)})`
  switch (reading.type) {
    case 'text':
      return cell
    case 'boolean':
      return `CASE WHEN lower(${v}) IN ('true', 't', 'yes', 'y', '1') THEN true WHEN lower(${v}) IN ('false', 'f', 'no', 'n', '0') THEN false END`
    // Numbers are mostly written plainly: without blanks around and without separators. That case comes first, since it costs a third.
    case 'integer': {
      const digits = `${sign}[0-9]+`
      return `CASE WHEN ${matches(digits, cell)} THEN try_cast(${cell} AS BIGINT) WHEN ${matches(digits)} THEN try_cast(${v} AS BIGINT) END`
    }
    case 'number': {
      const finite = (text: string): string => `nullif(nullif(try_cast(${text} AS DOUBLE), 'infinity'::DOUBLE), '-infinity'::DOUBLE)`
      const bare = decimal === '.' ? `replace(${v}, ',', '')` : `replace(replace(${v}, '.', ''), ',', '.')`
      const plain = decimal === '.' ? `WHEN ${matches(plainNumber, cell)} THEN ${finite(cell)} ` : ''
      return `CASE ${plain}WHEN ${matches(numberPattern(decimal))} THEN ${finite(bare)} END`
    }
    case 'decimal':
      return `CASE WHEN ${matches(`${sign}([0-9]+[.]?[0-9]*|[.][0-9]+)`)} THEN try_cast(${v} AS DECIMAL(38, 6)) END`
    case 'time':
      return `CASE WHEN ${matches(clock)} THEN try_cast(${v} AS TIME) END`
    case 'date':
      if (reading.format) return `try_cast(try_strptime(${v}, ${quoteText(reading.format)}) AS DATE)`
      return `CASE WHEN ${matches(isoDate, cell)} THEN try_cast(${cell} AS DATE) WHEN ${matches(isoDate)} THEN try_cast(${v} AS DATE) END`
    case 'timestamp': {
      if (reading.format) {
        const hasClock = /%[HIMTX]/.test(reading.format)
        const formats = hasClock ? [reading.format] : ['', ' %H:%M:%S.%f', ' %H:%M:%S', ' %H:%M'].map((tail) => reading.format + tail)
        return `try_cast(try_strptime(replace(${v}, 'T', ' '), [${formats.map(quoteText).join(', ')}]) AS TIMESTAMP)`
      }
      // Zones are turned to UTC; a text without one is taken as UTC. The engine wants seconds before a zone, and no blank.
      const tidy = `regexp_replace(regexp_replace(${v}, ' (Z|[+-][0-9:]+)$', '\\1'), '([T ][0-9]{1,2}:[0-9]{2})(Z|[+-][0-9:]+)$', '\\1:00\\2')`
      const zoned = `CASE WHEN ${matches(`.*:[0-9]{2}([.][0-9]+)? ?${zone}`)} THEN timezone('UTC', try_cast(${tidy} AS TIMESTAMPTZ)) ELSE try_cast(${v} AS TIMESTAMP) END`
      return `CASE WHEN ${matches(`${isoDate}([T ]${clock}( ?${zone})?)?`)} THEN ${zoned} END`
    }
  }
}
