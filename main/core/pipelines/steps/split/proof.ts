import { countOf } from '../../../../model/count-of'
import { WorkbenchError } from '../../../../model/errors'
import type { Database } from '../../../../storage/duckdb/database'
import { countRows, partsOf, ROW, type Part, type SplitRequest } from './assignment'
import { quoteName } from '../../../../model/sql-quoting'
import type { Strata } from './strata'

/** Beyond this difference of a share, the report says that a part is not as large as asked. */
const tolerance = 0.01

/**
 * Checks on the tables `source` and `assigned` what a split promises, and returns the report that says so.
 * @throws WorkbenchError INVALID_INPUT for an empty part, INTERNAL when a promise does not hold
 */
export async function proveSplit(
  db: Database,
  asked: SplitRequest,
  total: number,
  strata: Strata | null = null
): Promise<{ notes: string[] } & Record<string, unknown>> {
  const parts = partsOf(asked)
  const sizes: Record<string, number> = {}
  for (const part of parts) sizes[part] = await countRows(db, `assigned WHERE part = '${part}'`)
  const repeated = await countRows(db, `(SELECT ${ROW} FROM assigned GROUP BY 1 HAVING count(*) > 1)`)
  if (Object.values(sizes).reduce((sum, n) => sum + n, 0) !== total || repeated > 0)
    throw broken(`The parts do not add up to the ${total} rows of the table.`)
  const empty = parts.find((part) => sizes[part] === 0)
  if (empty)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The part "${empty}" is empty. ${asked.by === 'group' ? `"${asked.column}" has too few groups.` : asked.by === 'time' ? `"${asked.column}" has too few different times.` : 'The table is too small for these shares.'} Change the shares or the way of splitting.`,
      { details: { sizes } }
    )
  const joined = `source s JOIN assigned a ON a.${ROW} = s.${ROW}`
  const shares = Object.fromEntries(parts.map((part) => [part, sizes[part] / total]))
  const wanted = { test: asked.test, validation: asked.validation, train: 1 - asked.test - asked.validation }
  const notes = parts
    .filter((part) => Math.abs(shares[part] - wanted[part]) > tolerance)
    .map(
      (part) =>
        `The part "${part}" has ${percent(shares[part])} of the rows where ${percent(wanted[part])} were asked for, because ${asked.by === 'random' ? 'there are few rows' : `rows of equal "${asked.column}" stay together`}.`
    )
  return {
    schema: 'drydock.split-report',
    version: 1,
    by: asked.by,
    seed: asked.seed,
    column: asked.column ?? null,
    stratify: asked.stratify ?? null,
    rows: total,
    parts: sizes,
    asked: Object.fromEntries(parts.map((part) => [part, wanted[part]])),
    shares,
    sharedRows: 0,
    // Equal rows in two parts are no fault of the split, but they let a model be judged by what it has seen.
    equalRowsInTrainAndTest: await countRows(
      db,
      `(SELECT s.* EXCLUDE (${ROW}) FROM ${joined} WHERE a.part = 'test' INTERSECT SELECT s.* EXCLUDE (${ROW}) FROM ${joined} WHERE a.part = 'train')`
    ),
    ...(strata?.ends ? await proveRanges(db, strata, strata.ends, parts, notes) : {}),
    ...(asked.by === 'group' ? await proveGroups(db, asked.column!, joined, notes) : {}),
    ...(asked.by === 'time' ? await proveTimes(db, asked, joined) : {}),
    notes
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`
const broken = (what: string): WorkbenchError => new WorkbenchError('INTERNAL', `${what} Nothing was kept; report this with the pipeline.`)

/** How the rows of each range of an amount were divided; nobody reads it as a promise, because shares of few rows are rounded. */
async function proveRanges(
  db: Database,
  { column, sql }: Strata,
  ends: readonly number[],
  parts: readonly Part[],
  notes: string[]
): Promise<Record<string, unknown>> {
  const counts = parts.map((part) => `(count(*) FILTER (a.part = '${part}'))::DOUBLE AS ${part}`)
  const rows = await db.all<{ range: number | null } & Record<Part, number>>(
    `SELECT ${sql} AS range, ${counts.join(', ')} FROM source s JOIN assigned a ON a.${ROW} = s.${ROW} GROUP BY 1 ORDER BY 1 NULLS LAST`
  )
  const ranges = rows.map((row) => ({
    ...(row.range === null ? { isMissing: true } : { above: ends[Number(row.range) - 1] ?? null, upTo: ends[Number(row.range)] ?? null }),
    parts: Object.fromEntries(parts.map((part) => [part, Number(row[part])]))
  }))
  notes.push(
    ends.length === 0
      ? `"${column}" has too few rows, or one amount in nearly all of them, so it was not cut into ranges${ranges.some((range) => 'isMissing' in range) ? '; only rows without one were divided apart' : ' and the rows were divided without "stratify"'}.`
      : `Stratified by ${ends.length + 1} ranges of "${column}".`
  )
  return { ranges }
}

async function proveGroups(db: Database, name: string, joined: string, notes: string[]): Promise<Record<string, unknown>> {
  const column = `s.${quoteName(name)}`
  const sharedGroups = await countRows(db, `(SELECT ${column} FROM ${joined} GROUP BY 1 HAVING count(DISTINCT a.part) > 1)`)
  if (sharedGroups !== 0) throw broken('A group is in two parts.')
  const rowsWithoutGroup = await countRows(db, `source s WHERE ${column} IS NULL`)
  if (rowsWithoutGroup > 0)
    notes.push(
      rowsWithoutGroup === 1
        ? `1 row has no value in "${name}"; it is a group of its own.`
        : `${countOf(rowsWithoutGroup, 'row')} have no value in "${name}"; they stay together as one group.`
    )
  return { sharedGroups, groups: await countRows(db, `(SELECT DISTINCT ${column} FROM source s)`), rowsWithoutGroup }
}

async function proveTimes(db: Database, asked: SplitRequest, joined: string): Promise<Record<string, unknown>> {
  const column = `s.${quoteName(asked.column!)}`
  const bound = (which: 'min' | 'max', part: string): string => `${which}(${column}) FILTER (a.part = '${part}')`
  const parts = partsOf(asked)
  const later = parts.slice(1).map((part, index) => `${bound('max', parts[index])} < ${bound('min', part)}`)
  const [{ ok }] = await db.all<{ ok: boolean }>(`SELECT ${later.join(' AND ')} AS ok FROM ${joined}`)
  if (ok !== true) throw broken('The test is not later than the rest.')
  const ranges = await db.all<{ part: string; first: string; last: string }>(
    `SELECT a.part AS part, CAST(min(${column}) AS VARCHAR) AS first, CAST(max(${column}) AS VARCHAR) AS last FROM ${joined} GROUP BY 1`
  )
  return { ranges: Object.fromEntries(ranges.map(({ part, first, last }) => [part, { first, last }])) }
}
