import type { ImportRule, Notice } from '../../model/dataset'
import { quoteText } from '../../model/sql-quoting'
import { TOLERANCE } from './column-sample'
import { codePattern, valueSql } from './text-values'
import type { TriedColumn } from './try-reading'

const isCode = `regexp_full_match(trim(c), ${quoteText(codePattern)})`

/**
 * A column that is text only because a number would change some of its values: how many those are, and the choice that makes it numbers.
 * Nothing where other cells are in the way of numbers too.
 */
export async function codesOf({ db, staged, column, signal }: TriedColumn): Promise<{ offer: ImportRule; notice: Notice } | undefined> {
  const { source, cells } = column
  for (const type of ['integer', 'number'] as const) {
    const [[present, fitting, count, some]] = (
      await db.query(
        `SELECT count(c)::DOUBLE, count(v)::DOUBLE, (count(*) FILTER (WHERE ${isCode} AND v IS NOT NULL))::DOUBLE, to_json(arg_min({'id': id, 'from': left(c, 80), 'to': v::VARCHAR}, id, 3) FILTER (WHERE ${isCode} AND v IS NOT NULL))::VARCHAR
         FROM (SELECT rowid AS id, CASE WHEN NOT ${cells.isToken} THEN ${cells.cell} END AS c, ${valueSql(cells.cell, { type })} AS v FROM staged)`,
        [],
        { signal }
      )
    ).rows
    if (Number(count) === 0 || Number(fitting) < Number(present) * (1 - TOLERANCE)) continue
    const examples = (JSON.parse(String(some)) as { id: number; from: string; to: string }[]).map(({ id, from, to }) => ({
      line: staged.lineOf(id),
      from,
      to
    }))
    const [first] = examples
    const offer: ImportRule = {
      column: source,
      rule: 'code',
      cells: Number(count),
      examples,
      detail: `"${source}" is kept as text because a number would change ${Number(count).toLocaleString('en')} of its ${Number(present).toLocaleString('en')} values, such as ${first.from} to ${first.to}. It could be read as numbers.`,
      choice: { columns: [{ source, type }] }
    }
    return { offer, notice: kept(source, Number(count), first.line) }
  }
  return undefined
}

const kept = (source: string, count: number, line: number): Notice => ({
  severity: 'info',
  title: 'Codes kept as text',
  detail: `"${source}" has ${count.toLocaleString('en')} ${count === 1 ? 'value' : 'values'} that a number would change, such as a leading zero or letters that only look like an exponent; the first stands in line ${line}. The column is kept as text. Choose the type number if they are amounts.`,
  column: source,
  line
})
