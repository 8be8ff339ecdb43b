import type { ImportRule, Notice } from '../../model/dataset'
import type { Database } from '../../storage/duckdb/database'
import { quoteText } from '../../model/sql-quoting'
import { stagedColumn, type StagedTable } from './stage-text'
import { byteMarks, markedCharacters, markPattern, withBytes, withoutMarks } from './text-decoder'

const BATCH = 100
const NAMED_LINES = 20

/** Reads the cells with bytes that are no UTF-8 as Windows-1252, in `staged` itself, and says which they were. */
export async function repairCells(
  db: Database,
  staged: StagedTable,
  signal?: AbortSignal
): Promise<{ rules: ImportRule[]; notices: Notice[] }> {
  staged.sources = staged.sources.map(withoutMarks)
  const isMarked = (index: number): string => `regexp_matches(${stagedColumn(index)}, ${quoteText(markPattern)})`
  const counts: number[] = []
  for (let from = 0; from < staged.sources.length; from += BATCH) {
    const part = staged.sources.slice(from, from + BATCH).map((_, k) => `(count(*) FILTER (WHERE ${isMarked(from + k)}))::DOUBLE`)
    counts.push(...(await db.query(`SELECT ${part.join(', ')} FROM staged`, [], { signal })).rows[0].map(Number))
  }
  const rules: ImportRule[] = []
  const lines = new Set<number>()
  for (const [index, cells] of counts.entries()) {
    if (cells === 0) continue
    const column = stagedColumn(index)
    const { rows } = await db.query(
      `SELECT rowid::DOUBLE, left(${column}, 80) FROM staged WHERE ${isMarked(index)} ORDER BY rowid LIMIT ${NAMED_LINES}`,
      [],
      { signal }
    )
    for (const [id] of rows) lines.add(staged.lineOf(Number(id)))
    rules.push({
      column: staged.sources[index],
      rule: 'encoding',
      cells,
      examples: rows.slice(0, 5).map(([id, text]) => ({
        line: staged.lineOf(Number(id)),
        from: withBytes(String(text)),
        to: withoutMarks(String(text))
      })),
      detail: `${cells.toLocaleString('en')} ${cells === 1 ? 'cell' : 'cells'} of "${staged.sources[index]}" ${cells === 1 ? 'has' : 'have'} bytes that are no UTF-8; they are read as Windows-1252, the rest of the file as UTF-8.`,
      choice: { dialect: { encoding: 'windows-1252' } }
    })
    await db.run(
      `UPDATE staged SET ${column} = translate(${column}, ${quoteText(byteMarks)}, ${quoteText(markedCharacters)}) WHERE ${isMarked(index)}`,
      [],
      { signal }
    )
  }
  const named = [...lines].sort((a, b) => a - b).slice(0, NAMED_LINES)
  const notices: Notice[] = [
    {
      severity: 'warning',
      title: 'Bytes that are no UTF-8',
      detail: `The file is UTF-8 but for some bytes${named.length > 0 ? ` in ${named.length === 1 ? 'line' : 'lines'} ${named.join(', ')}${lines.size > NAMED_LINES ? ' and further ones' : ''}` : ' outside of the cells'}. They are read as Windows-1252; everything else is as it stands. Look at these cells.`,
      column: null,
      line: named[0] ?? null
    }
  ]
  return { rules, notices }
}
