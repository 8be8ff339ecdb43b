import type { ColumnProfile } from '../../model/quality'
import { quoteText } from '../../model/sql-quoting'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { finite } from './column-numbers'

const MIN_SUPPORT = 30
const MIN_LIFT = 3
const MIN_RATE = 0.5
/** A category may predict well for good reasons, so it must nearly decide the outcome. */
const MIN_CATEGORY_RATE = 0.75

export interface Indicator {
  column: AnalysisColumn
  /** SQL condition. */
  condition: string
  words: string
  isCategory?: boolean
}
export interface Lift {
  words: string
  isCategory: boolean
  support: number
  events: number
  rate: number
  lift: number
  low: number
  high: number
}

/** Whether an outcome is so much more likely where an indicator holds that the value was probably written down because of it. */
export const liftRule = ({ support, low, rate, isCategory }: Pick<Lift, 'support' | 'low' | 'rate' | 'isCategory'>): boolean =>
  support >= MIN_SUPPORT && low >= MIN_LIFT && rate >= (isCategory ? MIN_CATEGORY_RATE : MIN_RATE)

/** What a column says of a row besides its exact value. */
export function indicatorsOf(column: AnalysisColumn, p: ColumnProfile, values: readonly string[]): Indicator[] {
  const list: Indicator[] = []
  if (p.missing > 0) {
    list.push({ column, condition: `${column.id} IS NULL`, words: 'missing' })
    list.push({ column, condition: `${column.id} IS NOT NULL`, words: 'filled in' })
  }
  if (column.isNumeric && p.numeric!.zeros > 0) {
    list.push({ column, condition: `${finite(column)} > 0`, words: 'above zero' })
    list.push({ column, condition: `${finite(column)} = 0`, words: 'zero' })
    if (p.numeric!.negatives > 0) list.push({ column, condition: `${finite(column)} < 0`, words: 'below zero' })
  }
  if (!column.isNumeric && !column.isTime)
    for (const value of values)
      list.push({ column, condition: `${column.id}::VARCHAR = ${quoteText(value)}`, words: `"${value.slice(0, 60)}"`, isCategory: true })
  return list
}

/** Values of a column of texts that are frequent enough to be indicators. */
export async function commonValues(table: AnalysisTable, column: AnalysisColumn): Promise<string[]> {
  if (column.isNumeric || column.isTime) return []
  const rows = await table.query(
    `SELECT v FROM (SELECT ${column.id}::VARCHAR AS v, count(*) AS n FROM ${TABLE} WHERE ${column.id} IS NOT NULL GROUP BY v HAVING n >= ${MIN_SUPPORT} ORDER BY n DESC, v LIMIT 200)`
  )
  return rows.map(([v]) => String(v))
}
