import { existsSync, promises as fs } from 'node:fs'
import { WorkbenchError } from '../../../../model/errors'
import type { Evaluation } from '../../../../model/evaluation'
import { taskOf } from '../../../../model/tasks'
import type { ModelSignature } from '../../../../model/training'
import type { RunOf, StepWork } from '../../define-step'
import { assertDigest } from '../../../../storage/objects/digest-check'
import { modelManifest, modelOf, programsOf, scoringFileOf } from '../../../../model/model-manifest'
import { declaredTrainingTable, readTrainingRecord } from '../training-record'
import type { evaluateDefinition } from './definition'
import { ROW_SCORES } from './row-scores'
import type { clustersOf, SplitRoles } from '../../column-roles/split-roles'
import { countSharedRows } from './shared-rows'
import { splitOfEvaluation } from './split-check'
import type { Origins } from './upstream'

const shares = { read: [0, 0.05], score: [0.05, 0.25], latency: [0.3, 0.1], bootstrap: [0.4, 0.6] } as const

const loadJudge = async () => {
  const { evaluateModel, readSignature } = await import('../../../training')
  return { evaluateModel, readSignature }
}
export const prepare: StepWork['prepare'] = loadJudge

/** Scores the rows of "test" in a process of its own and judges the model by them. */
export async function run(context: RunOf<typeof evaluateDefinition>, frozen: Record<string, unknown>): Promise<void> {
  const { evaluateModel, readSignature } = await loadJudge()
  const { parameters: p, inputs, progress, metric, log, signal } = context
  const { 'signature.json': signature, 'training.json': training } = inputs.model.files
  const model = scoringFileOf(inputs.model.files)
  if (!model || !signature)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'The model has no model.onnx with a signature.json, so it cannot be scored. Connect the model of a train step, or let the script write both files.'
    )
  const record = await readTrainingRecord(training)
  const scores = context.path(ROW_SCORES)
  const clusters = frozen.clusters as ReturnType<typeof clustersOf>
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
    weight: p.weight ?? record?.weight ?? (frozen.weight as string | undefined),
    clusters,
    trainingSeconds: record?.durations.fit,
    trainingRate: record ? taskOf(record).trainingRate(record.rows) : undefined,
    about: await aboutRows(context, frozen, await readSignature(model, signature)),
    rowScores: scores,
    // The pipeline that made it, or names it, was seen with its programs.
    programs: programsOf(inputs.model.files),
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
  await context.outputJson('evaluation', evaluation, { [ROW_SCORES]: scores })
  await context.outputJson('metrics', metrics)
}

/**
 * What the evaluation is about, and how many of its rows stand in a table that the model may have learned from. A program's word counts for
 * which table that was, unless a step that made the model read the judged rows.
 */
async function aboutRows(
  { inputs, parameters, database, tablePath, signal }: RunOf<typeof evaluateDefinition>,
  frozen: Record<string, unknown>,
  signature: ModelSignature
): Promise<Pick<Evaluation, 'subject' | 'rowsShared' | 'rowsAlike' | 'splitCheck'>> {
  const { learnedFrom, separated } = frozen.origins as Origins
  const { model, test } = inputs
  const manifest = modelManifest.parse(JSON.parse(await fs.readFile(model.path, 'utf8')))
  const declared = await declaredTrainingTable(model.files['training.json'])
  const trainingRows = learnedFrom.includes(test.sha256) ? test.sha256 : declared
  const subject = { model: modelOf(manifest)!, manifest: model.sha256, rows: test.sha256, split: parameters.split, trainingRows, separated }
  const tables = [...new Set([...learnedFrom, ...(declared === null ? [] : [declared])])]
  if (!tables.every((table) => existsSync(tablePath(table)))) return { subject, rowsShared: null, rowsAlike: null }
  for (const table of tables) await assertDigest(tablePath(table), table, `The table ${table.slice(0, 8)} that the model learned from`)
  const { shared, alike } = await countSharedRows(database, {
    judged: test.path,
    training: tables.map(tablePath),
    target: signature.target.name,
    inputs: signature.inputs.map(({ name }) => name)
  })
  // Without a record, that none is found does not mean that there is none: the model may have come from elsewhere.
  const split = { training: tables.map(tablePath), judged: test.path }
  const clusters = frozen.clusters as ReturnType<typeof clustersOf>
  const drawn = clusters?.by === 'group' ? clusters.column : undefined
  return {
    subject,
    rowsShared: shared === 0 && declared === null ? null : shared,
    rowsAlike: alike,
    ...(await splitOfEvaluation(database, frozen.splitRoles as SplitRoles | undefined, split, drawn, signal))
  }
}
