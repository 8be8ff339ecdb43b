/** What a column of a CSV output can be declared as. */
export const columnTypes = ['text', 'integer', 'number', 'boolean', 'date', 'timestamp', 'time'] as const
export type ColumnType = (typeof columnTypes)[number]

interface Reading {
  /** Every value is written so (RE2, whole cell). */
  pattern: string
  sql: string
  /** And can be held so. */
  holds?(cell: string): string
}

const day = '[0-9]{4}-[0-9]{2}-[0-9]{2}'
const clock = '[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?'
const whole = '-?(0|[1-9][0-9]{0,18})'
/** An exponent without a sign behind digits without a point is how codes look (`12E3`); no language prints a number so. */
const decimal = '-?(0|[1-9][0-9]*)[.][0-9]*([eE][-+]?[0-9]+)?|-?(0|[1-9][0-9]*)[eE][-+][0-9]+|-?[.][0-9]+([eE][-+]?[0-9]+)?'
const notFinite = '-?([iI]nf(inity)?|INF)|[nN]a[nN]|NAN'

/**
 * What a column without a declared type may be, the narrowest first; text otherwise. A number is what a program prints as one: `00123`,
 * `+49`, `1e5` and `no` are texts. Whether a number keeps all its digits is looked at where it is chosen.
 */
export const careful: readonly Reading[] = [
  { sql: 'BOOLEAN', pattern: 'true|false|True|False|TRUE|FALSE' },
  { sql: 'BIGINT', pattern: whole, holds: (cell) => `try_cast(${cell} AS BIGINT) IS NOT NULL` },
  { sql: 'DOUBLE', pattern: `${whole}|${decimal}|${notFinite}` },
  { sql: 'DATE', pattern: day, holds: (cell) => `try_cast(${cell} AS DATE) IS NOT NULL` },
  { sql: 'TIMESTAMP', pattern: `${day}[ T]${clock}`, holds: (cell) => `try_cast(${cell} AS TIMESTAMP) IS NOT NULL` },
  {
    sql: 'TIMESTAMPTZ',
    pattern: `${day}[ T]${clock}(Z|[+-][0-9]{2}(:?[0-9]{2})?)`,
    holds: (cell) => `try_cast(${cell} AS TIMESTAMPTZ) IS NOT NULL`
  },
  { sql: 'TIME', pattern: clock, holds: (cell) => `try_cast(${cell} AS TIME) IS NOT NULL` }
]

/** What a declared type takes, and how it is held. */
export const declared: Record<ColumnType, Reading> = {
  text: { sql: 'VARCHAR', pattern: '(?s).*' },
  integer: { sql: 'BIGINT', pattern: '[-+]?[0-9]+', holds: (cell) => `try_cast(${cell} AS BIGINT) IS NOT NULL` },
  number: {
    sql: 'DOUBLE',
    pattern: `[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?|${notFinite}`,
    holds: (cell) => `try_cast(${cell} AS DOUBLE) IS NOT NULL`
  },
  boolean: { sql: 'BOOLEAN', pattern: '(?i)true|false|0|1' },
  date: careful[3],
  timestamp: { sql: 'TIMESTAMP', pattern: `${day}[ T]${clock}`, holds: (cell) => `try_cast(${cell} AS TIMESTAMP) IS NOT NULL` },
  time: careful[6]
}

/** SQL that is true where a cell fits a reading. */
export const fitsReading = ({ pattern, holds }: Reading, cell: string): string =>
  `regexp_full_match(${cell}, '${pattern}')${holds ? ` AND ${holds(cell)}` : ''}`
