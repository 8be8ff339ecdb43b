import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import type { Algorithm, HoldBack, ModelSignature, TrainedModel } from '../../model/training'
import type { TaskName } from '../../model/tasks'
import { listed, readFrame, selectRows } from '../frames'
import { assertNotCancelled } from '../numerics'
import { classWeightsOf, taskOf, weighClasses, type Outcomes, type Target, type TargetChoice, type Task } from '../tasks'
import { addColumn } from './add-column'
import { assertFeatureNames, mergedColumns, rangeWarnings } from './features'
import { fitModel } from './fit-model'
import type { LabelledRows } from './learning-rows'
import { exportOnnx } from './onnx/export-model'
import { assertParity } from './scoring/parity'
import { startScorer } from './scoring/score-table'
import { widthOf } from './objective'
import { deriveSignature } from './signature'
import type { FitProgress } from './trainer'
import type { ClassWeights } from '../../model/class-weights'
import type { Sha256 } from '../../model/reference'
import { sha256 } from '../../storage/objects/durable-files'

export interface MetricPoint {
  name: 'training_loss' | 'validation_loss'
  step: number
  value: number
}

export interface TrainOptions extends TargetChoice {
  /** What is predicted; `binary` when left out. */
  task?: TaskName
  /** Path of an Arrow file. */
  table: string
  target: string
  /** Every usable column but the target when left out. */
  features?: readonly string[]
  /** What each class counts in the fit; the same for all when left out. */
  classWeights?: ClassWeights
  algorithm: Algorithm
  /** Hyper-parameters that differ from the defaults. */
  parameters?: unknown
  /** Path of an Arrow file whose rows only watch the fit: they stop it early and say what it is worth. */
  validation?: string
  validationTableSha256?: Sha256
  /** How rows are held back from the table when there is no such file; random ones when left out. */
  holdBack?: HoldBack
  seed: number
  /** Made if it does not exist. */
  outputDirectory: string
  /** Name of the ONNX graph. */
  name?: string
  /** SHA-256 of the table, recorded in the model. */
  trainingTableSha256?: Sha256
  /** Version of ai.onnx.ml that trees are exported for; 3 when left out. */
  treeOperators?: 3 | 5
  units?: Readonly<Record<string, string>>
  /** What the roles of the columns decided, for the record. */
  columnRoles?: TrainedModel['columnRoles']
  signal?: AbortSignal
  onProgress?: (stage: 'read' | 'fit' | 'export' | 'check', share: number) => void
  onMetric?: (point: MetricPoint) => void
}

const parityRows = 4096

/**
 * Trains a model and writes model.onnx (preprocessing included), model.json, signature.json and training.json.
 * The export is checked against the trained model with ONNX Runtime before training.json is written.
 * @throws WorkbenchError INVALID_INPUT, NOT_FOUND, JOB_FAILED (the export differs), CANCELLED, DISK_FULL, FORBIDDEN
 */
