import { arrowColumns } from '../../storage/arrow'
import { inspectArrowFile } from '../../storage/arrow/inspect'
import { openDatabase } from '../../storage/duckdb/database'
import { quoteName, quoteText } from '../../model/sql-quoting'
import { countOf } from '../../model/count-of'
import { dirname } from 'node:path'

/**
 * Where two Arrow tables differ first, in words: columns, types, number of rows, else the first row with another value, its column and how many
 * cells of that column differ. Rows are counted from 1.
 */
export async function firstDifference(recorded: string, fresh: string, signal?: AbortSignal): Promise<string> {
  const [before, now] = [arrowColumns(recorded), arrowColumns(fresh)]
  const gone = before.find(({ name }) => !now.some((column) => column.name === name))
  if (gone) return `The column "${gone.name}" is not there any more.`
  const added = now.find(({ name }) => !before.some((column) => column.name === name))
  if (added) return `The column "${added.name}" is new.`
  const retyped = before.find(({ name, type }) => now.find((column) => column.name === name)?.type !== type)
  if (retyped) return `The column "${retyped.name}" was ${retyped.type} and is ${now.find(({ name }) => name === retyped.name)?.type}.`
  const [rowsBefore, rowsNow] = await Promise.all([recorded, fresh].map(async (path) => (await inspectArrowFile(path)).rows))
  const more = rowsBefore === rowsNow ? '' : ` It had ${countOf(rowsBefore!, 'row')} and has ${rowsNow!.toLocaleString('en')}.`
  const db = await openDatabase({ readDirectories: [...new Set([dirname(recorded), dirname(fresh)])], memoryLimit: '1GB' })
  try {
    let first: { row: number; column: string; was: string | null; is: string | null; cells: number } | undefined
    for (const { name } of before) {
      const column = quoteName(name)
      const [found] = await db.all<{ row: number | null; cells: number; was: string | null; now: string | null }>(
        `SELECT min(n)::DOUBLE AS row, count(*)::DOUBLE AS cells, arg_min(a, n) AS was, arg_min(b, n) AS now FROM (
           SELECT a.n AS n, coalesce(a.v::VARCHAR, '(missing)') AS a, coalesce(b.v::VARCHAR, '(missing)') AS b
           FROM (SELECT row_number() OVER () AS n, ${column} AS v FROM read_arrow(${quoteText(recorded)})) a
           JOIN (SELECT row_number() OVER () AS n, ${column} AS v FROM read_arrow(${quoteText(fresh)})) b ON a.n = b.n
           WHERE a.v IS DISTINCT FROM b.v)`,
        [],
        { signal }
      )
      if (found && found.row !== null && (first === undefined || found.row < first.row))
        first = { row: found.row, column: name, was: found.was, is: found.now, cells: found.cells }
    }
    if (first === undefined) return more.trim() || 'Every cell is the same; the files are written otherwise.'
    return `The first other cell is row ${first.row} of "${first.column}", which was ${first.was} and is ${first.is}; ${countOf(first.cells, 'cell')} of that column ${first.cells === 1 ? 'differs' : 'differ'}.${more}`
  } finally {
    await db.close()
  }
}
