import type { ImportRule, Notice } from '../../model/dataset'
import { quoteText } from '../../model/sql-quoting'
import { TOLERANCE } from './column-sample'
import type { ColumnSurvey } from './column-survey'
import { codePattern, valueSql } from './text-values'
import type { TriedColumn } from './try-reading'

const isWritten = `regexp_full_match(trim(c), ${quoteText(codePattern)})`
/** Of the texts that are numbers of a type: which of them are codes. Plain digits are told without the pattern, which costs far more. */
const isCode = {
  integer: `CASE WHEN v IS NULL OR (c >= '1' AND c < ':') THEN false WHEN prefix(c, '0') AND NOT suffix(c, ' ') THEN strlen(c) > 1 ELSE ${isWritten} END`,
  number: `v IS NOT NULL AND ${isWritten}`
}

/**
 * A column that is text only because a number would change some of its values: how many those are, and the choice that makes it numbers.
 * Nothing where other cells are in the way of numbers too.
 */
export async function codesOf(
  { db, staged, column, signal }: TriedColumn,
  { tokens }: ColumnSurvey
): Promise<{ offer: ImportRule; notice: Notice } | undefined> {
  const { source, cells } = column
  const value = tokens === 0 ? cells.cell : `CASE WHEN NOT ${cells.isToken} THEN ${cells.cell} END`
  for (const type of ['integer', 'number'] as const) {
    const from = `(SELECT rowid AS id, ${value} AS c, ${valueSql(cells.cell, { type })} AS v FROM staged)`
    const [[present, fitting, count]] = (
      await db.query(`SELECT count(c)::DOUBLE, count(v)::DOUBLE, (count(*) FILTER (WHERE ${isCode[type]}))::DOUBLE FROM ${from}`, [], {
        signal
      })
    ).rows
    if (Number(count) === 0 || Number(fitting) < Number(present) * (1 - TOLERANCE)) continue
    const { rows } = await db.query(`SELECT id::DOUBLE, left(c, 80), v::VARCHAR FROM ${from} WHERE ${isCode[type]} LIMIT 3`, [], {
      signal
    })
    const examples = rows.map(([id, text, to]) => ({ line: staged.lineOf(Number(id)), from: String(text), to: String(to) }))
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
