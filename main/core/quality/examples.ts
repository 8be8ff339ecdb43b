import type { FindingExample } from '../../model/quality'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'

/** The first ten rows that meet an SQL condition, with a value to show. */
export async function examplesWhere(
  table: AnalysisTable,
  condition: string,
  show: string,
  parameters: (string | number)[] = []
): Promise<FindingExample[]> {
  const rows = await table.query(
    `SELECT rowid::DOUBLE + 1, left((${show})::VARCHAR, 200) FROM ${TABLE} WHERE ${condition} ORDER BY rowid LIMIT 10`,
    parameters
  )
  return rows.map(([row, value]) => ({ row: Number(row), value: value === null ? '(missing)' : String(value) }))
}

/** In how many rows the value of a numeric column is of a kind, and the first ten of them. */
export function pickRows(values: Float64Array, holds: (value: number) => boolean): { count: number; examples: FindingExample[] } {
  const picked = { count: 0, examples: [] as FindingExample[] }
  for (let row = 0; row < values.length; row++) {
    if (!holds(values[row]!)) continue
    picked.count++
    if (picked.examples.length < 10) picked.examples.push({ row: row + 1, value: String(values[row]) })
  }
  return picked
}

export interface DistinctValue {
  value: string
  count: number
  firstRow: number
}

/** Up to 20,000 different values of a column with their counts, most frequent first. */
export async function distinctValues(table: AnalysisTable, column: AnalysisColumn): Promise<DistinctValue[]> {
  const rows = await table.query(
    `SELECT left(v, 400), n::DOUBLE, r::DOUBLE FROM (SELECT ${column.id}::VARCHAR AS v, count(*) AS n, min(rowid) + 1 AS r FROM ${TABLE} WHERE ${column.id} IS NOT NULL GROUP BY v ORDER BY n DESC, v LIMIT 20000)`
  )
  return rows.map(([value, count, row]) => ({ value: String(value), count: Number(count), firstRow: Number(row) }))
}

/** Values as examples, each with its count and the row it first occurs in. */
export const valueExamples = (values: readonly DistinctValue[]): FindingExample[] =>
  values.slice(0, 10).map((v) => ({ row: v.firstRow, value: `${JSON.stringify(v.value)} (${v.count}x)` }))
