import { existsSync, promises as fs } from 'node:fs'
import { WorkbenchError } from '../../../../model/errors'
import type { Evaluation } from '../../../../model/evaluation'
import { taskOf } from '../../../../model/tasks'
import type { TrainedModel } from '../../../../model/training'
import type { RunOf } from '../../define-step'
import { modelManifest, modelOf } from '../model-manifest'
import { readTrainingRecord } from '../training-record'
import type { evaluateDefinition } from './definition'
import { countSharedRows } from './shared-rows'

const shares = { read: [0, 0.05], score: [0.05, 0.25], latency: [0.3, 0.1], bootstrap: [0.4, 0.6] } as const

/** Scores the rows of "test" in a process of its own and judges the model by them. */
export async function run(context: RunOf<typeof evaluateDefinition>): Promise<void> {
  const { evaluateModel } = await import('../../../training')
  const { parameters: p, inputs, progress, metric, log, signal } = context
  const { 'model.onnx': model, 'signature.json': signature, 'training.json': training } = inputs.model.files
  if (!model || !signature)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'The model has no model.onnx with a signature.json, so it cannot be scored. Connect the model of a train step, or let the script write both files.'
    )
  const record = await readTrainingRecord(training)
  const evaluation = await evaluateModel({
    model,
    signature,
    table: inputs.test.path,
    threshold: p.threshold,
    groupColumn: p.groupColumn,
    minimumGroupSize: p.minimumGroupSize,
    bootstrapSamples: p.bootstrapSamples,
    latencyCalls: p.latencyCalls,
    split: p.split,
    seed: p.seed,
    trainingSeconds: record?.durations.fit,
    about: await aboutRows(context, record),
    signal,
    onProgress: (stage, share) =>
      progress(
        shares[stage][0] + shares[stage][1] * share,
        { read: 'Reading', score: 'Scoring', latency: 'Timing', bootstrap: 'Resampling' }[stage]
      )
  })
  for (const warning of evaluation.warnings) log(`warning: ${warning}`)
  const metrics = taskOf(evaluation).metricsOf(evaluation)
  for (const [name, value] of Object.entries(metrics)) metric(name, value)
  await context.outputJson('evaluation', evaluation)
  await context.outputJson('metrics', metrics)
}

/** What the evaluation is about, and how many of its rows the training table holds too. */
async function aboutRows(
  { inputs, parameters, database, tablePath }: RunOf<typeof evaluateDefinition>,
  record: TrainedModel | null
): Promise<Pick<Evaluation, 'subject' | 'rowsShared'>> {
  const manifest = modelManifest.parse(JSON.parse(await fs.readFile(inputs.model.path, 'utf8')))
  const trainingRows = record?.trainingTable?.sha256 ?? null
  const subject = { model: modelOf(manifest)!, rows: inputs.test.sha256, split: parameters.split, trainingRows }
  if (!record || trainingRows === null || !existsSync(tablePath(trainingRows))) return { subject, rowsShared: null }
  const tables = { judged: inputs.test.path, training: tablePath(trainingRows), target: record.target.name }
  return { subject, rowsShared: await countSharedRows(database, tables) }
}
