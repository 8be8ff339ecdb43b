import type { z } from 'zod'
import { WorkbenchError } from '../../model/errors'
import {
  gradientBoostingParametersSchema,
  logisticRegressionParametersSchema,
  type Algorithm,
  type FeatureImportance,
  type HoldBack,
  type TrainedModel,
  type TrainingIteration
} from '../../model/training'
import type { Task } from '../tasks'
import { mostCategories } from './boosting/binning'
import { fitBoosting, type FitProgress } from './boosting/fit-boosting'
import { concatTables, deriveEncodings, encodeFeatures, selectCells, type EncodedTable, type FeatureEncoding } from './features'
import { collectImportances, shuffleColumns } from './importance'
import { fitLogistic } from './logistic/fit-logistic'
import { predictNative, type NativeModel } from './native-model'
import { exactWhereRounded, movedByRounding, settleBorders } from './rounding'
import { parityLimit } from './scoring/parity'
import { divideRows, settleStopping, type LabelledRows } from './learning-rows'
import { fit, inOneSentence } from '../../model/schema-words'

export interface FitRequest {
  task: Task
  algorithm: Algorithm
  /** Hyper-parameters that differ from the defaults. */
  parameters: unknown
  seed: number
  features: string[]
  /** Every row that has an outcome. */
  rows: LabelledRows
  /** Rows of another table that only watch the fit. */
  validation: LabelledRows | null
  /** How rows are held back where there are none. */
  holdBack: HoldBack
}

export interface Fit {
  native: NativeModel
  parameters: TrainedModel['parameters']
  history: TrainingIteration[]
  iterations: number
  bestIteration: number
  stopped: TrainedModel['stopped']
  importances: FeatureImportance[]
  shuffled: NonNullable<TrainedModel['shuffled']> | null
  heldOut: NonNullable<TrainedModel['heldOut']> | null
  baseline: TrainedModel['baseline']
  rows: { training: number; validation: number }
}

/** Bounds the time of the shuffles: rows that walk through a tree. */
const walks = 30_000_000

/** Fits the model, and judges it on the rows that it did not learn from: how much each column matters, and whether it beats the base rate. */
export async function fitModel(request: FitRequest, warnings: string[], progress: FitProgress): Promise<Fit> {
  return request.algorithm === 'logistic-regression' ? fitWeights(request, warnings, progress) : fitTrees(request, warnings, progress)
}

const header = { schema: 'drydock.native-model', version: 1 } as const

async function fitWeights(request: FitRequest, warnings: string[], progress: FitProgress): Promise<Fit> {
  const { rows, validation, features } = request
  const parameters = parseParameters(logisticRegressionParametersSchema, request)
  const isKept = (count: number): boolean => count >= parameters.minRowsPerCategory
  const rounded = deriveEncodings(rows.frame, features, (counts) => counts.filter(isKept).length)
  addColumnWarnings(rounded, warnings)
  const learn = async (encodings: FeatureEncoding[]) => {
    const fit = await fitLogistic(encodeFeatures(rows.frame, encodings), encodings, rows.labels, parameters, progress)
    const native: NativeModel = { ...header, algorithm: 'logistic-regression', features: encodings, model: fit.model }
    return { fit, native }
  }
  const first = await learn(rounded)
  // Numbers far from zero beside their spread lose in single precision what a weight then makes visible: those models read them as they are.
  const isMoved = movedByRounding(first.native, rows.frame) >= parityLimit
  const { fit, native } = isMoved ? await learn(exactWhereRounded(rounded, rows.frame)) : first
  if (!fit.converged) warnings.push(`The fit did not reach its tolerance within ${fit.iterations} iterations; raise the iterations or L2.`)
  const { history, iterations } = fit
  return {
    native,
    parameters,
    history,
    iterations,
    bestIteration: iterations,
    stopped: fit.converged ? 'converged' : 'finished',
    heldOut: validation ? { from: 'input' } : null,
    rows: { training: rows.frame.rows, validation: validation?.frame.rows ?? 0 },
    ...(await judgeFit(request, native, rows, validation, fit.spreads, fit.uses, warnings, progress.signal))
  }
}

