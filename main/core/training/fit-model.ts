import { WorkbenchError } from '../../model/errors'
import { fit, inOneSentence } from '../../model/schema-words'
import type { Algorithm, FeatureImportance, HoldBack, ModelSignature, TrainedModel, TrainingIteration } from '../../model/training'
import { judgedOutcomes, type Task } from '../tasks'
import { encodeFeatures, selectCells, type EncodedTable } from './features'
import { collectImportances, shuffleColumns, type Skill } from './importance'
import type { LabelledRows } from './learning-rows'
import { predictNative, type NativeModel } from './native-model'
import type { Objective } from './objective'
import type { FitProgress, Learned, Trainer } from './trainer'
import { trainers } from './trainers'

export interface FitRequest {
  task: Task
  /** What the signature will say of the outcome, and the loss that this asks for. */
  target: ModelSignature['target']
  objective: Objective
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
  /** False leaves out what the held-back rows say of the columns, for a fit of which only the answers are asked for. */
  isMeasured?: boolean
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
  coefficients: TrainedModel['coefficients']
}

/** Bounds the time of the shuffles: steps that rows take through a model. */
const walks = 30_000_000

/**
 * Fits the model, and judges it on the rows that it did not learn from: how much each column matters, and whether it beats the baseline.
 * @throws WorkbenchError INVALID_INPUT, CANCELLED
 */
export async function fitModel(request: FitRequest, warnings: string[], progress: FitProgress): Promise<Fit> {
  const { algorithm, objective } = request
  const trainer = trainers[algorithm]
  if (!trainer.objectives.includes(objective.name)) throw cannotLearn(algorithm, objective)
  const parameters = parseParameters(trainer, request)
  const learned = await trainer.learn({ ...request, parameters, given: request.parameters, warnings, progress })
  const { features, model, history, iterations, bestIteration, stopped, heldOut, training, validation, coefficients } = learned
  const native: NativeModel = {
    ...{ schema: 'drydock.native-model', version: 1, algorithm, features, model },
    // Models of the first versions name no objective: theirs is the logistic one.
    ...(objective.name !== 'logistic' && { objective })
  }
  return {
    native,
    parameters: (learned.parameters ?? parameters) as TrainedModel['parameters'],
    ...{ history, iterations, bestIteration, stopped, heldOut, coefficients },
    rows: { training: training.frame.rows, validation: validation?.frame.rows ?? 0 },
    ...(await judgeFit(request, native, learned, trainer.stepsPerRow(model), warnings, progress.signal))
  }
}

/** What the rows that the fit did not learn from say of it; without any, only its own amounts. */
async function judgeFit(
  { task, target, features, seed, isMeasured = true }: FitRequest,
  native: NativeModel,
  { training, validation, amounts, uses, stated: byParts }: Learned<unknown>,
  steps: number,
  warnings: string[],
  signal: AbortSignal | undefined
): Promise<Pick<Fit, 'importances' | 'shuffled' | 'baseline'>> {
  if (!validation || !isMeasured)
    return { importances: collectImportances(features, amounts, uses, null), shuffled: null, baseline: undefined }
  const table = encodeFeatures(validation.frame, native.features)
  const { labels, weights } = judgedOutcomes(validation)
  const state = byParts ?? ((own: EncodedTable) => predictNative(native, own))
  const whole = state(table, Uint32Array.from(labels.keys()))
  const baseline = task.baseline.compare({ labels, weights }, whole, task.baseline.of(judgedOutcomes(training), target), { target })
  warnings.push(...task.baseline.warnings(baseline, 'validation rows', target))
  const isRead = (column: number): boolean => uses[column]! > 0
  const shuffling = { labels, weights, columns: features.length, seed, budget: walks / Math.max(1, steps), isRead, signal }
  const skill: Skill = (outcomes, scores) => task.skill(outcomes, scores, target)
  const found = await shuffleColumns(skill, shuffling, (rows, shuffled) => state(withShuffled(table, rows, shuffled), rows))
  return {
    importances: collectImportances(features, amounts, uses, found?.columns ?? null),
    shuffled: found && { on: 'validation', rows: found.rows, repeats: found.repeats },
    baseline: baseline as Fit['baseline']
  }
}

/** The chosen rows, with one column's values taken from the rows of `order` instead. */
function withShuffled(table: EncodedTable, rows: Uint32Array, shuffled: { column: number; order: Uint32Array } | null): EncodedTable {
  const orderOf = (column: number): Uint32Array => (shuffled?.column === column ? shuffled.order : rows)
  return { rows: rows.length, columns: table.columns.map((cells, column) => selectCells(cells, orderOf(column))) }
}

function parseParameters({ parameters: schema }: Trainer, { algorithm, parameters }: FitRequest): unknown {
  const parsed = fit(schema, parameters ?? {})
  if (parsed.success) return parsed.data
  throw new WorkbenchError('INVALID_INPUT', `The parameters do not fit ${algorithm}: ${inOneSentence(parsed.problems)}. Correct them.`, {
    details: { issues: parsed.problems.map(({ path, message }) => ({ path: path.join('.'), message })) }
  })
}

function cannotLearn(algorithm: Algorithm, objective: Objective): WorkbenchError {
  const able = Object.values(trainers).filter(({ objectives }) => objectives.includes(objective.name))
  return new WorkbenchError(
    'INVALID_INPUT',
    `The algorithm ${algorithm} does not learn the objective ${objective.name}. Choose ${able.map(({ name }) => name).join(' or ')}.`,
    { details: { algorithm, objective: objective.name } }
  )
}
