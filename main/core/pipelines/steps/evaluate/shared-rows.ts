import type { Database } from '../../../../storage/duckdb/database'
import { quoteName, quoteText } from '../../../../model/sql-quoting'

/** Two Arrow files and the column with the outcome. */
export interface ComparedTables {
  judged: string
  training: string
  target: string
}

/**
 * Judged rows with an outcome that the training table holds too: rows are compared by a digest over all columns that both tables have, as
 * text where their types differ. Null when the tables share no column.
 */
export async function countSharedRows(db: Database, { judged, training, target }: ComparedTables): Promise<number | null> {
  const from = (path: string): string => `read_arrow(${quoteText(path)})`
  const columnsOf = async (path: string): Promise<Map<string, string>> =>
    new Map((await db.describe(`SELECT * FROM ${from(path)}`)).map(({ name, type }) => [name, type]))
  const [ours, theirs] = [await columnsOf(judged), await columnsOf(training)]
  const common = [...ours].filter(([name]) => theirs.has(name))
  if (common.length === 0) return null
  const digest = common
    .map(([name, type]) => (theirs.get(name) === type ? quoteName(name) : `CAST(${quoteName(name)} AS VARCHAR)`))
    .map((value) => `${value}, ${value} IS NULL`)
    .join(', ')
  const known = ours.has(target) ? `WHERE ${quoteName(target)} IS NOT NULL` : ''
  const [{ n }] = await db.all<{ n: number | bigint }>(
    `SELECT count(*) AS n FROM (SELECT hash(${digest}) AS digest FROM ${from(judged)} ${known}) WHERE digest IN (SELECT hash(${digest}) FROM ${from(training)})`
  )
  return Number(n)
}
