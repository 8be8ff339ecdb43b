import type { BinaryEvaluation } from '../../../../model/evaluation'
import { measureRunFiles, rulesOf, type MeasuredOfFiles } from '../../paired'
import { areSameRows, readRowScores } from '../row-scores'
import { measureRuns, type MeasuredRuns } from './compare-runs'
import type { MeasureOptions } from './measure-together'
import type { ScoredRun } from './scored-run'

/** A run whose scores lie in the file that its evaluation kept. */
export interface FiledRun extends Omit<ScoredRun, 'scores'> {
  path: string
}

/** What measuring needs to know of an evaluation besides its scores: how rows were decided, and how groups were compared, without what was found. */
export const askedOf = ({
  threshold,
  baseline,
  fairness
}: Pick<BinaryEvaluation, 'threshold' | 'baseline' | 'fairness'>): Omit<FiledRun, 'path'> => ({
  threshold,
  baseRate: baseline?.rate,
  groups: fairness ? rulesOf(fairness) : undefined
})

/** What files of scores say of their runs, as plain data. */
export type MeasuredFiles = MeasuredOfFiles<MeasuredRuns>

/**
 * Reads the scores of runs, and looks at the rows of those that were judged on the same ones.
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
