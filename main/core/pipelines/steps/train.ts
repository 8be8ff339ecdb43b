import { z } from 'zod'
import { WorkbenchError } from '../../../model/errors'
import { algorithmSchema, parametersSchemas } from '../../../model/training'
import { targetValueSchema } from '../../../model/tasks'
import { checkTrainingRoles, learnedColumns, rolesForTraining } from '../column-roles/learned-columns'
import { unknownTable } from '../column-roles/table-facts'
import { defineStep, type StepContext } from '../define-step'
import { sqlText } from './sql-text'

const parameters = z.strictObject({
  target: z.string().min(1).max(500).meta({ title: 'Target', description: 'Column to predict; two outcomes.' }),
  positive: targetValueSchema
    .optional()
    .meta({ title: 'Positive value', description: 'The value that counts as the event; needed unless it is plain.' }),
  algorithm: algorithmSchema.default('gradient-boosting').meta({ title: 'Algorithm', description: 'The trainer.' }),
  parameters: z
    .record(z.string(), z.json())
    .default({})
    .meta({ title: 'Settings', description: 'Settings of the trainer that differ from its defaults.' }),
  features: z
    .array(z.string())
    .optional()
    .meta({
      title: 'Features',
      description:
        'Columns to learn from; by default all but the target and what has the role identifier or ignored or is known only after.'
    }),
  exclude: z
    .array(z.string())
    .default([])
    .meta({ title: 'Leave out', description: 'Columns not to learn from, such as identifiers and what is known only afterwards.' }),
  units: z
    .record(z.string(), z.string().max(64))
    .default({})
    .meta({ title: 'Units', description: 'Unit of a feature, by name; recorded in the signature.' }),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(42)
    .meta({ title: 'Seed', description: 'Same data, settings and seed give the same model, bit for bit.' }),
  experiment: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ title: 'Experiment', description: 'Where the run is recorded; by default named after the pipeline.' }),
  name: z.string().min(1).max(200).optional().meta({ title: 'Run name', description: 'By default the title of the step.' })
})
type Parameters = z.output<typeof parameters>
const shares = { read: [0, 0.1], fit: [0.1, 0.75], export: [0.85, 0.05], check: [0.9, 0.1] } as const

export const trainStep = defineStep({
  type: 'train',
  version: 1,
  title: 'Train',
  help: 'Trains a classifier and exports it as ONNX with its preprocessing; the export is checked against the trainer row by row. Records a run.',
  icon: 'brain',
  category: 'training',
  parameters,
  inputs: { train: { types: ['Table', 'FeatureSet'], help: 'Rows to learn from, with the target.' } },
  outputs: {
    model: { type: 'Model', help: 'model.onnx, its signature and the record of the training.' },
    report: { type: 'Report', help: 'The record of the training: losses, importances, parity, warnings.' }
  },
  check(p) {
    const parsed = parametersSchemas[p.algorithm].safeParse(p.parameters)
    const wrong = parsed.success
      ? []
      : parsed.error.issues.map((issue) => ({
          message: `Setting "${issue.path.join('.') || (issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : '')}" of ${p.algorithm}: ${issue.message}.`,
          parameter: 'parameters'
        }))
    if (p.features?.includes(p.target)) wrong.push({ message: 'The target cannot be one of the features.', parameter: 'features' })
    return wrong
  },
  checkRoles: (p, { train }) => checkTrainingRoles(p, train ?? unknownTable),
  freeze: async (p, { tables }) => ({ columnRoles: rolesForTraining(p, tables?.train ?? unknownTable) }),
  run,
  commit: (context) => context.commits.experiments?.trained(context),
  commitFailure: (context) => context.commits.experiments?.notTrained(context)
})

async function run(context: StepContext<Parameters>, frozen: Record<string, unknown>): Promise<void> {
  const { trainModel } = await import('../../training')
  const { parameters: p, inputs, progress, metric, log, signal } = context
  const table = inputs.train
  const db = await context.database()
  const columns = (await db.describe(`SELECT * FROM read_arrow(${sqlText(table.path)})`)).map((column) => column.name)
  const unknown = p.exclude.filter((name) => !columns.includes(name))
  if (unknown.length)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The table has no column "${unknown[0]}" to leave out. It has: ${columns.slice(0, 40).join(', ')}. Correct the list.`,
      { details: { columns: unknown } }
    )
  const { features, leftOut, unknown: untold } = learnedColumns(p, columns, frozen.columnRoles as Record<string, string> | undefined)
  for (const { name, reason } of leftOut) log(`left out: ${name} (${reason})`)
  if (untold.length) log(`role not known, learned from all the same: ${untold.join(', ')}`)
  const folder = context.path('model')
  const record = await trainModel({
    table: table.path,
    target: p.target,
    positive: p.positive,
    features,
    algorithm: p.algorithm,
    parameters: p.parameters,
    seed: p.seed,
    outputDirectory: folder,
    trainingTableSha256: table.sha256,
    units: p.units,
    columnRoles: frozen.columnRoles ? { leftOut, unknown: untold } : undefined,
    signal,
    onProgress: (stage, share) =>
      progress(
        shares[stage][0] + shares[stage][1] * share,
        { read: 'Reading', fit: 'Fitting', export: 'Exporting', check: 'Checking the export' }[stage]
      ),
    onMetric: (point) => metric(point.name, point.value, point.step)
  })
  for (const warning of record.warnings) log(`warning: ${warning}`)
  log(
    `${record.rows.training} rows, ${record.features.length} features, ${record.bestIteration} iterations, parity ${record.parity.maxDifference.toExponential(2)} over ${record.parity.rows} rows`
  )
  const files = Object.fromEntries(
    ['model.onnx', 'model.json', 'signature.json', 'training.json'].map((name) => [name, `${folder}/${name}`])
  )
  await context.outputFiles('model', files, { algorithm: record.algorithm, target: record.target.name })
  await context.outputJson('report', record)
}
