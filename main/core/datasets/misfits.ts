import type { BadRow, BadRowReport, ColumnChoice, Misfit, MisfitCounts, MisfitPage, MisfitRequest } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import type { Database } from '../../storage/duckdb/database'
import { stagedColumn, type StagedTable } from './stage-text'
import { refusalOf } from './text-values'

/** More cells are counted, not kept: their texts would weigh more than the version. */
const MAX_KEPT = 250_000
const MAX_TEXT = 500

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

/** Misfit cells as they are kept: columns by number, cells in the order of the rows. */
export interface MisfitCells {
  counts: MisfitCounts
  /** Names of the columns by the numbers in `column`. */
  columns: string[]
  reasons: string[]
  row: number[]
  line: number[]
  column: number[]
  text: string[]
}

/** Cells that their column's type does not fit: all counted, the first 250,000 with their text. `nameOf` gives the name in the version. */
export async function collectMisfits(
  db: Database,
  staged: Pick<StagedTable, 'lineOf'>,
  columns: readonly CheckedColumn[],
  nameOf: (source: string) => string,
  signal?: AbortSignal
): Promise<MisfitCells> {
  const misfits = columns.filter((c) => c.unparsed > 0)
  const names = misfits.map((c) => nameOf(c.source))
  const reasons = misfits.map((c) => refusalOf(c.reading))
  const cells: { row: number; column: number; text: string }[] = []
  for (const [column, c] of misfits.entries()) {
    const found = await db.query(
      `SELECT rowid::DOUBLE + 1, left(coalesce(${stagedColumn(c.index)}::VARCHAR, ''), ${MAX_TEXT}) FROM staged WHERE ${c.badSql} ORDER BY rowid LIMIT ${MAX_KEPT}`,
      [],
      { signal }
    )
    for (const [row, text] of found.rows) cells.push({ row: Number(row), column, text: String(text) })
  }
  cells.sort((a, b) => a.row - b.row || a.column - b.column)
  const kept = cells.slice(0, MAX_KEPT)
  // No OR: the engine turns those of many conditions around until it has no memory left.
  const any = misfits.length > 0 ? `CASE ${misfits.map((c) => `WHEN ${c.badSql} THEN true`).join(' ')} ELSE false END` : 'false'
  const [[rows]] = (await db.query(`SELECT (count(*) FILTER (WHERE ${any}))::DOUBLE FROM staged`, [], { signal })).rows
  return {
    counts: {
      cells: misfits.reduce((n, c) => n + c.unparsed, 0),
      rows: Number(rows),
      columns: misfits
        .map((c, i) => ({ column: names[i], cells: c.unparsed, reason: reasons[i] }))
        .sort((a, b) => b.cells - a.cells || (a.column < b.column ? -1 : 1))
    },
    columns: names,
    reasons,
    row: kept.map((cell) => cell.row),
    line: kept.map((cell) => staged.lineOf(cell.row - 1)),
    column: kept.map((cell) => cell.column),
    text: kept.map((cell) => cell.text)
  }
}

export const noMisfits: MisfitCounts = { cells: 0, rows: 0, columns: [] }

export const noCells: MisfitCells = { counts: noMisfits, columns: [], reasons: [], row: [], line: [], column: [], text: [] }
const noLoss: BadRowReport = { count: 0, rows: [], reasons: [] }

/** The misfits that a request asks for, cells and lost rows in one list by line. */
export function misfitPage(
  stored: MisfitCells = noCells,
  lost: BadRowReport = noLoss,
  { column, what, offset = 0, limit = 100 }: MisfitRequest = {}
): MisfitPage {
  const wanted = column === undefined ? undefined : stored.columns.indexOf(column)
  const cells = what === 'row' ? [] : stored.row.flatMap((_, i) => (wanted === undefined || stored.column[i] === wanted ? [i] : []))
  // A version of before cells were kept for themselves lost the whole row for one of them; its report names the column.
  const rows = what === 'cell' ? [] : lost.rows.filter((row) => column === undefined || row.column === column)
  const misfits: Misfit[] = []
  for (let at = 0, cell = 0, row = 0; at < offset + limit && cell + row < cells.length + rows.length; at++) {
    const isRow = row < rows.length && (cell === cells.length || rows[row].line < stored.line[cells[cell]])
    if (at >= offset) misfits.push(isRow ? lostRow(rows[row]) : keptCell(stored, cells[cell]))
    if (isRow) row++
    else cell++
  }
  return { ...stored.counts, rowsLost: lost.count, losses: lost.reasons, misfits, offset, total: cells.length + rows.length }
}

const lostRow = ({ line, column, raw, reason }: BadRow): Misfit => ({ what: 'row', line, row: null, column, text: raw, reason })
const keptCell = ({ line, row, column, text, columns, reasons }: MisfitCells, i: number): Misfit => ({
  what: 'cell',
  line: line[i],
  row: row[i],
  column: columns[column[i]],
  text: text[i],
  reason: reasons[column[i]]
})
