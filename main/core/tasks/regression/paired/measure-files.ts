import type { RegressionTarget } from '../../../../model/tasks/regression'
import { measureRunFiles, rulesOf, type GroupRules, type MeasuredOfFiles } from '../../paired'
import { areSameRows, readRowScores } from '../row-scores'
import { measureRuns, type MeasureOptions, type MeasuredRuns } from './measure-runs'
import type { AskedRun, ScoredRun } from './scored-run'

/** A run whose predictions of single rows are in a file. */
export interface FiledRun extends AskedRun {
  path: string
}

/** What files of predictions say of their runs, as plain data. */
export type MeasuredFiles = MeasuredOfFiles<MeasuredRuns>

/** What the comparison of rows asks of an evaluation: what was predicted, and how groups were compared, without what was found. */
export const askedOf = ({ target, baseline, fairness }: AskedOf): AskedRun => ({
  aim: { objective: target.objective, ...(target.quantile !== undefined && { quantile: target.quantile }) },
  ...(baseline && { constant: baseline.amount }),
  ...(fairness && { groups: rulesOf(fairness) })
})

interface AskedOf {
  target: RegressionTarget
  baseline?: { amount: number }
  fairness?: GroupRules | null
}

/**
 * Reads the predictions of runs, and looks at the rows of those that were judged on the same ones.
 * @throws WorkbenchError CANCELLED
 */
export const measureFiles = (
  runs: readonly FiledRun[],
  options: Pick<MeasureOptions, 'signal' | 'onProgress'> = {}
): Promise<MeasuredFiles> =>
  measureRunFiles(
    runs,
    { read: readRowScores, areSameRows, mostScores: 10_000_000, measure: (same: readonly ScoredRun[]) => measureRuns(same, options) },
    options.signal
  )
