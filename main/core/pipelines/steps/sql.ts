import { z } from 'zod'
import { WorkbenchError } from '../../../model/errors'
import { unknownTable } from '../column-roles/table-facts'
import { traceQuery } from '../column-roles/trace-query'
import { defineStep } from '../define-step'
import { sqlName, sqlText } from './sql-text'

const queryText = (query: string): string => query.trim().replace(/;\s*$/, '')

export const sqlStep = defineStep({
  type: 'sql',
  version: 1,
  title: 'SQL',
  help: 'One query over its inputs. Each input is a table named after its port; read_arrow and the SQL of DuckDB are there, files outside the workspace are not. Add ORDER BY where the order of rows matters.',
  icon: 'code',
  category: 'data',
  parameters: z.strictObject({
    query: z.string().min(1).max(200_000).meta({ title: 'Query', description: 'A SELECT over the connected inputs.', format: 'sql' }),
    output: z
      .enum(['Table', 'FeatureSet'])
      .default('Table')
      .meta({ title: 'Gives', description: 'A FeatureSet is offered to models and listed under Features.' })
  }),
  inputs: {},
  dynamicInputs: { types: ['Table', 'FeatureSet'], help: 'A table that the query can name.' },
  outputs: { table: { type: 'Table', help: 'The result of the query.' } },
  outputsFor: (parameters) => ({
    table: { type: parameters.output === 'FeatureSet' ? 'FeatureSet' : 'Table', help: 'The result of the query.' }
  }),
  check: (_, { inputs }) =>
    inputs.length
      ? []
      : [{ message: 'The query has no input. Connect a table to it and use the name of the port in FROM.', parameter: 'query' }],
  async tables(p, inputs, lookup) {
    const tree = await lookup.parse(queryText(p.query))
    return { table: tree ? traceQuery(tree, inputs) : unknownTable }
  },
  async run({ parameters, inputs, database, path, output, signal, progress, log }) {
    const db = await database()
    progress(null, 'Reading inputs')
    for (const [port, input] of Object.entries(inputs))
      await db.run(`CREATE VIEW ${sqlName(port)} AS SELECT * FROM read_arrow(${sqlText(input.path)})`)
    const file = path('result.arrow')
    const expected = Math.max(1, ...Object.values(inputs).map((input) => input.rows ?? 0))
    const result = await db.exportArrow(queryText(parameters.query), file, {
      signal,
      onProgress: (rows) => progress(Math.min(0.99, rows / expected), `${rows} rows`)
    })
    if (result.columns.length === 0) throw new WorkbenchError('INVALID_INPUT', 'The query gives no columns. Select at least one.')
    log(
      `${result.rows} rows, ${result.columns.length} columns: ${result.columns.map((column) => `${column.name} ${column.type}`).join(', ')}`
    )
    output('table', file, { type: parameters.output, rows: result.rows })
  }
})
