import type { FoldDesign } from '../../model/cross-validation'
import { WorkbenchError } from '../../model/errors'
import { didYouMean } from '../../model/near-names'
import { taskOf as modelTaskOf } from '../../model/tasks'
import { judgeFold } from './fit-fold'
import { divideRows, type PreparedRows } from './prepare-rows'
import type { Fold } from './folds'
import { spreadOf } from './summarise'

/** The metric that candidates are compared by, and which end of it is better. */
export interface Criterion {
  metric: string
  direction: 'higher' | 'lower'
}

/** Mean and spread of one candidate over the inner folds. */
export interface CandidateScore {
  candidate: number
  mean: number
  deviation: number
}

/**
 * The metric that was asked for, else the loss that the trainer minimises.
 * @throws WorkbenchError INVALID_INPUT for one that the task does not have
 */
export function criterionOf({ request, task, outcome }: PreparedRows): Criterion {
  const own = modelTaskOf({ task: request.task })
  const names = own.metrics.filter(({ unit }) => !['seconds', 'bytes', 'rows/s'].includes(unit)).map(({ key }) => key)
  const wanted = request.metric ?? task.lossMetric(outcome)
  const found = own.metrics.find(({ key }) => key === wanted && names.includes(key))
  if (found) return { metric: found.key, direction: found.direction }
  throw new WorkbenchError(
    'INVALID_INPUT',
    `There is no metric "${wanted}" of the task ${request.task} to choose settings by. It has: ${names.join(', ')}.${didYouMean(wanted, names)}`,
    { details: { metric: wanted } }
  )
}

/** The settings of a candidate: those of the step, with its own laid over them. */
export const settingsOf = ({ request }: PreparedRows, candidate: number | undefined): Record<string, unknown> => ({
  ...request.parameters,
  ...(candidate !== undefined && request.candidates[candidate])
})

/** The folds that settings are chosen by, within some of the rows: divided like the others, once. */
export function innerFolds(prepared: PreparedRows, rows: Uint32Array | undefined, within: string): Fold[] {
  const design: FoldDesign = { ...prepared.design, folds: prepared.request.innerFolds, repeats: 1 }
  return divideRows(prepared, design, rows, within)
}

/** The criterion of each candidate in one inner fold. */
export async function scoreCandidates(prepared: PreparedRows, fold: Fold, signal?: AbortSignal): Promise<number[]> {
  const { metric } = criterionOf(prepared)
  const values: number[] = []
  for (const candidate of prepared.request.candidates.keys()) {
    const { metrics } = await judgeFold(prepared, fold, settingsOf(prepared, candidate), signal)
    const value = metrics[metric]
    if (value === null || value === undefined)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The metric "${metric}" has no value in an inner fold of ${fold.test.length} rows, so settings cannot be chosen by it. Choose another metric, or fewer inner folds.`,
        { details: { metric } }
      )
    values.push(value)
  }
  return values
}

/** The candidate with the best mean over the inner folds, the first of equal ones. `values` are by fold and candidate. */
export function chooseCandidate(
  values: readonly (readonly number[])[],
  { direction }: Criterion
): { best: number; scores: CandidateScore[] } {
  const scores = values[0]!.map((_, candidate) => {
    const { mean, deviation } = spreadOf(values.map((own) => own[candidate]!))
    return { candidate: candidate + 1, mean, deviation }
  })
  const sign = direction === 'higher' ? -1 : 1
  const best = scores.reduce((first, next) => (sign * next.mean < sign * first.mean ? next : first))
  return { best: best.candidate - 1, scores }
}
