import { quoteText } from '../../model/sql-quoting'
import type { ColumnSample } from './column-sample'
import type { Offers } from './import-offers'
import type { TriedColumn } from './try-reading'

const FEWEST = 3
const grouped = '[+-]?[1-9][0-9]{0,2}[.][0-9]{3}'
const unsure = new RegExp(`^(?:${grouped}|[+-]?[1-9][0-9]{0,2}|0)$`)

/**
 * A column of which every value could be written with a point between thousands as well: `425.970` is 425.97 or 425,970. It stays
 * with the point as its decimal mark; how many cells that concerns is said, and the choice that reads them as thousands. Costs nothing
 * where one of the first values says what its point is.
 */
export async function unsurePoints({ db, staged, column, signal }: TriedColumn, { values }: ColumnSample): Promise<Offers | undefined> {
  const { source, cells, reading } = column
  const isAsked = reading.type === 'number' && reading.decimal !== ',' && !cells.choice?.decimal
  if (!isAsked || !values.some((text) => text.includes('.')) || !values.every((text) => unsure.test(text.trim()))) return undefined
  const isGrouped = `regexp_full_match(trim(c), ${quoteText(grouped)})`
  const [[count, sure, some]] = (
    await db.query(
      `SELECT (count(*) FILTER (WHERE ${isGrouped}))::DOUBLE, (count(*) FILTER (WHERE v IS NOT NULL AND NOT ${isGrouped} AND NOT regexp_full_match(trim(c), '[+-]?[1-9][0-9]{0,2}|0')))::DOUBLE,
         to_json(arg_min({'id': id, 'from': left(c, 80)}, id, 3) FILTER (WHERE ${isGrouped}))::VARCHAR
       FROM (SELECT rowid AS id, ${cells.cell} AS c, ${column.sql} AS v FROM staged)`,
      [],
      { signal }
    )
  ).rows
  const n = Number(count)
  if (n < FEWEST || Number(sure) > 0) return undefined
  const examples = (JSON.parse(String(some)) as { id: number; from: string }[]).map(({ id, from }) => ({
    line: staged.lineOf(id),
    from,
    to: from.trim().replace('.', '')
  }))
  const [{ line, from, to }] = examples
  const both = `such as ${from.trim()}, which is ${Number(from)} or ${Number(to).toLocaleString('en')}`
  const detail = `${n.toLocaleString('en')} cells of "${source}" could have their point between thousands, ${both}.`
  const choice = { columns: [{ source, decimal: ',' as const }] }
  return {
    offers: [{ column: source, rule: 'thousands', cells: n, examples, detail, choice }],
    notices: [
      {
        severity: 'warning',
        title: 'A decimal point or thousands',
        detail: `No value of "${source}" says what its point is: all ${n.toLocaleString('en')} that have one have three digits behind it, ${both}. They are read with a decimal point. Choose the comma as the decimal sign of the column if the point stands between thousands, or the point if this is right.`,
        column: source,
        line
      }
    ]
  }
}
