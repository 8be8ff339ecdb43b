import { z } from 'zod'
import { columnRoleSchema, knownWhenSchema } from '../../../../model/dataset'
import { parametersOfOthers, taskNames, taskParameters } from '../../../../model/tasks'
import { rolesToCheck } from '../../column-roles/split-roles'
import { unknownTable } from '../../column-roles/table-facts'
import { describeStep } from '../../define-step'
import { freezeImports, usedImports } from './imports'

export const columnFacts = z.strictObject({
  role: columnRoleSchema.optional(),
  knownWhen: knownWhenSchema.optional(),
  unit: z.string().max(64).optional()
})
const parameters = z.strictObject({
  target: z
    .string()
    .max(500)
    .optional()
    .meta({ title: 'Target', description: 'Column to predict; by default the one with the role target.', format: 'column' }),
  task: z.enum(taskNames).optional().meta({
    title: 'Question',
    description: 'Which kind of question a model will answer, for leaks of the target; by its values unless it is said.'
  }),
  ...taskParameters('quality'),
  features: z.array(z.string()).optional().meta({
    title: 'Features',
    description:
      'Columns that a model would use; by default what a training reads: the roles feature, time and group, but for what is known only after the outcome.',
    format: 'column'
  }),
  key: z.array(z.string()).optional().meta({ title: 'Key', description: 'Columns that together must be unique.', format: 'column' }),
  columnsOf: z.string().max(200).optional().meta({
    title: 'Columns of',
    description: 'Dataset whose declared roles and times of knowledge apply to equally named columns.',
    format: 'dataset'
  }),
  columns: z
    .record(z.string(), columnFacts)
    .default({})
    .meta({ title: 'Columns', description: 'Role, unit and when known, by column; goes before the dataset.' }),
  failOn: z
    .enum(['never', 'error', 'warning'])
    .default('never')
    .meta({ title: 'Fail on', description: 'Severity from which a finding makes the step fail.' })
})

export const qualityCheckDefinition = describeStep({
  type: 'quality-check',
  version: 5,
  title: 'Quality check',
  help: 'Profiles a table and checks it for the flaws of real data, leakage of the outcome included. Findings are a report; whether they stop the pipeline is up to "Fail on".',
  icon: 'shield-check',
  category: 'quality',
  parameters,
  inputs: {
    table: { types: ['Table', 'FeatureSet'], help: 'The rows to check.' },
    test: {
      types: ['Table', 'FeatureSet'],
      optional: true,
      help: 'Rows to judge by, when the table is what a model learns from: the report then says what ties the two.'
    }
  },
  outputs: {
    report: { type: 'QualityReport', help: 'The findings.' },
    profile: { type: 'Report', help: 'Statistics of every column.' },
    table: { type: 'Table', help: 'The same rows, so that what follows waits for the check.' }
  },
  check: (p) => [
    ...parametersOfOthers('quality', p.task ?? 'binary').flatMap((parameter) =>
      (p as Record<string, unknown>)[parameter] === undefined
        ? []
        : [{ message: `"${parameter}" goes with another kind of question. Take it out, or name the question in "task".`, parameter }]
    ),
    ...(p.target === undefined && p.task !== undefined
      ? [{ message: 'A question is asked of a target. Name it, or take the question out.', parameter: 'target' }]
      : [])
  ],
  tables: (_, { table }) => ({ table }),
  async freeze(p, context) {
    const splitRoles = context.tables?.test && (await rolesToCheck(context.tables.test, context))
    const imports = await freezeImports(context.tables?.table ?? unknownTable, context)
    const facts = { ...(splitRoles && { splitRoles }), ...(imports.length > 0 && { imports }) }
    if (p.columnsOf === undefined) return facts
    const version = await context.datasetVersion(p.columnsOf, 'latest')
    const declared = Object.keys({ ...version.roles, ...version.knownWhen }).map(
      (name) => [name, columnFacts.parse({ role: version.roles[name], knownWhen: version.knownWhen?.[name] })] as const
    )
    return { ...facts, columns: Object.fromEntries(declared) }
  },
  uses: (_, frozen) => usedImports(frozen.imports)
})
