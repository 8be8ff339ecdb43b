import { measureRunFiles, type MeasuredOfFiles } from '../../paired'
import { areSameRows, readRowScores } from '../row-scores'
import { measureRuns, type MeasuredClassRuns, type MeasureOptions, type ScoredClassRun } from './measure-runs'

/** A run of several classes by the file that holds its scores. */
export interface FiledClassRun extends Omit<ScoredClassRun, 'scores'> {
  path: string
}

/** What the rows of files say, as plain data. */
export type MeasuredClassFiles = MeasuredOfFiles<MeasuredClassRuns>

/**
 * Reads the scores of runs, and looks at the rows of those that were judged on the same ones.
 * @throws WorkbenchError CANCELLED
 */
export const measureFiles = (
  runs: readonly FiledClassRun[],
  options: Pick<MeasureOptions, 'signal' | 'onProgress'> = {}
): Promise<MeasuredClassFiles> =>
  measureRunFiles(
    runs,
    { read: readRowScores, areSameRows, mostScores: 40_000_000, measure: (same: readonly ScoredClassRun[]) => measureRuns(same, options) },
    options.signal
  )
