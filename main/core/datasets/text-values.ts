import type { ImportType } from '../../model/dataset'
import { quoteText } from '../../model/sql-quoting'

/** Texts that mean "no value" unless the person says otherwise. "None" is not among them: it is a category as often as a gap. */
export const defaultNullTokens: readonly string[] = ['', 'NA', 'N/A', '#N/A', 'n/a', 'NaN', 'nan', 'NULL', 'null', '\\N']
/** The same in a column of numbers, dates or times, where the point of SAS can mean nothing else. */
export const typedNullTokens: readonly string[] = [...defaultNullTokens, '.']

/** How the values of a column are written. */
export interface Writing {
  type: ImportType
  /** strptime notation for dates and timestamps that are not ISO 8601. */
  format?: string
  /** Further notations; a text that the first does not fit is read by the next. ISO 8601 is `%Y-%m-%d`. */
  otherFormats?: readonly string[]
  /** Decimal mark; a point when absent. */
  decimal?: '.' | ','
  /** Digits in all and behind the point of a decimal. */
  digits?: readonly [number, number]
  /** Every cell is a token, or written in the one way that a cast reads as nothing else. */
  regular?: boolean
}
/** One way to read a text: a type and how it is written. The pattern is the same in JavaScript and in SQL (RE2). */
export interface Reading extends Writing {
  pattern: string
}

/** Digits that a number would change: behind a leading zero, with a letter that only looks like an exponent, a telephone number. */
export const codePattern = '[+-]?0[0-9]+([.,][0-9]*)?|[0-9]{2,}[eE][0-9]+|[0-9]+[eE]0[0-9]+|[+][0-9]{7,}'

const sign = '[+-]?'
const exponent = '([eE][+-]?[0-9]+)?'
const infinite = `${sign}([iI][nN][fF]([iI][nN][iI][tT][yY])?)`
const finitePattern = (point: '.' | ','): string => {
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
  ['%b %d, %Y', `${monthName} ${day}, ${year}`],
  // as SAS writes it
  ['%d%b%Y', `(0[1-9]|[12][0-9]|3[01])${monthName}${year}`]
]
export const zone = '(Z|[+-][0-9]{2}(:?[0-9]{2})?)'
const isoDate = `${year}-${month}-${day}`

/** Every reading that is looked for, the narrowest first. */
export const readings: readonly Reading[] = [
  { type: 'boolean', pattern: '([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])' },
  { type: 'integer', pattern: `${sign}(0|[1-9][0-9]{0,18})` },
  { type: 'number', pattern: `${finitePattern('.')}|${infinite}` },
  { type: 'number', decimal: ',', pattern: `${finitePattern(',')}|${infinite}` },
  { type: 'decimal', pattern: finitePattern('.') },
  { type: 'decimal', decimal: ',', pattern: finitePattern(',') },
  { type: 'date', pattern: isoDate },
  ...dateFormats.map(([format, pattern]): Reading => ({ type: 'date', format, pattern })),
  { type: 'timestamp', pattern: `${isoDate}[T ]${clock}( ?${zone})?` },
  ...dateFormats.map(([format, pattern]): Reading => ({ type: 'timestamp', format, pattern: `${pattern}[ T]${clock}` })),
  { type: 'time', pattern: clock }
]

const longMonth = '[A-Za-z]{3,9}'
const shortYear = '[0-9]{2}'
const halfDay = '(0?[1-9]|1[0-2]):[0-5][0-9](:[0-5][0-9])? ?[AaPp][Mm]'

/** What years of two digits become. */
export const twoDigitYears = 'Years of two digits from 69 to 99 are read as 1969 to 1999, from 00 to 68 as 2000 to 2068.'

