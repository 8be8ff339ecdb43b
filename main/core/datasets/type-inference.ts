import type { ColumnChoice, Dialect, Notice } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import type { Database } from '../../storage/duckdb/database'
import { stagedColumn, type StagedTable } from './stage-text'
import { readings, valueSql, type Reading } from './text-values'

/** A column keeps a type as long as no more than this share of its values does not fit; their rows go to the bad-row report. */
const TOLERANCE = 0.02
const SAMPLE_CELLS = 400_000
const BATCH = 100

export interface TypedColumn {
  index: number
  source: string
  reading: Reading
  /** SQL of the typed value over `staged`. */
  sql: string
  /** SQL condition: there is a value and it does not fit. */
  badSql: string
  present: number
  unparsed: number
}

const textReading: Reading = { type: 'text', pattern: '' }

/**
 * Types of the staged columns. What the person chose is taken as it is; for the others candidates come from the first rows and are
 * then checked against every row, so a column never gets a type that only its beginning has.
 */
export async function inferColumns(
  db: Database,
  staged: StagedTable,
  dialect: Pick<Dialect, 'decimal'>,
  nullTokens: readonly string[],
  choices: readonly ColumnChoice[],
  signal?: AbortSignal
): Promise<{ columns: TypedColumn[]; notices: Notice[] }> {
  const known = readings(dialect.decimal)
  const chosen = new Map(choices.map((c) => [c.source, c]))
  const notices: Notice[] = []
  const candidates = await sampleCandidates(db, staged, known, nullTokens, signal)
  const options = staged.sources.map((source, i) => {
    const choice = chosen.get(source)
    if (choice?.type) return [chosenReading(choice, known, candidates[i])]
    return withFallbacks(candidates[i], known)
  })
  const counts = await countMisfits(db, options, dialect.decimal, signal)
  const picks = staged.sources.map((source, i) => (chosen.get(source)?.type ? 0 : choose(options[i], counts[i].present, counts[i].misfits)))
  const numbers = picks.flatMap((pick, i) =>
    typeof pick === 'number' && pick >= 0 && options[i][pick].type === 'number' && !chosen.get(staged.sources[i])?.type ? [i] : []
  )
  const tooLong = await columnsWithLongNumbers(db, numbers, signal)
  const columns = staged.sources.map((source, index): TypedColumn => {
    const { present, misfits } = counts[index]
    const pick = tooLong.has(index) ? -1 : picks[index]
    if (tooLong.has(index))
      notices.push({
        severity: 'warning',
        title: 'Long whole numbers',
        detail: `"${source}" holds whole numbers of 16 or more digits next to others that are no 64-bit integers. A number would round them and make different ones equal, so the column is kept as text. Choose the type number if rounding is right.`,
        column: source,
        line: null
      })
    if (pick === 'ambiguous')
      notices.push({
        severity: 'warning',
        title: 'Ambiguous dates',
        detail: `Every value of "${source}" reads as day/month and as month/day, so it is kept as text. Choose the type date and its format.`,
        column: source,
        line: null
      })
    const reading = pick === 'ambiguous' || pick < 0 ? textReading : options[index][pick]
    const cell = stagedColumn(index)
    const sql = valueSql(cell, reading, dialect.decimal)
    const unparsed = reading.type === 'text' ? 0 : misfits[pick as number]
    return { index, source, reading, sql, badSql: `${cell} IS NOT NULL AND (${sql}) IS NULL`, present, unparsed }
  })
  return { columns, notices }
}

function chosenReading(choice: ColumnChoice, known: Reading[], found: Reading[]): Reading {
  const type = choice.type!
  if (type === 'text') return textReading
  if (choice.dateFormat && (type === 'date' || type === 'timestamp')) {
    if (!/^[A-Za-z%0-9 .,/:T_-]{2,40}$/.test(choice.dateFormat) || !choice.dateFormat.includes('%'))
      throw new WorkbenchError('INVALID_INPUT', `"${choice.dateFormat}" is not a date format. Write it like %d/%m/%Y.`)
    return { type, format: choice.dateFormat, pattern: '' }
  }
  return found.find((r) => r.type === type) ?? known.find((r) => r.type === type)!
}

/** Later rows may hold what the first did not: whole numbers become numbers, dates become times. */
function withFallbacks(found: Reading[], known: Reading[]): Reading[] {
  const types = new Set(found.map((r) => r.type))
  const extra: Reading[] = []
  if (types.has('integer') && !types.has('number')) extra.push(...known.filter((r) => r.type === 'number'))
  if (found.some((r) => r.type === 'date' && !r.format) && !types.has('timestamp')) extra.push(known.find((r) => r.type === 'timestamp')!)
  return [...found, ...extra]
}

function choose(options: Reading[], present: number, misfits: number[]): number | 'ambiguous' {
  if (present === 0 || options.length === 0) return -1
  let best = -1
  for (let i = 0; i < options.length; i++) if (misfits[i] <= present * TOLERANCE && (best < 0 || misfits[i] < misfits[best])) best = i
  if (best < 0) return -1
  const rival = options.findIndex(
    (r, i) => i !== best && misfits[i] === misfits[best] && r.type === options[best].type && r.format && r.format !== options[best].format
  )
  return rival >= 0 && options[best].format ? 'ambiguous' : best
}

