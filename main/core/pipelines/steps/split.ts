import { z } from 'zod'
import { WorkbenchError } from '../../../model/errors'
import { defineStep, type StepContext } from '../define-step'
import { assignRows, countRows, partsOf, ROW } from './split-assignment'
import { proveSplit } from './split-proof'
import { sqlText } from './sql-text'

const parameters = z.strictObject({
  by: z
    .enum(['random', 'time', 'group'])
    .default('random')
    .meta({ title: 'Split', description: 'Random rows, the newest rows for the test, or whole groups.' }),
  test: z.number().gt(0).lt(1).default(0.2).meta({ title: 'Test share', description: 'Share of the rows kept for the test, 0..1.' }),
  validation: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .meta({ title: 'Validation share', description: 'Share of the rows for validation, 0..1.' }),
  column: z.string().max(500).optional().meta({ title: 'Time or group column', description: 'Needed for a split by time or group.' }),
  stratify: z
    .string()
    .max(500)
    .optional()
    .meta({ title: 'Stratify by', description: 'Random split only: every part gets the same shares of this column.' }),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(42)
    .meta({ title: 'Seed', description: 'Same seed, same split.' })
})
type Parameters = z.output<typeof parameters>

export const splitStep = defineStep({
  type: 'split',
  version: 2,
  title: 'Split',
  help: 'Divides rows into train, test and, if wanted, validation. Parts never share a row; by group they share no group; by time the test is later than all else.',
  icon: 'split',
  category: 'data',
  parameters,
  inputs: { table: { types: ['Table', 'FeatureSet'], help: 'The rows to divide.' } },
  outputs: {
    train: { type: 'Table', help: 'Rows to learn from.' },
    test: { type: 'Table', help: 'Rows to judge by.' },
    validation: { type: 'Table', optional: true, help: 'Rows to tune by.' },
    report: { type: 'Report', help: 'Sizes of the parts and the proof that they are apart.' }
  },
  outputsFor: (p) => ({
    train: { type: 'Table', help: 'Rows to learn from.' },
    test: { type: 'Table', help: 'Rows to judge by.' },
    ...(Number(p.validation ?? 0) > 0 && { validation: { type: 'Table' as const, help: 'Rows to tune by.' } }),
    report: { type: 'Report', help: 'Sizes of the parts and the proof that they are apart.' }
  }),
  tables: (_, { table }) => ({ train: table, test: table, validation: table }),
  check: (p) => [
    ...(p.by !== 'random' && !p.column ? [{ message: `A split by ${p.by} needs the column.`, parameter: 'column' }] : []),
    ...(p.by !== 'random' && p.stratify ? [{ message: 'Stratifying goes with a random split only.', parameter: 'stratify' }] : []),
    ...(p.test + p.validation >= 1 ? [{ message: 'Test and validation together leave no row to learn from.', parameter: 'test' }] : [])
  ],
  run
})

async function run(context: StepContext<Parameters>): Promise<void> {
  const { parameters: p, inputs, path, output, progress, log, signal } = context
  const db = await context.database()
  progress(0.05, 'Reading rows')
  await db.run(`CREATE TABLE source AS SELECT row_number() OVER () AS ${ROW}, * FROM read_arrow(${sqlText(inputs.table.path)})`, [], {
    signal
  })
  const columns = (await db.describe('SELECT * FROM source')).map((column) => column.name)
  for (const [role, name] of [
    ['column', p.column],
    ['stratify', p.stratify]
  ] as const)
    if (name !== undefined && !columns.includes(name))
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The table has no column "${name}" (parameter "${role}"). It has: ${columns.slice(1, 40).join(', ')}.`,
        { details: { column: name } }
      )
  const total = await countRows(db, 'source')
  if (total < 2)
    throw new WorkbenchError('INVALID_INPUT', `The table has ${total} rows; a split needs at least two. Check the steps before it.`)
  progress(0.3, 'Dividing')
  await assignRows(db, p, total, signal)
  const report = await proveSplit(db, p, total)
  for (const note of report.notes) log(note)
  const parts = partsOf(p)
  for (const [index, part] of parts.entries()) {
    progress(0.5 + (0.5 * index) / parts.length, `Writing ${part}`)
    const file = path(`${part}.arrow`)
    const { rows } = await db.exportArrow(
      `SELECT s.* EXCLUDE (${ROW}) FROM source s JOIN assigned a ON a.${ROW} = s.${ROW} WHERE a.part = '${part}' ORDER BY s.${ROW}`,
      file,
      { signal }
    )
    output(part, file, { rows })
  }
  await context.outputJson('report', report)
}
