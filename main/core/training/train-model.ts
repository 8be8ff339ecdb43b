import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import {
  gradientBoostingParametersSchema,
  logisticRegressionParametersSchema,
  type Algorithm,
  type FeatureImportance,
  type TrainedModel,
  type TrainingIteration
} from '../../model/training'
import type { TaskName } from '../../model/tasks'
import { readFrame, selectRows, type Frame } from '../frames'
import { assertNotCancelled } from '../numerics'
import { taskOf, type Target, type TargetChoice, type Task } from '../tasks'
import { mostCategories } from './boosting/binning'
import { fitBoosting } from './boosting/fit-boosting'
import { assertFeatureNames, deriveEncodings, encodeFeatures, rangeWarnings } from './features'
import { collectImportances, permutationImportances } from './importance'
import { fitLogistic } from './logistic/fit-logistic'
import type { NativeModel } from './native-model'
import { exportOnnx } from './onnx/export-model'
import { assertParity } from './scoring/parity'
import { startScorer } from './scoring/score-table'
import { deriveSignature } from './signature'
import { holdBack } from './split-rows'
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
  algorithm: Algorithm
  /** Hyper-parameters that differ from the defaults. */
  parameters?: unknown
  seed: number
  /** Made if it does not exist. */
  outputDirectory: string
  /** Name of the ONNX graph. */
  name?: string
  /** SHA-256 of the table, recorded in the model. */
  trainingTableSha256?: Sha256
  units?: Readonly<Record<string, string>>
  /** What the roles of the columns decided, for the record. */
  columnRoles?: TrainedModel['columnRoles']
  signal?: AbortSignal
  onProgress?: (stage: 'read' | 'fit' | 'export' | 'check', share: number) => void
  onMetric?: (point: MetricPoint) => void
}

const parityRows = 4096

interface Fit {
  native: NativeModel
  parameters: TrainedModel['parameters']
  history: TrainingIteration[]
  iterations: number
  bestIteration: number
  stopped: TrainedModel['stopped']
  importances: FeatureImportance[]
  validationRows: number
}

