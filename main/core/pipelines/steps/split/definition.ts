import { z } from 'zod'
import { qualityReportSchema } from '../../../../model/quality'
import { adviseSplit, rolesOfSplit, rolesToCheck, splitByRoles } from '../../column-roles/split-roles'
import { unknownTable, type TableFacts } from '../../column-roles/table-facts'
import { describeStep } from '../../define-step'

const parameters = z.strictObject({
  by: z.enum(['random', 'time', 'group', 'roles']).default('random').meta({
    title: 'Split',
    description:
      'Random rows, the newest rows for the test, whole groups; or by the roles of the columns: by the one with the role group, else by the one with the role time, else random.'
  }),
  test: z.number().gt(0).lt(1).default(0.2).meta({ title: 'Test share', description: 'Share of the rows kept for the test, 0..1.' }),
  validation: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .meta({ title: 'Validation share', description: 'Share of the rows for validation, 0..1.' }),
  column: z
    .string()
    .max(500)
    .optional()
    .meta({ title: 'Time or group column', description: 'Needed for a split by time or group.', format: 'column' }),
  stratify: z
    .string()
    .max(500)
    .optional()
    .meta({
      ...{ title: 'Stratify by', format: 'column' },
      description:
        'Random split only: every part gets the same shares of each value of this column, or of each range where it is an amount.'
    }),
  ranges: z.int().min(0).max(100).default(10).meta({
    title: 'Ranges of an amount',
    description:
      'A column of more than 20 different numbers is cut into this many ranges of equally many rows to stratify by, fewer where rows are few; 0 takes every value by itself, as more than 20 classes that are numbers need.'
  }),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(42)
    .meta({ title: 'Seed', description: 'Same seed, same split.' })
})

/** What the rows are divided by, as the step or the roles of the columns say. */
function dividedBy(p: Pick<z.infer<typeof parameters>, 'by' | 'column'>, table: TableFacts): NonNullable<TableFacts['divided']> {
  const { by, column } = p.by === 'roles' ? splitByRoles(rolesOfSplit(table)) : { by: p.by, column: p.column }
  return { by, column: by === 'random' ? null : (column ?? null) }
}

const report = { type: 'Report', help: 'Sizes of the parts and the proof that they are apart.' } as const
const quality = {
  type: 'QualityReport',
  help: 'What ties test to train, by the roles of the columns: groups on both sides, training rows later than the test.',
  document: qualityReportSchema
} as const

export const splitDefinition = describeStep({
  type: 'split',
  version: 4,
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
    report,
    quality
  },
  outputsFor: (p) => ({
    train: { type: 'Table', help: 'Rows to learn from.' },
    test: { type: 'Table', help: 'Rows to judge by.' },
    ...(Number(p.validation ?? 0) > 0 && { validation: { type: 'Table' as const, help: 'Rows to tune by.' } }),
    report,
    quality
  }),
  tables(p, { table = unknownTable }) {
    const part = { ...table, divided: dividedBy(p, table) }
    return { train: part, test: part, validation: part }
  },
  check: (p) => [
    ...((p.by === 'time' || p.by === 'group') && !p.column
      ? [{ message: `A split by ${p.by} needs the column.`, parameter: 'column' }]
      : []),
    ...((p.by === 'time' || p.by === 'group') && p.stratify
      ? [{ message: 'Stratifying goes with a random split only.', parameter: 'stratify' }]
      : []),
    ...(p.test + p.validation >= 1 ? [{ message: 'Test and validation together leave no row to learn from.', parameter: 'test' }] : [])
  ],
  checkRoles: (p, { table }) => adviseSplit(p, table ?? unknownTable),
  freeze: async (p, context) => {
    const table = context.tables?.table ?? unknownTable
    const splitRoles = await rolesToCheck({ ...table, divided: dividedBy(p, table) }, context)
    return {
      ...(splitRoles && { splitRoles }),
      ...(p.by === 'roles' && { chosen: splitByRoles(rolesOfSplit(table)) }),
      // A run that was frozen before amounts were cut into ranges is done again as it was.
      ...(p.stratify !== undefined && p.ranges > 0 && { ranges: p.ranges })
    }
  }
})
