import type { ImportRule, Notice } from '../../model/dataset'
import type { ImportSession } from './source-table'
import { stagedColumn } from './stage-text'

/** A staged column whose values lose digits in `cut` rows, those where `cutSql` holds. */
interface CutColumn {
  index: number
  source: string
  sql: string
  cutSql?: string
  textSql?: string
  cut: number
}

/** Says of each column how many of its times are finer than it keeps, with the first of them. */
export async function cutDigits(
  { db, options: { signal } }: ImportSession,
  columns: readonly CutColumn[]
): Promise<{ rule: ImportRule; notice: Notice }[]> {
  const found: { rule: ImportRule; notice: Notice }[] = []
  for (const { index, source, sql, cutSql, textSql, cut } of columns) {
    if (cut === 0) continue
    const { rows } = await db.query(
      `SELECT rowid::DOUBLE + 1, ${textSql ?? `${stagedColumn(index)}::VARCHAR`}, (${sql})::VARCHAR FROM staged WHERE ${cutSql} ORDER BY rowid LIMIT 3`,
      [],
      { signal }
    )
    const examples = rows.map(([line, from, to]) => ({ line: Number(line), from: String(from), to: String(to) }))
    const detail = `${cut.toLocaleString('en')} ${cut === 1 ? 'value of' : 'values of'} "${source}" ${cut === 1 ? 'has' : 'have'} nanoseconds, such as ${examples[0]?.from}; what is finer than a microsecond is cut off. As text they are kept.`
    found.push({
      rule: { column: source, rule: 'rounded', cells: cut, examples, detail, choice: { columns: [{ source, type: 'text' }] } },
      notice: { severity: 'warning', title: 'Digits cut off', detail, column: source, line: null }
    })
  }
  return found
}