async function sampleCandidates(
  db: Database,
  staged: StagedTable,
  known: Reading[],
  nullTokens: readonly string[],
  signal?: AbortSignal
): Promise<Reading[][]> {
  const tests = known.map((r) => new RegExp(`^(?:${r.pattern})$`))
  const width = staged.sources.length
  const limit = Math.min(5_000, Math.max(200, Math.floor(SAMPLE_CELLS / Math.max(1, width))))
  const list = staged.sources.map((_, i) => `left(${stagedColumn(i)}, 80)`).join(', ')
  const { rows } = await db.query(`SELECT ${list} FROM staged LIMIT ${limit}`, [], { signal })
  const nulls = new Set(nullTokens)
  const result: Reading[][] = []
  for (let i = 0; i < width; i++) {
    let values = rows.map((r) => r[i])
    if (values.every((v) => v === null || nulls.has(String(v).trim())) && rows.length < staged.rows) {
      const c = stagedColumn(i)
      const later = await db.query(`SELECT left(${c}, 80) FROM staged WHERE ${c} IS NOT NULL LIMIT 500`, [], { signal })
      values = later.rows.map((r) => r[0])
    }
    result.push(fitting(values as (string | null)[], nulls, known, tests, staged.textColumns.has(i)))
  }
  return result
}

function fitting(values: (string | null)[], nulls: Set<string>, known: Reading[], tests: RegExp[], isString: boolean): Reading[] {
  let alive = known.map((_, i) => i)
  if (isString) alive = alive.filter((i) => !['boolean', 'integer', 'number'].includes(known[i].type))
  const misses = new Map<number, number>()
  let present = 0
  for (const raw of values) {
    const value = raw?.trim()
    if (value === undefined || nulls.has(value)) continue
    present++
    for (const i of alive) if (!tests[i].test(value)) misses.set(i, (misses.get(i) ?? 0) + 1)
    if (present === 50) alive = alive.filter((i) => (misses.get(i) ?? 0) < 45)
    if (alive.length === 0) return []
  }
  const kept = alive.filter((i) => (misses.get(i) ?? 0) <= present * TOLERANCE)
  // "007" is a code: a leading zero makes the whole column text, even where a number would hold it.
  const codes = values.some((v) => v !== null && /^\s*[+-]?0[0-9]+\s*$/.test(v))
  const readingsLeft = kept.map((i) => known[i]).filter((r) => !codes || (r.type !== 'integer' && r.type !== 'number'))
  return present === 0 ? [] : readingsLeft
}

/** Which of the columns, read as decimal numbers, would lose digits of whole numbers: identifiers and account numbers, mostly. */
async function columnsWithLongNumbers(db: Database, columns: readonly number[], signal?: AbortSignal): Promise<Set<number>> {
  const found = new Set<number>()
  for (let from = 0; from < columns.length; from += BATCH) {
    const part = columns.slice(from, from + BATCH)
    const tests = part.map((column) => {
      const cell = stagedColumn(column)
      return `bool_or(CASE WHEN strlen(${cell}) < 16 THEN false ELSE regexp_full_match(trim(${cell}), '[+-]?[0-9]{16,}') END)`
    })
    const { rows } = await db.query(`SELECT ${tests.join(', ')} FROM staged`, [], { signal })
    part.forEach((column, k) => {
      if (rows[0][k] === true) found.add(column)
    })
  }
  return found
}

/**
 * Values of every column that each of its readings does not fit. Readings after the first are counted only where the first leaves
 * some out, or where the dates may be written in two ways.
 */
async function countMisfits(
  db: Database,
  options: Reading[][],
  decimal: '.' | ',',
  signal?: AbortSignal
): Promise<{ present: number; misfits: number[] }[]> {
  const result = options.map((list) => ({ present: 0, misfits: list.map(() => Infinity) }))
  const count = async (wanted: { column: number; reading: number }[]): Promise<void> => {
    for (let from = 0; from < wanted.length; from += BATCH) {
      const part = wanted.slice(from, from + BATCH)
      const sql = part.map(({ column, reading }) => {
        const cell = stagedColumn(column)
        const fits = options[column].length === 0 ? 'NULL' : valueSql(cell, options[column][reading], decimal)
        return `count(${cell})::DOUBLE, count(${fits})::DOUBLE`
      })
      const { rows } = await db.query(`SELECT ${sql.join(', ')} FROM staged`, [], { signal })
      part.forEach(({ column, reading }, k) => {
        result[column].present = Number(rows[0][2 * k])
        if (options[column].length > 0) result[column].misfits[reading] = result[column].present - Number(rows[0][2 * k + 1])
      })
    }
  }
  await count(options.map((_, column) => ({ column, reading: 0 })))
  await count(
    options.flatMap((list, column) =>
      result[column].misfits[0] > 0 || list[0]?.format ? list.slice(1).map((_, i) => ({ column, reading: i + 1 })) : []
    )
  )
  return result
}
