import type { QualityFinding } from '../../model/quality'
import { describeUnchecked, shortInstant, type SplitCheck } from '../../model/split-check'
import { quoteName, quoteText } from '../../model/sql-quoting'
import type { Database } from '../../storage/duckdb/database'
import { countOf, createFinding, percent } from './finding'

export interface SplitColumns {
  /** Columns that name what must be on one side only. */
  entities: Readonly<Record<string, 'group' | 'identifier'>>
  /** Columns that say when a row came to be. */
  times: readonly string[]
  /** What the pipeline divided the rows by, where that is not at random. */
  divided?: { by: 'group' | 'time'; column: string | null }
}

/** Arrow files of what a model learned from (one or several) and of the rows that it is judged by. */
export interface SplitTables {
  training: readonly string[]
  judged: string
}

/** Compares both sides of a split by the columns that all of its tables have; missing values are no entity and have no time. */
export async function checkSplit(db: Database, tables: SplitTables, columns: SplitColumns, signal?: AbortSignal): Promise<SplitCheck> {
  const read = (path: string): string => `read_arrow(${quoteText(path)})`
  const types = await Promise.all(
    [tables.judged, ...tables.training].map(
      async (path) => new Map((await db.describe(`SELECT * FROM ${read(path)}`)).map((c) => [c.name, c.type]))
    )
  )
  const inAll = (name: string): boolean => tables.training.length > 0 && types.every((own) => own.has(name))
  const training = (expression: string): string =>
    tables.training.map((path) => `SELECT ${expression} AS v FROM ${read(path)}`).join(' UNION ALL ')
  const [judged] = await db.all<{ n: number }>(`SELECT count(*) AS n FROM ${read(tables.judged)}`, [], { signal })
  const check: SplitCheck = { judgedRows: Number(judged!.n), groups: [], times: [] }
  const absent: NonNullable<SplitCheck['absent']> = []
  for (const [column, role] of Object.entries(columns.entities)) {
    if (!inAll(column)) {
      // That rows lost their number is usual, that they lost their group is not.
      if (role === 'group' && tables.training.length > 0) absent.push({ column, role })
      continue
    }
    const value = `${quoteName(column)}::VARCHAR`
    const [found] = await db.all<{ shared: number; every: number; rows: number; named: number }>(
      `WITH judged AS (SELECT ${value} AS v, count(*) AS n FROM ${read(tables.judged)} WHERE ${quoteName(column)} IS NOT NULL GROUP BY 1), known AS (SELECT DISTINCT v FROM (${training(value)}))
       SELECT count(k.v)::DOUBLE AS shared, count(*)::DOUBLE AS every, coalesce(sum(j.n) FILTER (WHERE k.v IS NOT NULL), 0)::DOUBLE AS rows, coalesce(sum(j.n), 0)::DOUBLE AS named FROM judged j LEFT JOIN known k ON k.v = j.v`,
      [],
      { signal }
    )
    const { shared, every, rows, named } = found!
    const unnamed = check.judgedRows - Number(named)
    check.groups.push({ column, role, shared: Number(shared), of: Number(every), rows: Number(rows), unnamed })
  }
  for (const column of columns.times) {
    if (!inAll(column) && tables.training.length > 0) absent.push({ column, role: 'time' })
    const cast = inAll(column) ? orderOf(types.map((own) => own.get(column)!)) : undefined
    if (!cast) continue
    const value = `${quoteName(column)}::${cast}`
    const [found] = await db.all<{ overlap: number; every: number; ends: string | null; begins: string | null }>(
      `WITH judged AS (SELECT min(${value}) AS begins FROM ${read(tables.judged)})
       SELECT (count(*) FILTER (WHERE v > begins))::DOUBLE AS overlap, count(v)::DOUBLE AS every, max(v)::VARCHAR AS ends, any_value(begins)::VARCHAR AS begins FROM (${training(value)}), judged`,
      [],
      { signal }
    )
    const { overlap, every, ends, begins } = found!
    const dividedBy = columns.divided && columns.divided.column !== column ? columns.divided.by : undefined
    const time = { column, overlap: Number(overlap), of: Number(every), trainingEnds: ends, judgedBegins: begins }
    check.times.push(dividedBy ? { ...time, dividedBy } : time)
  }
  return absent.length > 0 ? { ...check, absent } : check
}

/** The type in which times of these types are compared; undefined where one of them has no order in time. */
function orderOf(types: readonly string[]): string | undefined {
  if (types.every((type) => /^(DATE|TIMESTAMP)/.test(type))) return 'TIMESTAMP'
  return types.every((type) => /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL)/.test(type)) ? 'DOUBLE' : undefined
}

/**
 * The ties between both sides as findings of a quality report, each an error, or a note where the split is declared to be by something else
 * than that time; a warning for what could not be looked at.
 */
export const splitFindings = ({ judgedRows, ...check }: SplitCheck): QualityFinding[] => [
  ...check.groups
    .filter(({ shared }) => shared > 0)
    .map(({ column, role, shared, of, rows }) =>
      createFinding({
        kind: 'split-group-leakage',
        severity: 'error',
        columns: [column],
        title: `${countOf(shared, 'value')} of "${column}" on both sides of the split`,
        what: `${shared.toLocaleString('en')} of the ${of.toLocaleString('en')} values on the judged side are in training too, with ${countOf(rows, 'judged row')} (${percent(judgedRows === 0 ? 0 : rows / judgedRows)}).`,
        meaning: 'The model can recognise the entity and not the pattern; on new entities it will do worse than measured.',
        next: `Split by the group "${column}".`,
        count: rows,
        of: judgedRows,
        evidence: { shared, of, role }
      })
    ),
  ...check.times
    .filter(({ overlap }) => overlap > 0)
    .map(({ column, overlap, of, trainingEnds, judgedBegins, dividedBy }) =>
      createFinding({
        kind: 'split-time-leakage',
        severity: dividedBy ? 'info' : 'error',
        columns: [column],
        title: `${countOf(overlap, 'training row')} later than the first judged row`,
        what: `By "${column}" training reaches to ${shortInstant(trainingEnds)}, but the judged rows begin at ${shortInstant(judgedBegins)}.`,
        meaning: 'What happened later tells about what happened before; in use the later rows do not exist yet.',
        next: `Split by time on "${column}", or give the column another role where time does not matter.`,
        count: overlap,
        of,
        evidence: { trainingEnds, judgedBegins }
      })
    ),
  ...describeUnchecked({ judgedRows, ...check }).map((what, index) =>
    createFinding({
      kind: 'split-not-checked',
      severity: 'warning',
      columns: [],
      title: what.split(',')[0]!,
      what,
      meaning: 'That no tie was found does not mean that there is none.',
      next: `Keep "${check.absent![index]!.column}" in the query before the split; by its role no model learns from it, or leave it out of the features.`,
      count: 0,
      of: judgedRows,
      evidence: { ...check.absent![index]! }
    })
  )
]

/** Whether anything was looked for, found or not. */
export const looked = ({ groups, times, absent = [] }: SplitCheck): boolean => groups.length + times.length + absent.length > 0
