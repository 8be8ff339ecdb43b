import { rowRequestSchema, type DatasetColumn, type RowPage, type RowRequest } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import type { Database } from '../../storage/duckdb/database'
import { quoteName, quoteText } from '../../model/sql-quoting'
import { fit, inOneSentence } from '../../model/schema-words'

/** One page of a version, sorted and searched in the engine. Each row carries its position in the version. */
export async function readRowPage(
  db: Database,
  version: { path: string; rows: number; columns: readonly Pick<DatasetColumn, 'name' | 'type'>[] },
  request: RowRequest,
  signal?: AbortSignal
): Promise<RowPage> {
  const parsed = fit(rowRequestSchema, request)
  if (!parsed.success)
    throw new WorkbenchError('INVALID_INPUT', `The page request is wrong: ${inOneSentence(parsed.problems)}. A page has 1 to 200 rows.`)
  const { offset, limit, sort, search } = parsed.data
  if (sort && !version.columns.some((c) => c.name === sort.column))
    throw new WorkbenchError('INVALID_INPUT', `There is no column "${sort.column}" to sort by. Choose one of the columns shown.`)
  const positional = version.columns.map((_, i) => `c${i}`)
  const reader = `read_arrow(${quoteText(version.path)})`
  const needle = search?.trim()
  const condition = needle ? positional.map((c) => `contains(lower(${c}::VARCHAR), lower(?))`).join(' OR ') : 'true'
  const values = needle ? positional.map(() => needle) : []
  const numbered = `SELECT *, row_number() OVER () AS row_position FROM ${reader} AS t(${positional.join(', ')})`
  const order = sort
    ? `ORDER BY ${positional[version.columns.findIndex((c) => c.name === sort.column)]} ${sort.descending ? 'DESC' : 'ASC'} NULLS LAST, row_position`
    : ''
  const cells = positional.map((c, i) => `${c} AS ${quoteName(version.columns[i].name)}`).join(', ')
  const page = await db.query(
    `SELECT row_position, ${cells} FROM (${numbered}) WHERE ${condition} ${order || (needle ? 'ORDER BY row_position' : '')} LIMIT ${limit} OFFSET ${offset}`,
    values,
    { signal }
  )
  const total = needle
    ? Number(
        (await db.query(`SELECT count(*) FROM ${reader} AS t(${positional.join(', ')}) WHERE ${condition}`, values, { signal })).rows[0][0]
      )
    : version.rows
  return {
    columns: version.columns.map(({ name, type }) => ({ name, type })),
    rows: page.rows.map((r) => r.slice(1)),
    rowNumbers: page.rows.map((r) => Number(r[0])),
    total,
    offset
  }
}
