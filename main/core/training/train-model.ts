import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import type { ModelSignature, TrainedModel } from '../../model/training'
import { sha256 } from '../../storage/objects/durable-files'
import { selectRows } from '../frames'
import { assertNotCancelled } from '../numerics'
import { weighClasses, type Outcomes } from '../tasks'
import { mergedColumns } from './features'
import { fitModel } from './fit-model'
import { exportOnnx } from './onnx/export-model'
import { assertParity } from './scoring/parity'
import { startScorer } from './scoring/score-table'
import { widthOf } from './objective'
import { deriveSignature } from './signature'
import type { TrainOptions } from './train-options'
import type { FitProgress } from './trainer'
import { readTrainingTable } from './training-table'

const parityRows = 4096

/**
 * Trains a model and writes model.onnx (preprocessing included), model.json, signature.json and training.json.
 * The export is checked against the trained model with ONNX Runtime before training.json is written.
 * @throws WorkbenchError INVALID_INPUT, NOT_FOUND, JOB_FAILED (the export differs), CANCELLED, DISK_FULL, FORBIDDEN
 */
export async function trainModel(options: TrainOptions): Promise<TrainedModel> {
  const times = [performance.now()]
  if (!Number.isSafeInteger(options.seed))
    throw new WorkbenchError('INVALID_INPUT', `The seed ${options.seed} is not a whole number. Give a whole number.`)
  assertNotCancelled(options.signal)
  options.onProgress?.('read', 0)
  const table = await readTrainingTable(options)
  times.push(performance.now())
  const fit = await fitTable(options, table)
  times.push(performance.now())
  options.onProgress?.('export', 0)
  const { files, nativeText, signature } = await writeModel(options, table, fit)
  times.push(performance.now())
  options.onProgress?.('check', 0)
  const parity = await checkExport(options, table, fit, signature)
  const merged = mergedColumns(table.frame, fit.native.features)
  table.warnings.push(...precisionWarnings(merged, parity))
  times.push(performance.now())
  const record = {
    ...recordOf(options, table, fit),
    durations: durationsOf(times),
    parity,
    merged,
    ...(options.columnRoles && { columnRoles: options.columnRoles }),
    trainingTable: options.trainingTableSha256 ? { sha256: options.trainingTableSha256 } : null,
    modelDigest: sha256(nativeText),
    files,
    warnings: table.warnings
  } as TrainedModel
  await writeOutput(options.outputDirectory, 'training.json', `${JSON.stringify(record, null, 2)}\n`)
  options.onProgress?.('check', 1)
  return record
}

type TrainingTable = Awaited<ReturnType<typeof readTrainingTable>>
type Fit = Awaited<ReturnType<typeof fitModel>>

function fitTable(options: TrainOptions, table: TrainingTable) {
  const { task, target, frame, features, outcome, holdBack, validation, classWeights, warnings } = table
  const weighed = <Rows extends Outcomes>(own: Rows): Rows => (classWeights ? { ...own, ...weighClasses(own, classWeights.byPlace) } : own)
  const rows = weighed({ frame, labels: target.labels, weights: target.weights })
  const { algorithm, parameters, seed } = options
  const objective = task.objectiveOf(outcome.target)
  return fitModel(
    {
      task,
      target: outcome.target,
      objective,
      algorithm,
      parameters,
      seed,
      features,
      rows,
      validation: validation && weighed(validation),
      holdBack
    },
    warnings,
    progressOf(options)
  )
}

async function writeModel(options: TrainOptions, { task, outcome }: TrainingTable, { native }: Fit) {
  const width = widthOf(task.objectiveOf(outcome.target))
  const signature = deriveSignature(options.algorithm, native.features, outcome, width, options.units ?? {})
  const onnx = exportOnnx(native, options.name ?? 'classifier', metadataOf(options), options.treeOperators)
  const nativeText = JSON.stringify(native)
  assertNotCancelled(options.signal)
  const write = (path: string, content: string | Uint8Array) => writeOutput(options.outputDirectory, path, content)
  const files = {
    model: await write('model.onnx', onnx),
    native: await write('model.json', nativeText),
    signature: await write('signature.json', `${JSON.stringify(signature, null, 2)}\n`)
  }
  return { files, nativeText, signature }
}

