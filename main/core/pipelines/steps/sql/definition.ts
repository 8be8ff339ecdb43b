import { z } from 'zod'
import { unknownTable } from '../../column-roles/table-facts'
import { traceQuery } from '../../column-roles/trace-query'
import { describeStep } from '../../define-step'
import { queryText } from './query-text'

const parameters = z.strictObject({
  query: z.string().min(1).max(200_000).meta({ title: 'Query', description: 'A SELECT over the connected inputs.', format: 'sql' }),
  output: z
    .enum(['Table', 'FeatureSet'])
    .default('Table')
    .meta({ title: 'Gives', description: 'A FeatureSet is offered to models and listed under Features.' })
})
export type Parameters = z.output<typeof parameters>

export const sqlDefinition = describeStep({
  type: 'sql',
  version: 1,
  title: 'SQL',
  help: 'One query over its inputs. Each input is a table named after its port; read_arrow and the SQL of DuckDB are there, files outside the workspace are not. Add ORDER BY where the order of rows matters.',
  icon: 'code',
  category: 'data',
  parameters,
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
    const table = tree ? traceQuery(tree, inputs) : unknownTable
    // A query over one part of a split is still a part of that split.
    const { divided } = Object.values(inputs).length === 1 ? Object.values(inputs)[0] : unknownTable
    return { table: divided ? { ...table, divided } : table }
  }
})
