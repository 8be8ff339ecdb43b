import type { Database } from '../../storage/duckdb/database'
import { breathe } from '../numerics'

/** A numeric column: NaN where a row has no finite number. */
export interface ColumnNumbers {
  /** In the order of the rows. */
  values: Float64Array
  /** The finite ones, ascending. */
  sorted: Float64Array
}

interface NumericColumn {
  id: string
  type: string
}

/** Values of all columns together that are kept; beyond, the column that was used longest ago is read again when needed. */
const KEPT_VALUES = 16_000_000
const RUN = 65_536

/** SQL of a numeric column with NaN and infinities left out. */
export const finite = (c: NumericColumn): string =>
  /^(FLOAT|DOUBLE)/.test(c.type) ? `(CASE WHEN isfinite(${c.id}) THEN ${c.id} END)` : `${c.id}::DOUBLE`

/** Reads columns of a table once and whole; all of them in one statement where they fit. */
export function createNumbers(db: Database, table: string, rows: number, columns: readonly NumericColumn[], signal?: AbortSignal) {
  const kept = new Map<string, ColumnNumbers>()
  const isSmall = rows * columns.length <= KEPT_VALUES
  return async function numbers(column: NumericColumn): Promise<ColumnNumbers> {
    const known = kept.get(column.id)
    if (known) {
      kept.delete(column.id)
      kept.set(column.id, known)
      return known
    }
    const wanted = isSmall ? columns : [column]
    const read = await db.numbers(`SELECT ${wanted.map((c) => `${finite(c)}::DOUBLE`).join(', ')} FROM ${table}`, { signal })
    for (const [i, { id }] of wanted.entries()) {
      const [oldest] = kept.keys()
      if (oldest !== undefined && (kept.size + 1) * rows > KEPT_VALUES) kept.delete(oldest)
      kept.set(id, { values: read[i]!, sorted: await sortNumbers(read[i]!, signal) })
    }
    return kept.get(column.id)!
  }
}

/** The numbers of an array without NaN, ascending; in steps short enough for the process to stay awake. */
export async function sortNumbers(values: Float64Array, signal?: AbortSignal): Promise<Float64Array> {
  let sorted = values.filter((v) => v === v)
  for (let from = 0; from < sorted.length; from += RUN) {
    sorted.subarray(from, from + RUN).sort()
    await breathe(signal)
  }
  for (let length = RUN; length < sorted.length; length *= 2) {
    const merged = new Float64Array(sorted.length)
    for (let from = 0; from < sorted.length; from += 2 * length) {
      mergeRuns(sorted, merged, from, Math.min(sorted.length, from + length), Math.min(sorted.length, from + 2 * length))
      await breathe(signal)
    }
    sorted = merged
  }
  return sorted
}

function mergeRuns(source: Float64Array, into: Float64Array, from: number, middle: number, end: number): void {
  let [left, right] = [from, middle]
  for (let at = from; at < end; at++)
    into[at] = right >= end || (left < middle && source[left]! <= source[right]!) ? source[left++]! : source[right++]!
}