/** Holds the written file against the model in memory, on the first rows. @throws WorkbenchError JOB_FAILED where they differ */
async function checkExport(
  { outputDirectory, signal }: TrainOptions,
  { frame }: TrainingTable,
  { native }: Fit,
  signature: ModelSignature
) {
  const scorer = await startScorer(join(outputDirectory, 'model.onnx'), signature, signal)
  const sample = selectRows(
    frame,
    Uint32Array.from({ length: Math.min(frame.rows, parityRows) }, (_, row) => row)
  )
  return assertParity(native, scorer, signature, sample, signal).finally(() => scorer.close())
}

/** What was asked and what was learned, as training.json says it. */
const recordOf = (options: TrainOptions, { task, target, read, outcome, classWeights }: TrainingTable, fit: Fit) => ({
  schema: 'drydock.training',
  version: 1,
  ...(options.task !== undefined && options.task !== 'binary' && { task: options.task }),
  algorithm: options.algorithm,
  parameters: fit.parameters,
  seed: options.seed,
  ...(options.weight !== undefined && { weight: options.weight }),
  ...(options.exposure !== undefined && { exposure: options.exposure }),
  ...(classWeights && { classWeights: { asked: options.classWeights, used: classWeights.used } }),
  target: outcome.target,
  features: fit.native.features.map(({ name, kind }) => ({ name, kind })),
  rows: { read, withoutTarget: target.withoutTarget, ...fit.rows, ...task.countOutcomes(target) },
  iterations: fit.iterations,
  bestIteration: fit.bestIteration,
  stopped: fit.stopped,
  history: fit.history,
  importances: fit.importances,
  ...(fit.coefficients && { coefficients: fit.coefficients }),
  shuffled: fit.shuffled,
  heldOut: fit.heldOut && { ...fit.heldOut, ...(options.validationTableSha256 && { table: options.validationTableSha256 }) },
  ...(fit.baseline && { baseline: fit.baseline })
})

/** Seconds of the parts between five points in time, which are milliseconds. */
function durationsOf([started, read, fitted, exported, checked]: readonly number[]): TrainedModel['durations'] {
  const seconds = (from = 0, to = 0): number => (to - from) / 1000
  return {
    read: seconds(started, read),
    fit: seconds(read, fitted),
    export: seconds(fitted, exported),
    check: seconds(exported, checked),
    total: seconds(started, checked)
  }
}

/** What single precision would have cost, and what it still costs. */
function precisionWarnings(merged: NonNullable<TrainedModel['merged']>, { rows, unrounded }: TrainedModel['parity']): string[] {
  const kept = merged
    .filter(({ precision }) => precision === 'double')
    .map(
      ({ column, distinct, merged: count }) =>
        `The column "${column}" has ${distinct} different values of which single precision would merge ${count}; the model reads it in double precision, so pass it as double.`
    )
  if (!unrounded || unrounded.beyond === 0) return kept
  return [
    ...kept,
    `${unrounded.beyond} of ${rows} rows are scored differently (by up to ${unrounded.maxDifference.toPrecision(2)}) because single precision rounds one of their numbers across a border of the model.`
  ]
}

function progressOf(options: TrainOptions): FitProgress {
  return {
    signal: options.signal,
    onIteration: ({ iteration, trainingLoss, validationLoss }, share) => {
      options.onProgress?.('fit', share)
      options.onMetric?.({ name: 'training_loss', step: iteration, value: trainingLoss })
      if (validationLoss !== null) options.onMetric?.({ name: 'validation_loss', step: iteration, value: validationLoss })
    }
  }
}

function metadataOf(options: TrainOptions): Record<string, string> {
  return {
    'drydock.algorithm': options.algorithm,
    'drydock.target': options.target,
    'drydock.seed': String(options.seed),
    ...(options.name ? { 'drydock.name': options.name } : {}),
    ...(options.trainingTableSha256 ? { 'drydock.training_table_sha256': options.trainingTableSha256 } : {})
  }
}

async function writeOutput(directory: string, path: string, content: string | Uint8Array): Promise<TrainedModel['files']['model']> {
  try {
    await mkdir(directory, { recursive: true })
    await writeFile(join(directory, path), content)
  } catch (error) {
    throw fromSystemError(error, `writing ${path}`)
  }
  return { path, sha256: sha256(content), bytes: Buffer.byteLength(content) }
}
