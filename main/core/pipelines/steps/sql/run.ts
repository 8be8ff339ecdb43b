import { countOf } from '../../../../model/count-of'
import { WorkbenchError } from '../../../../model/errors'
import type { StepContext, StepWork } from '../../define-step'
import { quoteName, quoteText } from '../../../../model/sql-quoting'
import type { Parameters } from './definition'
import { queryText } from './query-text'

export const prepare: StepWork['prepare'] = (database) => database()

/** Runs the query in the attempt's own database and writes its result. */
export async function run({ parameters, inputs, database, path, output, signal, progress, log }: StepContext<Parameters>): Promise<void> {
  const db = await database()
  progress(null, 'Reading inputs')
  for (const [port, input] of Object.entries(inputs))
    await db.run(`CREATE VIEW ${quoteName(port)} AS SELECT * FROM read_arrow(${quoteText(input.path)})`)
  const file = path('result.arrow')
  const expected = Math.max(1, ...Object.values(inputs).map((input) => input.rows ?? 0))
  const result = await db.exportArrow(queryText(parameters.query), file, {
    signal,
    onProgress: (rows) => progress(Math.min(0.99, rows / expected), countOf(rows, 'row'))
  })
  if (result.columns.length === 0) throw new WorkbenchError('INVALID_INPUT', 'The query gives no columns. Select at least one.')
  log(
    `${countOf(result.rows, 'row')}, ${countOf(result.columns.length, 'column')}: ${result.columns.map((column) => `${column.name} ${column.type}`).join(', ')}`
  )
  output('table', file, { type: parameters.output, rows: result.rows })
}
