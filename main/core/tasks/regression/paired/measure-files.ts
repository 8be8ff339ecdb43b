import { WorkbenchError } from '../../../../model/errors'
import type { RegressionTarget } from '../../../../model/tasks/regression'
import { breathe } from '../../../numerics'
import { areSameRows, readRowScores } from '../row-scores'
import { measureRuns, type MeasureOptions, type MeasuredRuns } from './measure-runs'
import type { AskedRun, ScoredRun } from './scored-run'

/** A run whose predictions of single rows are in a file. */
export interface FiledRun extends AskedRun {
  path: string
}

/** Runs whose files were read, as plain data. */
export interface MeasuredFiles {
  /** By run: why its predictions cannot be read. */
  unreadable: (string | null)[]
  /** By run: judged on the rows and outcomes of the first run that can be read. */
  onSameRows: boolean[]
  /** These have too many rows to be compared row by row. */
  tooMany: boolean
  /** Runs on the same rows in their order; null where there are none to compare. */
  measured: MeasuredRuns | null
}

/** Rows of all runs together that are compared row by row: beyond, their predictions do not fit in memory with room to spare. */
const mostRows = 10_000_000

/** What the comparison of rows asks of an evaluation. */
export const askedOf = ({ target, baseline }: { target: RegressionTarget; baseline?: { amount: number } }): AskedRun => ({
  aim: { objective: target.objective, ...(target.quantile !== undefined && { quantile: target.quantile }) },
  ...(baseline && { constant: baseline.amount })
})

/**
 * Reads the predictions of runs, and looks at the rows of those that were judged on the same ones.
 * @throws WorkbenchError CANCELLED
 */
export async function measureFiles(
  runs: readonly FiledRun[],
  options: Pick<MeasureOptions, 'signal' | 'onProgress'> = {}
): Promise<MeasuredFiles> {
  const unreadable: MeasuredFiles['unreadable'] = []
  const onSameRows: boolean[] = []
  const same: ScoredRun[] = []
  for (const { path, ...asked } of runs) {
    await breathe(options.signal)
    const scores = readFile(path)
    unreadable.push(typeof scores === 'string' ? scores : null)
    const isSame = typeof scores !== 'string' && (same.length === 0 || areSameRows(same[0]!.scores, scores))
    onSameRows.push(isSame)
    if (isSame) same.push({ ...asked, scores })
  }
  const tooMany = same.length > 1 && same.length * same[0]!.scores.rows.length > mostRows
  return { unreadable, onSameRows, tooMany, measured: same.length < 2 || tooMany ? null : await measureRuns(same, options) }
}

function readFile(path: string): ScoredRun['scores'] | string {
  try {
    return readRowScores(path)
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error
    return error.message
  }
}
