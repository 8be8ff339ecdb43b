import { z } from 'zod'
import { unknownTable } from '../../column-roles/table-facts'
import { describeStep } from '../../define-step'

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

export const splitDefinition = describeStep({
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
  tables({ by, column }, { table = unknownTable }) {
    const part = { ...table, divided: { by, column: by === 'random' ? null : (column ?? null) } }
    return { train: part, test: part, validation: part }
  },
  check: (p) => [
    ...(p.by !== 'random' && !p.column ? [{ message: `A split by ${p.by} needs the column.`, parameter: 'column' }] : []),
    ...(p.by !== 'random' && p.stratify ? [{ message: 'Stratifying goes with a random split only.', parameter: 'stratify' }] : []),
    ...(p.test + p.validation >= 1 ? [{ message: 'Test and validation together leave no row to learn from.', parameter: 'test' }] : [])
  ]
})
