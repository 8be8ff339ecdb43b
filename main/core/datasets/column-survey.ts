import { quoteText } from '../../model/sql-quoting'
import type { Database } from '../../storage/duckdb/database'
import { withHalfLimits, type ColumnCells } from './column-cells'
import { stagedColumn } from './stage-text'
import { codePattern, regularSql, valueSql, type Reading } from './text-values'

const BATCH = 200

/** Ways in which a number can be written that say what it is, counted over every row of a column. */
export interface NumberEvidence {
  /** Codes: digits behind a leading zero, letters that only look like an exponent, telephone numbers. */
  codes: number
  commaSure: number
  pointSure: number
  /** `1,500`: a thousand or one and a half. */
  commaUnsure: number
  pointUnsure: number
  /** More digits than a number holds for sure. */
  long: number
  longWhole: number
}

/** Where the cells of a column are read. */
export type StagedCells = Pick<ColumnCells, 'index' | 'raw' | 'cell'>

/** What all rows say about a column. */
export interface ColumnSurvey {
  /** Values that are there: neither empty nor a token. */
  present: number
  tokens: number
  /** For each reading the values that it does not fit. */
  misfits: number[]
  /** Every value is written in the one way of the first reading. */
  regular: boolean
  evidence?: NumberEvidence
}

const patterns: Record<Exclude<keyof NumberEvidence, 'long'>, string> = {
  codes: codePattern,
  commaSure:
    '[+-]?([0-9]+,[0-9]+[eE][+-]?[0-9]+|[0-9]*,[0-9]{1,2}|[0-9]*,[0-9]{4,}|0*,[0-9]+|[0-9]{4,},[0-9]+|[0-9]{1,3}([.][0-9]{3})+,[0-9]+|[0-9]{1,3}([.][0-9]{3}){2,})',
  pointSure:
    '[+-]?([0-9]+[.][0-9]+[eE][+-]?[0-9]+|[0-9]*[.][0-9]{1,2}|[0-9]*[.][0-9]{4,}|0*[.][0-9]+|[0-9]{4,}[.][0-9]+|[0-9]{1,3}(,[0-9]{3})+[.][0-9]+|[0-9]{1,3}(,[0-9]{3}){2,})',
  commaUnsure: '[+-]?[1-9][0-9]{0,2},[0-9]{3}',
  pointUnsure: '[+-]?[1-9][0-9]{0,2}[.][0-9]{3}',
  longWhole: '[+-]?[0-9]{16,}'
}
const isWritten = (name: keyof typeof patterns, text = 'c'): string =>
  `regexp_full_match(${text}, ${quoteText(`\\s*(${patterns[name]})\\s*`)})`
const countIf = (condition: string): string => `(count(*) FILTER (WHERE ${condition}))::DOUBLE`

/**
 * Asks every row of every column. A first pass over all columns counts the cells that are written in the one regular way; only the others
 * are looked at further, unless all of them are tokens, so most columns cost one cheap test a cell. `european` says that a point may stand between thousands.
 */
export async function surveyColumns(
  db: Database,
  columns: readonly ColumnCells[],
  options: readonly (readonly Reading[])[],
  european: boolean,
  signal?: AbortSignal
): Promise<ColumnSurvey[]> {
  const regular = options.map(([first], i) =>
    first && !(european && first.type === 'number') && !columns[i].choice?.detectionLimit ? regularSql(columns[i].cell, first) : undefined
  )
  const counted = await countAll(
    db,
    columns.flatMap((c, i) => {
      const condition = regular[i] ?? (options[i].length === 0 ? c.isToken : undefined)
      return [`count(${c.raw})::DOUBLE`, condition ? countIf(condition) : '0::DOUBLE']
    }),
    signal
  )
  const others = columns.flatMap((_, i) => (regular[i] && counted[2 * i] > counted[2 * i + 1] ? [i] : []))
  const tokens = await countAll(
    db,
    others.map((i) => countIf(columns[i].isToken)),
    signal
  )
  const tokensOf = new Map(others.map((i, k) => [i, tokens[k]]))
  const surveys: ColumnSurvey[] = []
  for (const [i, column] of columns.entries()) {
    const [cells, found] = counted.slice(2 * i, 2 * i + 2)
    if (options[i].length === 0) surveys.push({ present: cells - found, tokens: found, misfits: [], regular: false })
    else if (regular[i] && found + (tokensOf.get(i) ?? 0) === cells)
      surveys.push({ present: found, tokens: cells - found, misfits: options[i].map(() => 0), regular: true })
    else surveys.push(await surveyIrregular(db, column, options[i], regular[i], found, signal))
  }
  return surveys
}

