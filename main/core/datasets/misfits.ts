import type { ColumnChoice, Dialect } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import type { Database } from '../../storage/duckdb/database'
import type { BadRowCollector } from './bad-rows'
import { stagedColumn, type StagedTable } from './stage-text'
import { refusalOf } from './text-values'

/** Throws INVALID_INPUT for a choice about a column that is not there. */
export function assertChoicesMatch(choices: readonly ColumnChoice[], sources: readonly string[]): void {
  const unknown = choices.find((c) => !sources.includes(c.source))
  if (unknown)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The file has no column "${unknown.source}". Look at the preview again: the file or its dialect has changed.`,
      {
        details: { column: unknown.source, columns: sources.slice(0, 50) }
      }
    )
}

/** A column and the condition under which its value does not fit its type. */
export type CheckedColumn = { index: number; source: string; unparsed: number; badSql: string; reading: Parameters<typeof refusalOf>[0] }

/** FROM clause of the staged rows whose values fit. */
export function fittingRows(columns: readonly Pick<CheckedColumn, 'unparsed' | 'badSql'>[]): string {
  const misfits = columns.filter((c) => c.unparsed > 0).map((c) => `(${c.badSql})`)
  return `staged${misfits.length > 0 ? ` WHERE NOT (${misfits.join(' OR ')})` : ''}`
}

/** Rows with a value that its column's type does not fit: counted without limit, the first 10,000 with their text. */
export async function collectMisfits(
  db: Database,
  staged: Pick<StagedTable, 'sources' | 'lineOf'>,
  columns: readonly CheckedColumn[],
  dialect: Pick<Dialect, 'delimiter'>,
  bad: BadRowCollector,
  signal?: AbortSignal
): Promise<void> {
  const misfits = columns.filter((c) => c.unparsed > 0)
  if (misfits.length === 0) return
  const first = `CASE ${misfits.map((c, i) => `WHEN ${c.badSql} THEN ${i}`).join(' ')} END`
  const cells = `[${staged.sources.map((_, i) => `left(${stagedColumn(i)}::VARCHAR, 500)`).join(', ')}]`
  const stored = await db.all<{ id: number; first: number; cells: (string | null)[] }>(
    `SELECT id, first, cells FROM (SELECT rowid::DOUBLE AS id, ${first} AS first, ${cells} AS cells FROM staged) WHERE first IS NOT NULL ORDER BY id LIMIT 10000`,
    [],
    { signal }
  )
  const reason = (i: number): string => `"${misfits[i].source}" is ${refusalOf(misfits[i].reading)}`
  const storedCounts = new Map<number, number>()
  for (const row of stored) {
    storedCounts.set(row.first, (storedCounts.get(row.first) ?? 0) + 1)
    const raw = row.cells.map((c) => c ?? '').join(dialect.delimiter)
    bad.add({ line: staged.lineOf(row.id), column: misfits[row.first].source, raw, reason: reason(row.first) })
  }
  const totals = await db.all<{ first: number; n: number }>(
    `SELECT first, count(*)::DOUBLE AS n FROM (SELECT ${first} AS first FROM staged) WHERE first IS NOT NULL GROUP BY first ORDER BY first`,
    [],
    { signal }
  )
  for (const t of totals) bad.addCount(reason(t.first), t.n - (storedCounts.get(t.first) ?? 0))
}
