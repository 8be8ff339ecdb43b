import { WorkbenchError } from '../../../../model/errors'
import type { Database } from '../../../../storage/duckdb/database'
import { quoteName } from '../../../../model/sql-quoting'
import { strataOf, type Strata } from './strata'

export type Part = 'train' | 'validation' | 'test'

/** What a split was asked for; shares are of the rows. */
export interface SplitRequest {
  by: 'random' | 'time' | 'group'
  test: number
  validation: number
  column?: string
  stratify?: string
  /** How many ranges an amount to stratify by is cut into; every value is a stratum of its own with 0 or without it. */
  ranges?: number
  seed: number
}

/** Number of every row of the table `source`, from 1. */
export const ROW = '__drydock_row'

export const partsOf = (asked: SplitRequest): Part[] => (asked.validation > 0 ? ['train', 'validation', 'test'] : ['train', 'test'])

export async function countRows(db: Database, from: string): Promise<number> {
  const [{ n }] = await db.all<{ n: number }>(`SELECT count(*) AS n FROM ${from}`)
  return Number(n)
}

/**
 * Makes the table `assigned` with the part of every row of `source`. The random order is the md5 of seed and row (or group), because that is
 * the same in every version and on every machine. No part is empty as long as there are enough rows, times or groups.
 * Returns what the rows were stratified by; null where they were not.
 * @throws WorkbenchError INVALID_INPUT for a time column that has no order in time, CANCELLED
 */
export async function assignRows(db: Database, asked: SplitRequest, total: number, signal?: AbortSignal): Promise<Strata | null> {
  if (asked.by === 'random') {
    const strata = asked.stratify === undefined ? null : await strataOf(db, asked.stratify, asked)
    await db.run(randomAssignment(asked, strata?.sql ?? '1'), [], { signal })
    return strata
  }
  if (asked.by === 'time') await assertTimes(db, asked.column!, total)
  await db.run(setsInOrder(asked, total), [], { signal })
  await db.run(cutAssignment(asked, total), [], { signal })
  return null
}

/**
 * Every stratum gets the share that is due to all rows up to its end, less what those before it got: strata of one or two rows do not all
 * round to the same side, and the whole is as exact as without strata.
 */
function randomAssignment({ test, validation, seed }: SplitRequest, stratum: string): string {
  const due = (upto: string): string => `round((${upto}) * ${test}::DOUBLE)`
  const dueNext = (upto: string): string => `round((${upto} - ${due(upto)}) * ${validation / (1 - test)}::DOUBLE)`
  return `CREATE TABLE assigned AS
    WITH strata AS (SELECT value, n, sum(n) OVER (ORDER BY value NULLS LAST ROWS UNBOUNDED PRECEDING) AS upto
        FROM (SELECT ${stratum} AS value, count(*) AS n FROM source GROUP BY 1)),
      quotas AS (SELECT value, ${due('upto')} - ${due('upto - n')} AS test, ${dueNext('upto')} - ${dueNext('(upto - n)')} AS validation FROM strata),
      ranked AS (SELECT ${ROW}, ${stratum} AS value, row_number() OVER (PARTITION BY ${stratum} ORDER BY md5('${seed}:' || ${ROW})) AS rank FROM source)
    SELECT ${ROW}, CASE WHEN rank <= test THEN 'test' WHEN rank <= test + validation THEN 'validation' ELSE 'train' END AS part
    FROM ranked r JOIN quotas q ON r.value IS NOT DISTINCT FROM q.value`
}

/** Rows of equal time or group as one set, in the order in which the parts take them: newest first, or by chance. */
function setsInOrder({ by, column, seed, test }: SplitRequest, total: number): string {
  // A group of more than twice the test's share would fill the test alone wherever chance puts it, so such groups come last, smallest first.
  const large = 2 * test * total
  const order =
    by === 'time'
      ? 'value DESC'
      : `CASE WHEN n > ${large}::DOUBLE THEN n ELSE 0 END, md5('${seed}:' || coalesce(CAST(value AS VARCHAR), '∅')), value NULLS LAST`
  return `CREATE TABLE sets AS SELECT value, n, row_number() OVER (ORDER BY ${order}) AS place, sum(n) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) AS upto
    FROM (SELECT ${quoteName(column!)} AS value, count(*) AS n FROM source GROUP BY 1)`
}

/** Sets stay whole: each part ends at the set whose end is nearest to what was asked, and leaves at least one set to every other part. */
function cutAssignment(asked: SplitRequest, total: number): string {
  const later = partsOf(asked).length - 1
  const nearest = (from: string, left: number, share: number): string =>
    `SELECT place FROM sets WHERE place > ${from} AND place <= (SELECT count(*) FROM sets) - ${left} ORDER BY abs(upto - ${total * share}::DOUBLE), place LIMIT 1`
  const test = `(${nearest('0', later, asked.test)})`
  const validation = asked.validation > 0 ? `(${nearest(test, 1, asked.test + asked.validation)})` : '0'
  return `CREATE TABLE assigned AS
    WITH placed AS (SELECT value, CASE WHEN place <= ${test} THEN 'test' WHEN place <= ${validation} THEN 'validation' ELSE 'train' END AS part FROM sets)
    SELECT s.${ROW}, p.part FROM source s JOIN placed p ON s.${quoteName(asked.column!)} IS NOT DISTINCT FROM p.value`
}

async function assertTimes(db: Database, name: string, total: number): Promise<void> {
  const column = quoteName(name)
  const [{ type }] = await db.all<{ type: string }>(`SELECT typeof(${column}) AS type FROM source LIMIT 1`)
  if (!/^(DATE|TIME|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL)[^[]*$/.test(type))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${name}" has the type ${type}, whose order is not that of time. Turn it into a date, a timestamp or a number in a sql step before, such as CAST(${column} AS DATE).`,
      { details: { column: name, type } }
    )
  const isNumber = /^(FLOAT|DOUBLE)/.test(type)
  const missing = await countRows(db, `source WHERE ${column} IS NULL${isNumber ? ` OR isnan(${column})` : ''}`)
  if (missing > 0)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `${missing} of ${total} rows have no value in "${name}", so it is not known whether they are earlier or later. Drop or fill them in a step before.`,
      { details: { missing } }
    )
}