/** Dates and times that are only offered: their century or their order is a guess, or a number is written the same way. */
export const uncommonMoments: readonly Reading[] = [
  ...(
    [
      ['%d.%m.%y', `${day}[.]${month}[.]${shortYear}`],
      ['%d/%m/%y', `${day}/${month}/${shortYear}`],
      ['%m/%d/%y', `${month}/${day}/${shortYear}`],
      ['%d-%m-%y', `${day}-${month}-${shortYear}`],
      ['%d-%b-%y', `${day}-${monthName}-${shortYear}`],
      ['%d %B %Y', `${day} ${longMonth} ${year}`],
      ['%B %d, %Y', `${longMonth} ${day}, ${year}`],
      ['%Y%m%d', `(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])`]
    ] as const
  ).map(([format, pattern]): Reading => ({ type: 'date', format, pattern })),
  ...(
    [
      ['%d%b%Y:%H:%M:%S', `(0[1-9]|[12][0-9]|3[01])${monthName}${year}:[0-9]{2}:[0-5][0-9]:[0-5][0-9]`],
      ['%m/%d/%Y %I:%M:%S %p', `${month}/${day}/${year} ${halfDay}`],
      ['%d/%m/%Y %I:%M:%S %p', `${day}/${month}/${year} ${halfDay}`],
      ['%Y-%m-%d %I:%M:%S %p', `${year}-${month}-${day} ${halfDay}`]
    ] as const
  ).map(([format, pattern]): Reading => ({ type: 'timestamp', format, pattern }))
]

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
export const refusalOf = (reading: Pick<Writing, 'type' | 'format'>): string =>
  `not ${typeNames[reading.type]}${reading.format ? ` written as ${reading.format}` : ''}`

/** SQL condition that a text is one of the tokens, with any blanks around; the empty text is one by itself and not asked for. */
export function isTokenSql(text: string, nullTokens: readonly string[]): string {
  if (nullTokens.length === 0) return 'false'
  // One pattern, not IN: the engine plans a join for each such list, which loses row order and takes minutes on hundreds of columns.
  const tokens = nullTokens.map((token) => token.replace(/[^\p{L}\p{N}]/gu, (c) => `\\x{${c.codePointAt(0)!.toString(16)}}`))
  // Most cells are longer than any token and have no blank at their ends, which is much cheaper to see.
  const longest = Math.max(...nullTokens.map((token) => Buffer.byteLength(token)))
  // ANDs only: over thousands of columns the engine's planner takes minutes to turn each OR under an AND around.
  const isOther = `strlen(${text}) > ${longest} AND ${text} >= '!' AND NOT suffix(${text}, ' ') AND NOT suffix(${text}, chr(9))`
  // Short ones are mostly digits or begin with a letter that no token begins with. Such comparisons cost a fifth of a pattern.
  const [next] = [...nullTokens.map((token) => token.charAt(0)), '~'].filter((first) => first >= '0').sort()
  const isBefore = `${text} >= '0' AND ${text} < ${quoteText(next)}`
  return `CASE WHEN ${isOther} THEN false WHEN ${isBefore} THEN false ELSE regexp_full_match(${text}, ${quoteText(`\\s*(${tokens.join('|')})\\s*`)}) END`
}

/** SQL for a cell with "no value" texts turned into NULL; blanks around are kept (the quality check reports them). */
export function cellSql(column: string, nullTokens: readonly string[]): string {
  const base = nullTokens.includes('') ? column : `coalesce(${column}, '')`
  return nullTokens.length === 0 ? base : `CASE WHEN ${isTokenSql(base, nullTokens)} THEN NULL ELSE ${base} END`
}

const truthWords = ['true', 'false', 'True', 'False', 'TRUE', 'FALSE']

/**
 * SQL condition that the cell is written in the one way that a cast reads as nothing else: no code with leading zeros, no exponent, no
 * digit too many. Undefined where no such way is known.
 */
export function regularSql(cell: string, { type, format, otherFormats, decimal = '.' }: Writing): string | undefined {
  if (format || otherFormats?.length) return undefined
  switch (type) {
    case 'boolean':
      return `CASE ${truthWords.map((word) => `WHEN ${cell} = '${word}' THEN true`).join(' ')} ELSE false END`
    case 'integer':
      return `try_cast(${cell} AS BIGINT)::VARCHAR = ${cell}`
    case 'number': {
      if (decimal === ',') return undefined
      const short = `regexp_full_match(${cell}, '-?(0|[1-9][0-9]{0,14})([.][0-9]+)?')`
      return `CASE WHEN strlen(${cell}) <= 16 THEN ${short} ELSE try_cast(${cell} AS DOUBLE)::VARCHAR = ${cell} AND NOT contains(${cell}, 'e') END`
    }
    case 'date':
      return `strlen(${cell}) = 10 AND try_cast(${cell} AS DATE)::VARCHAR = ${cell}`
    case 'timestamp':
      return `strlen(${cell}) = 19 AND try_cast(${cell} AS TIMESTAMP)::VARCHAR = replace(${cell}, 'T', ' ')`
    default:
      return undefined
  }
}

