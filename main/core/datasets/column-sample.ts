import type { Database } from '../../storage/duckdb/database'
import type { ColumnCells } from './column-cells'
import type { StagedTable } from './stage-text'
import { codePattern, readings, type Reading } from './text-values'

/** A column keeps a type as long as no more than this share of its values does not fit; beyond, it is text. */
export const TOLERANCE = 0.02
const SAMPLE_CELLS = 400_000

/** What the first rows of a column suggest; every row is asked afterwards. */
export interface ColumnSample {
  /** Texts that are there and no token, as they are read. */
  values: string[]
  candidates: Reading[]
  /** One of the values is a code that a number would change, and most of them would be numbers. */
  hasCodes: boolean
}

const codes = new RegExp(`^(?:${codePattern})$`)
const tests = readings.map((r) => new RegExp(`^(?:${r.pattern})$`))

/** Looks at the first rows of every column, and further down where those are empty. */
export async function sampleColumns(
  db: Database,
  staged: StagedTable,
  columns: readonly ColumnCells[],
  signal?: AbortSignal
): Promise<ColumnSample[]> {
  const limit = Math.min(5_000, Math.max(200, Math.floor(SAMPLE_CELLS / Math.max(1, columns.length))))
  const list = columns.map((c) => `left(${c.cell}, 80)`).join(', ')
  const { rows } = await db.query(`SELECT ${list} FROM staged LIMIT ${limit}`, [], { signal })
  const samples: ColumnSample[] = []
  for (const [i, c] of columns.entries()) {
    const nulls = new Set(c.tokens)
    const present = (values: unknown[]): string[] => values.filter((v): v is string => v !== null && !nulls.has((v as string).trim()))
    let values = present(rows.map((r) => r[i]))
    if (values.length === 0 && rows.length < staged.rows) {
      const later = `SELECT left(cell, 80) FROM (SELECT ${c.cell} AS cell, ${c.isToken} AS token FROM staged) WHERE cell IS NOT NULL AND NOT token LIMIT 500`
      values = present((await db.query(later, [], { signal })).rows.map((r) => r[0]))
    }
    const isString = staged.textColumns.has(c.index)
    samples.push({ values, candidates: fitting(values, isString), hasCodes: !isString && haveCodes(values) })
  }
  return samples
}

const digits = /^[+-]?[0-9][0-9.,eE+-]*$/
const haveCodes = (values: readonly string[]): boolean =>
  values.some((value) => codes.test(value.trim())) &&
  values.filter((value) => digits.test(value.trim())).length >= values.length * (1 - TOLERANCE)

function fitting(values: readonly string[], isString: boolean): Reading[] {
  // A code among the first rows decides by itself; those further down are found by asking every row.
  const isCode = isString || values.some((value) => codes.test(value.trim()))
  const numeric = (i: number): boolean => ['boolean', 'integer', 'number'].includes(readings[i].type)
  let alive = readings.flatMap((r, i) => (r.type === 'decimal' || (isCode && numeric(i)) ? [] : [i]))
  const misses = new Map<number, number>()
  let present = 0
  for (const value of values) {
    present++
    for (const i of alive) if (!tests[i].test(value.trim())) misses.set(i, (misses.get(i) ?? 0) + 1)
    if (present === 50) alive = alive.filter((i) => (misses.get(i) ?? 0) < 45)
    if (alive.length === 0) return []
  }
  return present === 0 ? [] : alive.filter((i) => (misses.get(i) ?? 0) <= present * TOLERANCE).map((i) => readings[i])
}

/** Later rows may hold what the first did not: whole numbers become numbers, dates become times, a comma turns out to be a decimal mark. */
export function withFallbacks(found: readonly Reading[]): Reading[] {
  const has = (wanted: Reading): boolean => found.includes(wanted)
  const wanted = (r: Reading): boolean =>
    (r.type === 'number' && found.some((f) => f.type === 'integer' || f.type === 'number')) ||
    (r.type === 'timestamp' && found.some((f) => f.type === 'date' && f.format === r.format))
  return [...found, ...readings.filter((r) => !has(r) && wanted(r))]
}
