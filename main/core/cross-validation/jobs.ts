import type { FoldDesign } from '../../model/cross-validation'
import { judgeFold, type JudgedFit } from './fit-fold'
import { divideRows, prepareRows, type CrossValidationRequest, type PreparedRows } from './prepare-rows'
import type { Fold } from './folds'
import { chooseCandidate, criterionOf, innerFolds, scoreCandidates, settingsOf } from './tune'

/** A part of the work that depends on no other: one outer fold with the choice inside it, or one inner fold of the choice on all rows. */
export type Job = { kind: 'fold'; index: number } | { kind: 'choice'; index: number }

export type JobResult =
  { kind: 'fold'; index: number; candidate: number | undefined; judged: JudgedFit } | { kind: 'choice'; index: number; values: number[] }

/** Everything that is settled before the first fit; each process works it out for itself and comes to the same. */
export interface Plan {
  prepared: PreparedRows
  folds: Fold[]
  /** Folds of the choice on all rows; none where there is nothing to choose. */
  choice: Fold[]
  jobs: Job[]
}

/**
 * Reads the rows and divides them. The inner folds are divided here too, so that rows which cannot be divided so are told before any fit.
 * @throws WorkbenchError INVALID_INPUT, NOT_FOUND, CANCELLED
 */
export async function planWork(request: CrossValidationRequest, signal?: AbortSignal): Promise<Plan> {
  const prepared = await prepareRows(request, signal)
  const folds = divideRows(prepared, prepared.design)
  const isTuned = request.candidates.length > 0
  if (isTuned) {
    criterionOf(prepared)
    for (const fold of folds) innerFoldsOf(prepared, fold)
  }
  const choice = isTuned ? innerFolds(prepared, undefined, 'The choice on all rows') : []
  const numbered = (kind: Job['kind'], count: number): Job[] => Array.from({ length: count }, (_, index) => ({ kind, index }))
  return { prepared, folds, choice, jobs: [...numbered('fold', folds.length), ...numbered('choice', choice.length)] }
}

const innerFoldsOf = (prepared: PreparedRows, { training, fold, repeat }: Fold): Fold[] =>
  innerFolds(prepared, training, `Inner folds of ${nameOf(prepared.design, fold, repeat)}`)

const nameOf = ({ by, repeats }: FoldDesign, fold: number, repeat: number): string =>
  `${by === 'time' ? 'window' : 'fold'} ${fold + 1}${repeats > 1 ? ` of repeat ${repeat + 1}` : ''}`

/**
 * Does one part of the work. What comes out depends on the plan and the part alone, not on what was done before it or beside it.
 * @throws WorkbenchError INVALID_INPUT, CANCELLED
 */
export async function doJob({ prepared, folds, choice }: Plan, { kind, index }: Job, signal?: AbortSignal): Promise<JobResult> {
  if (kind === 'choice') return { kind, index, values: await scoreCandidates(prepared, choice[index]!, signal) }
  const fold = folds[index]!
  const candidate = prepared.request.candidates.length > 0 ? await chooseWithin(prepared, fold, signal) : undefined
  return { kind, index, candidate, judged: await judgeFold(prepared, fold, settingsOf(prepared, candidate), signal) }
}

/** Only rows to learn from take part in the choice: the others judge it. */
async function chooseWithin(prepared: PreparedRows, fold: Fold, signal?: AbortSignal): Promise<number> {
  const values: number[][] = []
  for (const inner of innerFoldsOf(prepared, fold)) values.push(await scoreCandidates(prepared, inner, signal))
  return chooseCandidate(values, criterionOf(prepared)).best
}