const castTypes = { boolean: 'BOOLEAN', integer: 'BIGINT', number: 'DOUBLE', date: 'DATE', timestamp: 'TIMESTAMP' } as const

/** SQL that turns the cell into its typed value; NULL for a missing cell and for one that does not fit. */
export function valueSql(cell: string, reading: Writing): string {
  const { type, decimal = '.' } = reading
  if (reading.regular && type in castTypes) {
    const value = `try_cast(${cell} AS ${castTypes[type as keyof typeof castTypes]})`
    return type === 'number' ? `nullif(${value}, 'nan'::DOUBLE)` : value
  }
  const v = `trim(${cell})`
  const matches = (pattern: string, text = v): string => `regexp_full_match(${text}, ${quoteText(pattern)})`
  const bare = bareNumberSql(cell, decimal)
  switch (type) {
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
      const plain = decimal === '.' ? `WHEN ${matches(plainNumber, cell)} THEN ${finite(cell)} ` : ''
      const endless = `WHEN ${matches(infinite)} THEN CASE WHEN prefix(${v}, '-') THEN '-infinity' ELSE 'infinity' END::DOUBLE`
      return `CASE ${plain}WHEN ${matches(finitePattern(decimal))} THEN ${finite(bare)} ${endless} END`
    }
    case 'decimal': {
      const [width, scale] = reading.digits ?? [38, 9]
      const fits = `${matches(finitePattern(decimal))} AND regexp_full_match(${bare}, '[^.eE]*([.][0-9]{0,${scale}}0*)?')`
      return `CASE WHEN ${fits} THEN try_cast(${bare} AS DECIMAL(${width}, ${scale})) END`
    }
    case 'time':
      return `CASE WHEN ${matches(clock)} THEN try_cast(${v} AS TIME) END`
    case 'date':
    case 'timestamp': {
      const first = momentSql(cell, type, reading.format)
      const others = (reading.otherFormats ?? []).map((format) => momentSql(cell, type, format === '%Y-%m-%d' ? undefined : format))
      return others.length > 0 ? `coalesce(${[first, ...others].join(', ')})` : first
    }
  }
}

/** SQL for a number without blanks around and without marks between groups of digits, its decimal mark a point. */
export const bareNumberSql = (cell: string, decimal: '.' | ','): string =>
  decimal === '.' ? `replace(trim(${cell}), ',', '')` : `replace(replace(trim(${cell}), '.', ''), ',', '.')`

function momentSql(cell: string, type: 'date' | 'timestamp', format: string | undefined): string {
  const v = `trim(${cell})`
  const matches = (pattern: string, text = v): string => `regexp_full_match(${text}, ${quoteText(pattern)})`
  if (type === 'date') {
    if (format) return `try_cast(try_strptime(${v}, ${quoteText(format)}) AS DATE)`
    return `CASE WHEN ${matches(isoDate, cell)} THEN try_cast(${cell} AS DATE) WHEN ${matches(isoDate)} THEN try_cast(${v} AS DATE) END`
  }
  if (format) {
    const hasClock = /%[HIMTX]/.test(format)
    // seconds are left away where they are none
    const formats = hasClock
      ? [format, ...(format.includes(':%S') ? [format.replace(':%S', '')] : [])]
      : ['', ' %H:%M:%S.%f', ' %H:%M:%S', ' %H:%M'].map((tail) => format + tail)
    return `try_cast(try_strptime(replace(${v}, 'T', ' '), [${formats.map(quoteText).join(', ')}]) AS TIMESTAMP)`
  }
  // Zones are turned to UTC; a text without one is taken as UTC. The engine wants seconds before a zone, and no blank.
  const tidy = `regexp_replace(regexp_replace(${v}, ' (Z|[+-][0-9:]+)$', '\\1'), '([T ][0-9]{1,2}:[0-9]{2})(Z|[+-][0-9:]+)$', '\\1:00\\2')`
  const zoned = `CASE WHEN ${matches(`.*:[0-9]{2}([.][0-9]+)? ?${zone}`)} THEN timezone('UTC', try_cast(${tidy} AS TIMESTAMPTZ)) ELSE try_cast(${v} AS TIMESTAMP) END`
  return `CASE WHEN ${matches(`${isoDate}([T ]${clock}( ?${zone})?)?`)} THEN ${zoned} END`
}