/**
 * Trains a binary classifier and writes model.onnx (preprocessing included), model.json, signature.json and training.json.
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
  const wanted = options.features ? [...options.features, targetName] : undefined
  if (options.features) assertFeatureNames(options.features, targetName)
  const whole = await readFrame(options.table, wanted, signal)
  const task = taskOf(options)
  const target = task.readTarget(whole, targetName, options)
  task.assertTrainable(targetName, target)
  const features = options.features ? [...options.features] : [...whole.columns.keys()].filter((name) => name !== targetName)
  assertFeatureNames(features, targetName)
  const frame = selectRows(whole, target.rows)
  const warnings = [...task.trainingWarnings(targetName, target), ...rangeWarnings(frame, features)]
  const read = performance.now()

  const fit = await fitModel(task, options, frame, features, target, warnings)
  const fitted = performance.now()

  options.onProgress?.('export', 0)
  const signature = deriveSignature(options.algorithm, fit.native.features, task.describeOutcome(targetName, target), options.units ?? {})
  const metadata = metadataOf(options)
  const onnx = exportOnnx(fit.native, options.name ?? 'classifier', metadata)
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
  const checked = performance.now()
  const record: TrainedModel = {
    schema: 'drydock.training',
    version: 1,
    algorithm: options.algorithm,
    parameters: fit.parameters,
    seed: options.seed,
    target: signature.target,
    features: fit.native.features.map(({ name, kind }) => ({ name, kind })),
    rows: {
      read: whole.rows,
      withoutTarget: target.withoutTarget,
      training: frame.rows - fit.validationRows,
      validation: fit.validationRows,
      ...task.countOutcomes(target)
    },
    iterations: fit.iterations,
    bestIteration: fit.bestIteration,
    stopped: fit.stopped,
    history: fit.history,
    importances: fit.importances,
    durations: {
      read: (read - started) / 1000,
      fit: (fitted - read) / 1000,
      export: (exported - fitted) / 1000,
      check: (checked - exported) / 1000,
      total: (checked - started) / 1000
    },
    parity,
    ...(options.columnRoles && { columnRoles: options.columnRoles }),
    trainingTable: options.trainingTableSha256 ? { sha256: options.trainingTableSha256 } : null,
    modelDigest: sha256(nativeText),
    files,
    warnings
  }
  await write('training.json', `${JSON.stringify(record, null, 2)}\n`)
  options.onProgress?.('check', 1)
  return record
}

async function fitModel(
  task: Task,
  options: TrainOptions,
  frame: Frame,
  features: string[],
  target: Target,
  warnings: string[]
): Promise<Fit> {
  const progress = {
    signal: options.signal,
    onIteration: ({ iteration, trainingLoss, validationLoss }: TrainingIteration, share: number): void => {
      options.onProgress?.('fit', share)
      options.onMetric?.({ name: 'training_loss', step: iteration, value: trainingLoss })
      if (validationLoss !== null) options.onMetric?.({ name: 'validation_loss', step: iteration, value: validationLoss })
    }
  }
  const header = { schema: 'drydock.native-model', version: 1 } as const
  const { labels } = target
  if (options.algorithm === 'logistic-regression') {
    const parameters = parseParameters(logisticRegressionParametersSchema, options)
    const encodings = deriveEncodings(frame, features, (counts) => counts.filter((count) => count >= parameters.minRowsPerCategory).length)
    addColumnWarnings(encodings, warnings)
    const table = encodeFeatures(frame, encodings)
    const fit = await fitLogistic(table, encodings, labels, parameters, progress)
    if (!fit.converged)
      warnings.push(`The fit did not reach its tolerance within ${fit.iterations} iterations; raise the iterations or L2.`)
    const native: NativeModel = { ...header, algorithm: 'logistic-regression', features: encodings, model: fit.model }
    const permutations = permutationImportances(task.skill, native, table, labels, Uint32Array.from(labels.keys()), options.seed)
    const importances = collectImportances(features, fit.spreads, fit.uses, permutations)
    const stopped = fit.converged ? 'converged' : 'finished'
    const { history, iterations } = fit
    return { native, parameters, history, iterations, bestIteration: iterations, stopped, importances, validationRows: 0 }
  }
  const parameters = parseParameters(gradientBoostingParametersSchema, options)
  if (parameters.earlyStoppingRounds > 0 && parameters.validationFraction === 0) {
    parameters.validationFraction = 0.1
    warnings.push('Early stopping needs validation rows: a tenth of the training rows was held back.')
  }
  const { training, validation } = holdBack(labels, parameters.validationFraction, options.seed)
  if (parameters.validationFraction > 0 && validation.length === 0)
    warnings.push('Too few rows of one outcome to hold any back: the model was trained on all rows, without validation and early stopping.')
  // Rows that are held back to judge the fit must not shape it, neither by their categories nor by their bins.
  const learnedFrom = validation.length > 0 ? selectRows(frame, training) : frame
  const encodings = deriveEncodings(learnedFrom, features, (counts) => Math.min(counts.length, mostCategories))
  addColumnWarnings(encodings, warnings)
  const table = encodeFeatures(frame, encodings)
  const fit = await fitBoosting(table, encodings, labels, training, validation, parameters, options.seed, progress)
  if (fit.uses.every((uses) => uses === 0))
    warnings.push(
      'No column splits the rows under these rules, so every row gets the same probability. Lower the rows per leaf or add data.'
    )
  const native: NativeModel = { ...header, algorithm: 'gradient-boosting', features: encodings, model: fit.model }
  const permutations = permutationImportances(
    task.skill,
    native,
    table,
    labels,
    validation.length > 0 ? validation : training,
    options.seed
  )
  const importances = collectImportances(features, fit.gains, fit.uses, permutations)
  const { history, bestIteration, stopped } = fit
  return { native, parameters, history, iterations: history.length, bestIteration, stopped, importances, validationRows: validation.length }
}

function parseParameters<T extends z.ZodType>(schema: T, options: TrainOptions): z.output<T> {
  const parsed = schema.safeParse(options.parameters ?? {})
  if (parsed.success) return parsed.data
  throw new WorkbenchError(
    'INVALID_INPUT',
    `The parameters do not fit ${options.algorithm}: ${z.prettifyError(parsed.error)}. Correct them.`,
    {
      details: { issues: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) }
    }
  )
}

function addColumnWarnings(encodings: NativeModel['features'], warnings: string[]): void {
  for (const { name, kind, min, max, missingShare, categoryCount } of encodings) {
    if (missingShare === 1) warnings.push(`The column "${name}" has no value at all; it adds nothing.`)
    else if (kind === 'category' ? categoryCount === 1 : min === max)
      warnings.push(`The column "${name}" has a single value${missingShare > 0 ? ' besides missing ones' : ' and adds nothing'}.`)
    else if (kind === 'category' && categoryCount > mostCategories)
      warnings.push(`The column "${name}" has ${categoryCount} different texts; rare ones are treated as one.`)
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
