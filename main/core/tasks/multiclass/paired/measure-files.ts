import type { ClassCosts } from '../../../../model/class-decision'
import { WorkbenchError } from '../../../../model/errors'
import { breathe } from '../../../numerics'
import { areSameRows, readRowScores, type ClassRowScores } from '../row-scores'
import { measureRuns, type MeasuredClassRuns, type MeasureOptions, type ScoredClassRun } from './measure-runs'

/** A run of several classes by the file that holds its scores. */
export interface FiledClassRun {
  path: string
  /** What a model without skill states for every row, by class; without it there is no skill in log loss to compare. */
  shares?: readonly number[]
  /** What its decisions cost, where it decides by that. */
  costs?: ClassCosts
}

/** What the rows of files say, as plain data. */
export interface MeasuredClassFiles {
  /** By run: why its scores cannot be read. */
  unreadable: (string | null)[]
  /** By run: judged on the rows and classes of the first run that can be read. */
  onSameRows: boolean[]
  /** These have too many rows to be compared row by row. */
  tooMany: boolean
  /** Runs on the same rows in their order; null where there are none to compare. */
  measured: MeasuredClassRuns | null
}

/** Scores of all runs together that are compared row by row: beyond, they do not fit in memory with room to spare. */
const mostScores = 40_000_000

/**
 * Reads the scores of runs, and looks at the rows of those that were judged on the same ones.
 * @throws WorkbenchError CANCELLED
 */
export async function measureFiles(
  runs: readonly FiledClassRun[],
  options: Pick<MeasureOptions, 'signal' | 'onProgress'> = {}
): Promise<MeasuredClassFiles> {
  const unreadable: MeasuredClassFiles['unreadable'] = []
  const onSameRows: boolean[] = []
  const same: ScoredClassRun[] = []
  for (const { path, shares, costs } of runs) {
    await breathe(options.signal)
    const scores = readFile(path)
    unreadable.push(typeof scores === 'string' ? scores : null)
    const isSame = typeof scores !== 'string' && (same.length === 0 || areSameRows(same[0]!.scores, scores))
    onSameRows.push(isSame)
    if (isSame) same.push({ scores, shares, costs })
  }
  const tooMany = same.length > 1 && same.length * same[0]!.scores.scores.length > mostScores
  return { unreadable, onSameRows, tooMany, measured: same.length < 2 || tooMany ? null : await measureRuns(same, options) }
}

function readFile(path: string): ClassRowScores | string {
  try {
    return readRowScores(path)
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error
    return error.message
  }
}