async function fitTrees(request: FitRequest, warnings: string[], progress: FitProgress): Promise<Fit> {
  const { rows, features, seed } = request
  const asked = settleStopping(
    parseParameters(gradientBoostingParametersSchema, request),
    request.parameters,
    request.validation !== null,
    warnings
  )
  const offered = { rows, connected: request.validation, terms: request.holdBack, seed, given: request.parameters }
  const { training, validation, heldOut, parameters } = divideRows(offered, asked, warnings)
  // Rows that are held back to judge the fit must not shape it, neither by their categories nor by their bins.
  const encodings = deriveEncodings(training.frame, features, (counts) => Math.min(counts.length, mostCategories))
  addColumnWarnings(encodings, warnings)
  const tables = [training, ...(validation ? [validation] : [])].map(({ frame }) => encodeFeatures(frame, encodings))
  const table = concatTables(tables)
  const labels = new Uint8Array(table.rows)
  labels.set(training.labels)
  if (validation) labels.set(validation.labels, training.labels.length)
  const all = Uint32Array.from(labels.keys())
  const [learned, watching] = [all.slice(0, training.labels.length), all.slice(training.labels.length)]
  const fit = await fitBoosting(table, encodings, labels, learned, watching, parameters, seed, progress)
  if (fit.uses.every((uses) => uses === 0))
    warnings.push(
      'No column splits the rows under these rules, so every row gets the same probability. Lower the rows per leaf or add data.'
    )
  const native: NativeModel = { ...header, algorithm: 'gradient-boosting', features: encodings, model: settleBorders(fit.model, encodings) }
  const { history, bestIteration, stopped } = fit
  return {
    native,
    parameters,
    history,
    iterations: history.length,
    bestIteration,
    stopped,
    heldOut,
    rows: { training: training.frame.rows, validation: validation?.frame.rows ?? 0 },
    ...(await judgeFit(request, native, training, validation, fit.gains, fit.uses, warnings, progress.signal))
  }
}

/** What the rows that the fit did not learn from say of it; without any, only its own amounts. */
async function judgeFit(
  { task, features, seed }: FitRequest,
  native: NativeModel,
  training: LabelledRows,
  validation: LabelledRows | null,
  amounts: Float64Array,
  uses: Int32Array,
  warnings: string[],
  signal: AbortSignal | undefined
): Promise<Pick<Fit, 'importances' | 'shuffled' | 'baseline'>> {
  if (!validation) return { importances: collectImportances(features, amounts, uses, null), shuffled: null, baseline: undefined }
  const table = encodeFeatures(validation.frame, native.features)
  const { labels } = validation
  const baseline = task.baseline.compare(labels, predictNative(native, table), task.baseline.of(training.labels))
  warnings.push(...task.baseline.warnings(baseline, 'validation rows'))
  const trees = native.algorithm === 'gradient-boosting' ? native.model.trees.length : 1
  const isRead = (column: number): boolean => uses[column]! > 0
  const shuffling = { labels, columns: features.length, seed, budget: walks / trees, isRead, signal }
  const found = await shuffleColumns(task.skill, shuffling, (rows, shuffled) => predictNative(native, withShuffled(table, rows, shuffled)))
  return {
    importances: collectImportances(features, amounts, uses, found?.columns ?? null),
    shuffled: found && { on: 'validation', rows: found.rows, repeats: found.repeats },
    baseline
  }
}

/** The chosen rows, with one column's values taken from the rows of `order` instead. */
function withShuffled(table: EncodedTable, rows: Uint32Array, shuffled: { column: number; order: Uint32Array } | null): EncodedTable {
  const orderOf = (column: number): Uint32Array => (shuffled?.column === column ? shuffled.order : rows)
  return { rows: rows.length, columns: table.columns.map((cells, column) => selectCells(cells, orderOf(column))) }
}

function parseParameters<T extends z.ZodType>(schema: T, { algorithm, parameters }: FitRequest): z.output<T> {
  const parsed = fit(schema, parameters ?? {})
  if (parsed.success) return parsed.data
  throw new WorkbenchError('INVALID_INPUT', `The parameters do not fit ${algorithm}: ${inOneSentence(parsed.problems)}. Correct them.`, {
    details: { issues: parsed.problems.map(({ path, message }) => ({ path: path.join('.'), message })) }
  })
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
