import { taskOf as modelTaskOf } from '../../model/tasks'
import type { HoldBack } from '../../model/training'
import { selectRows, type Frame } from '../frames'
import { encodeFeatures, fitModel, predictNative, type Fit } from '../training'
import { outcomesInFit, outcomesOf, type PreparedRows } from './prepare-rows'
import type { Fold } from './folds'

/** What one model is worth on the rows that it did not learn from. */
export interface JudgedFit {
  scores: Float64Array
  metrics: Record<string, number | null>
  parameters: Fit['parameters']
  iterations: number
  warnings: string[]
}

/** How rows that only stop a training are held back within the rows of a fold: as the folds are divided. */
function holdBackOf({ design, request }: PreparedRows): HoldBack {
  return design.by === 'group' || design.by === 'time' ? { by: design.by, column: design.column } : request.holdBack
}

/**
 * Fits one model on the training rows of a fold and judges it on the others, exactly as a train step and an evaluation would.
 * @throws WorkbenchError INVALID_INPUT, CANCELLED
 */
export async function judgeFold(
  prepared: PreparedRows,
  { training, test }: Pick<Fold, 'training' | 'test'>,
  parameters: Readonly<Record<string, unknown>>,
  signal?: AbortSignal
): Promise<JudgedFit> {
  const { request, task, outcome, objective, frame } = prepared
  const warnings: string[] = []
  const learned = { frame: selectRows(frame, training), ...outcomesInFit(prepared, training) }
  const fit = await fitModel(
    {
      ...{ task, objective, target: outcome, algorithm: request.algorithm, parameters, seed: request.seed },
      features: [...request.features],
      rows: learned,
      validation: null,
      holdBack: holdBackOf(prepared),
      isMeasured: false
    },
    warnings,
    { signal }
  )
  const held = selectRows(frame, test)
  const scores = predictNative(fit.native, encodeFeatures(held, fit.native.features))
  const statement = task.baseline.of(outcomesOf(prepared, training), outcome)
  const rows = task.rowsToJudge(judgedColumns(prepared, held), request.target, outcome, request)
  const rules = task.settleChoices({ seed: request.seed, bootstrapSamples: 0 })
  const { figures } = await task.judgeRows(rows, scores, undefined, rules, { signal })
  const baseline = task.baseline.compare(rows.target, scores, statement, { target: outcome })
  return {
    scores,
    metrics: metricsOf(request.task, { ...figures, baseline }),
    parameters: fit.parameters,
    iterations: fit.bestIteration,
    warnings
  }
}

/** The columns that figures need: what a feature tells of the errors is asked of an evaluation, not of a fold. */
function judgedColumns({ request }: PreparedRows, { rows, columns }: Frame): Frame {
  const names = [request.target, request.weight, request.exposure].filter((name) => name !== undefined)
  return { rows, columns: new Map(names.map((name) => [name, columns.get(name)!])) }
}

/** Nothing is timed here: figures of speed are those of an evaluation. */
const notTimed = { calls: 0, p50: NaN, p99: NaN, mean: NaN, batchRows: 0, rowsPerSecond: NaN, peakMemory: NaN }
const ofMachine: ReadonlySet<string> = new Set(['seconds', 'bytes', 'rows/s'])

/** The figures of a fold by the names of the task, null where one has no value; ends of intervals say nothing of a single fold. */
function metricsOf(task: string, figures: object): Record<string, number | null> {
  const own = modelTaskOf({ task })
  const found = own.metricsOf({ ...figures, latency: notTimed, trainingSeconds: null, fairness: null })
  const keys = own.metrics.filter(({ key, unit }) => !own.bounds.includes(key) && !ofMachine.has(unit)).map(({ key }) => key)
  return Object.fromEntries(keys.map((key) => [key, found[key] ?? null]))
}
