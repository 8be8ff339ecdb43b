import type { Database } from '../../../../storage/duckdb/database'
import { quoteName } from '../../../../model/sql-quoting'

/** So many different numbers may still be names of classes; a column with more of them is an amount. */
const MOST_VALUES = 20

/** What the rows are stratified by. */
export interface Strata {
  column: string
  /** SQL over the table `source`: the stratum of each row; NULL and NaN are one of their own. */
  sql: string
  /** Upper ends of the ranges of an amount, ascending, but for the last range, which has none; null where every value is a stratum. */
  ends: readonly number[] | null
}

/**
 * Strata of a column of the table `source`: every value by itself, or ranges of equally many rows where it is an amount. An end is the amount
 * at the rank k * n / ranges, rounded up (type 1 of Hyndman and Fan 1996), so equal amounts are in one range; what is so frequent that it
 * would end several ranges, such as 0, ends one. There are fewer ranges where one would have no row for each part.
 */
export async function strataOf(
  db: Database,
  column: string,
  { ranges = 0, test, validation }: { ranges?: number; test: number; validation: number }
): Promise<Strata> {
  const name = quoteName(column)
  const values = { column, sql: name, ends: null }
  if (ranges < 1 || !(await isAmount(db, name))) return values
  const amount = `CAST(${name} AS DOUBLE)`
  const isKnown = `${name} IS NOT NULL AND NOT isnan(${amount})`
  const [{ n: counted }] = await db.all<{ n: number }>(`SELECT count(*) AS n FROM source WHERE ${isKnown}`)
  const n = Number(counted)
  const least = Math.min(test, 1 - test - validation, ...(validation > 0 ? [validation] : []))
  const count = Math.max(1, Math.min(ranges, Math.floor(n * least + 1e-9)))
  const ranks = Array.from({ length: count - 1 }, (_, at) => Math.ceil(((at + 1) * n) / count))
  const ends = await amountsAt(db, { amount, isKnown }, ranks)
  const range = ends.map((end) => `(${amount} > ${literal(end)})::INTEGER`).join(' + ') || '0'
  return { column, sql: `CASE WHEN ${isKnown} THEN ${range} END`, ends }
}

/** The different amounts at these ranks (from 1), ascending, without the largest of all, above which nothing is. */
async function amountsAt(
  db: Database,
  { amount, isKnown }: { amount: string; isKnown: string },
  ranks: readonly number[]
): Promise<number[]> {
  if (ranks.length === 0) return []
  const rows = await db.all<{ v: number }>(
    `SELECT DISTINCT v FROM (
       SELECT ${amount} AS v, row_number() OVER (ORDER BY ${amount}) AS rank, max(${amount}) OVER () AS largest FROM source WHERE ${isKnown})
     WHERE rank IN (${ranks.join()}) AND v < largest ORDER BY v`
  )
  return rows.map(({ v }) => Number(v))
}

/** In quotes: a number without them is read as DECIMAL first and rounded twice. */
const literal = (end: number): string => `'${end}'::DOUBLE`

async function isAmount(db: Database, name: string): Promise<boolean> {
  const [{ type, different }] = await db.all<{ type: string; different: number }>(
    `SELECT any_value(typeof(${name})) AS type, count(DISTINCT ${name}) AS different FROM source`
  )
  return /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL)[^[]*$/.test(type ?? '') && Number(different) > MOST_VALUES
}