/** Figures over all rows, some at a time: the engine plans thousands of them in one statement slowly. */
async function countAll(db: Database, figures: readonly string[], signal?: AbortSignal): Promise<number[]> {
  const found: number[] = []
  for (let from = 0; from < figures.length; from += BATCH) {
    const [row] = (await db.query(`SELECT ${figures.slice(from, from + BATCH).join(', ')} FROM staged`, [], { signal })).rows
    found.push(...row.map(Number))
  }
  return found
}

/** FROM clause of the cells of a column that are not written in the regular way: row id, text in the file (r), text that is read (c), and the staged column. */
export const irregularCells = ({ index, raw, cell }: StagedCells, regular: string | undefined): string =>
  `(SELECT rowid AS id, ${raw} AS r, ${cell} AS c, ${stagedColumn(index)} FROM staged WHERE ${raw} IS NOT NULL${regular ? ` AND NOT coalesce(${regular}, false)` : ''})`

async function surveyIrregular(
  db: Database,
  column: ColumnCells,
  options: readonly Reading[],
  regular: string | undefined,
  regularCells: number,
  signal?: AbortSignal
): Promise<ColumnSurvey> {
  const isNumeric = options.some((r) => r.type === 'number' || r.type === 'integer' || r.type === 'decimal')
  const values = options.map((r) => `count(${withHalfLimits(valueSql('c', r), column)})::DOUBLE`)
  const names = Object.keys(patterns) as (keyof typeof patterns)[]
  const evidence = isNumeric ? [...names.map((name) => countIf(isWritten(name))), countIf('strlen(trim(c)) > 16')] : []
  const list = ['count(*)::DOUBLE', countIf(column.isToken), ...values, ...evidence].join(', ')
  const [row] = (await db.query(`SELECT ${list} FROM ${irregularCells(column, regular)}`, [], { signal })).rows
  const [cells, tokens, ...rest] = row.map((v) => (v === null ? null : Number(v)))
  const survey: ColumnSurvey = {
    present: regularCells + cells! - tokens!,
    tokens: tokens!,
    misfits: options.map((_, i) => cells! - tokens! - rest[i]!),
    regular: false
  }
  if (!isNumeric) return survey
  const figures = rest.slice(options.length)
  survey.evidence = {
    ...(Object.fromEntries(names.map((name, i) => [name, figures[i]!])) as Record<keyof typeof patterns, number>),
    long: figures[names.length]!
  }
  // Regular numbers have a decimal point: where other cells have a comma, they are evidence as well.
  if (regular && options[0].type === 'number' && survey.evidence.commaSure > 0) {
    const points = countIf(isWritten('pointSure', column.cell))
    const comma = options.findIndex((r) => r.type === 'number' && r.decimal === ',')
    const fits = comma < 0 ? '0' : `count(${valueSql(column.cell, options[comma])})::DOUBLE`
    const [[sure, fitting]] = (await db.query(`SELECT ${points}, ${fits} FROM staged`, [], { signal })).rows
    survey.evidence.pointSure = Number(sure)
    if (comma >= 0) survey.misfits[comma] = survey.present - Number(fitting)
  }
  return survey
}
