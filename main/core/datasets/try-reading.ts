import type { ColumnChoice, ImportRule, ImportRuleName } from '../../model/dataset'
import type { Database } from '../../storage/duckdb/database'
import { cellsOf, preparedBy } from './column-cells'
import { TOLERANCE } from './column-sample'
import type { StagedTable } from './stage-text'
import { isTokenSql, valueSql, type Writing } from './text-values'
import type { TypedColumn } from './typed-column'

/** A column of which other readings are tried, and the table that it stands in. */
export interface TriedColumn {
  db: Database
  staged: StagedTable
  column: TypedColumn
  signal?: AbortSignal
}

/** What a person could choose: the choice, the reading that it comes to, and the rule that it goes by. */
export interface Proposal {
  choice: Omit<ColumnChoice, 'source'>
  taken: Writing
  rule: ImportRuleName
  /** What should be known before it is taken. */
  caution?: string
}

/** Reads every cell as the choice would have it; an offer only if it fits the column and brings cells that are lost without it. */
export async function tryOut({ db, staged, column, signal }: TriedColumn, proposal: Proposal): Promise<ImportRule | undefined> {
  const { source, cells } = column
  const { choice, taken, rule, caution } = proposal
  const full: ColumnChoice = { source, ...choice }
  const tried = cellsOf(cells.index, source, { ...cells.choice, ...full }, cells.given)
  const value = valueSql(tried.cell, taken)
  const isChanged =
    rule === 'date-format'
      ? 'true'
      : `CASE ${preparedBy(tried)
          .map(({ when }) => `WHEN ${when} THEN true`)
          .join(' ')} ELSE false END`
  const gains = column.unparsed === 0 ? isChanged : column.badSql
  const [[present, fitting, gained, least, most, some]] = (
    await db.query(
      `SELECT count(r)::DOUBLE, count(v)::DOUBLE, (count(*) FILTER (WHERE v IS NOT NULL AND g))::DOUBLE, min(v)::VARCHAR, max(v)::VARCHAR, to_json(arg_min({'id': id, 'from': left(r, 80), 'to': left(v::VARCHAR, 80)}, id, 3) FILTER (WHERE v IS NOT NULL AND g))::VARCHAR
       FROM (SELECT rowid AS id, CASE WHEN NOT ${isTokenSql(tried.raw, tried.tokens)} THEN ${tried.raw} END AS r, ${value} AS v, ${gains} AS g FROM staged)`,
      [],
      { signal }
    )
  ).rows
  if (Number(gained) === 0 || Number(fitting) < Number(present) * (1 - TOLERANCE)) return undefined
  const examples = (JSON.parse(String(some)) as { id: number; from: string; to: string }[]).map(({ id, from, to }) => ({
    line: staged.lineOf(id),
    from,
    to
  }))
  return {
    column: source,
    rule,
    cells: Number(gained),
    examples,
    detail: `${Number(gained).toLocaleString('en')} ${Number(gained) === 1 ? 'cell' : 'cells'} of "${source}" could be read too, such as ${JSON.stringify(examples[0].from)} as ${examples[0].to}.${caution ? ` ${caution} They run from ${String(least)} to ${String(most)}.` : ''}`,
    choice: { columns: [full] }
  }
}