export async function trainModel(options: TrainOptions): Promise<TrainedModel> {
  const started = performance.now()
  const { signal, target: targetName } = options
  if (!Number.isSafeInteger(options.seed))
    throw new WorkbenchError('INVALID_INPUT', `The seed ${options.seed} is not a whole number. Give a whole number.`)
  assertNotCancelled(signal)
  options.onProgress?.('read', 0)
  const holdBack = options.holdBack ?? { by: 'random', column: null }
  const counted = [options.weight, options.exposure].filter((name) => name !== undefined)
  const wanted = options.features ? [...new Set([...options.features, targetName, ...counted])] : undefined
  if (options.features) assertFeatureNames(options.features, targetName)
  const whole = await readFrame(options.table, wanted, signal)
  if (!options.validation && holdBack.column !== null) await addColumn(whole, options.table, holdBack.column, signal)
  const task = taskOf(options)
  const target = task.readTarget(whole, targetName, options)
  task.assertTrainable(targetName, target)
  const features = options.features
    ? [...options.features]
    : [...whole.columns.keys()].filter((name) => name !== targetName && !counted.includes(name))
  assertFeatureNames(features, targetName)
  const frame = selectRows(whole, target.rows)
  const warnings = [...task.trainingWarnings(targetName, target), ...rangeWarnings(frame, features)]
  if (whole.unusable)
    warnings.push(
      `The model does not learn from ${listed(whole.unusable)}: lists, structures and binary values are no features. Turn them into numbers or text to use them.`
    )
  const outcome = task.describeOutcome(targetName, target)
  const objective = task.objectiveOf(outcome.target)
  const validation = options.validation
    ? await readValidation(options.validation, task, targetName, outcome.target, features, options, signal)
    : null
  warnings.push(...(validation?.warnings ?? []))
  const read = performance.now()

  const { algorithm, parameters, seed } = options
  const classWeights = chosenClassWeights(options, task, target)
  const weighed = <Rows extends Outcomes>(own: Rows): Rows => (classWeights ? { ...own, ...weighClasses(own, classWeights.byPlace) } : own)
  const rows = weighed({ frame, labels: target.labels, weights: target.weights })
  const fit = await fitModel(
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
  const fitted = performance.now()

  options.onProgress?.('export', 0)
  const signature = deriveSignature(options.algorithm, fit.native.features, outcome, widthOf(objective), options.units ?? {})
  const metadata = metadataOf(options)
  const onnx = exportOnnx(fit.native, options.name ?? 'classifier', metadata, options.treeOperators)
  const nativeText = JSON.stringify(fit.native)
  assertNotCancelled(signal)
  const write = (path: string, content: string | Uint8Array) => writeOutput(options.outputDirectory, path, content)
  const files = {
    model: await write('model.onnx', onnx),
    native: await write('model.json', nativeText),
    signature: await write('signature.json', `${JSON.stringify(signature, null, 2)}\n`)
  }
  const exported = performance.now()

  options.onProgress?.('check', 0)
  const scorer = await startScorer(join(options.outputDirectory, 'model.onnx'), signature, signal)
  const sample = selectRows(
    frame,
    Uint32Array.from({ length: Math.min(frame.rows, parityRows) }, (_, row) => row)
  )
  const parity = await assertParity(fit.native, scorer, signature, sample, signal).finally(() => scorer.close())
  const merged = mergedColumns(frame, fit.native.features)
  warnings.push(...precisionWarnings(merged, parity))
  const checked = performance.now()
  const record = {
    schema: 'drydock.training',
    version: 1,
    ...(options.task !== undefined && options.task !== 'binary' && { task: options.task }),
    algorithm: options.algorithm,
    parameters: fit.parameters,
    seed: options.seed,
    ...(options.weight !== undefined && { weight: options.weight }),
    ...(options.exposure !== undefined && { exposure: options.exposure }),
    ...(classWeights && { classWeights: { asked: options.classWeights, used: classWeights.used } }),
    target: signature.target,
    features: fit.native.features.map(({ name, kind }) => ({ name, kind })),
    rows: {
      read: whole.rows,
      withoutTarget: target.withoutTarget,
      ...fit.rows,
      ...task.countOutcomes(target)
    },
    iterations: fit.iterations,
    bestIteration: fit.bestIteration,
    stopped: fit.stopped,
    history: fit.history,
    importances: fit.importances,
    ...(fit.coefficients && { coefficients: fit.coefficients }),
    shuffled: fit.shuffled,
    heldOut: fit.heldOut && { ...fit.heldOut, ...(options.validationTableSha256 && { table: options.validationTableSha256 }) },
    ...(fit.baseline && { baseline: fit.baseline }),
    durations: {
      read: (read - started) / 1000,
      fit: (fitted - read) / 1000,
      export: (exported - fitted) / 1000,
      check: (checked - exported) / 1000,
      total: (checked - started) / 1000
    },
    parity,
    merged,
    ...(options.columnRoles && { columnRoles: options.columnRoles }),
    trainingTable: options.trainingTableSha256 ? { sha256: options.trainingTableSha256 } : null,
    modelDigest: sha256(nativeText),
    files,
    warnings
  } as TrainedModel
  await write('training.json', `${JSON.stringify(record, null, 2)}\n`)
  options.onProgress?.('check', 1)
  return record
}

/** What each class counts, by the place of its label and as the record names it. @throws WorkbenchError INVALID_INPUT */
function chosenClassWeights({ classWeights: asked, target: name }: TrainOptions, task: Task, target: Target) {
  if (asked === undefined) return null
  const values = task.classesOf?.(target)
  if (!values)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The target "${name}" is an amount and has no classes to weigh. Take the class weights out, or name a column of weights.`,
      { details: { column: name } }
    )
  const byPlace = classWeightsOf(name, target, values, asked)
  // Of very many values that share a label the first stand for all.
  const used = values.flatMap((own, place) => own.slice(0, 100).map((value) => ({ class: value, weight: byPlace[place]! })))
  return { byPlace, used }
}

/**
 * Rows of another table, read as those that the model learns from.
 * @throws WorkbenchError INVALID_INPUT when it lacks a column or the outcome means something else
 */
async function readValidation(
  path: string,
  task: Task,
  targetName: string,
  target: ModelSignature['target'],
  features: readonly string[],
  { weight, exposure }: TargetChoice,
  signal: AbortSignal | undefined
): Promise<LabelledRows & { warnings: string[] }> {
  try {
    const whole = await readFrame(
      path,
      [...new Set([...features, targetName, weight, exposure].filter((name) => name !== undefined))],
      signal
    )
    const rows = task.rowsToJudge(whole, targetName, target, { weight, exposure })
    return {
      frame: rows.frame,
      labels: rows.target.labels,
      weights: rows.target.weights,
      warnings: rows.warnings.map((warning) => `Validation rows: ${warning}`)
    }
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.code !== 'INVALID_INPUT') throw error
    throw new WorkbenchError('INVALID_INPUT', `The validation rows cannot be used: ${error.message}`, {
      details: error.details,
      cause: error
    })
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
