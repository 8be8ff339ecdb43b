import type { Aim } from '../../../../model/tasks/regression'
import type { RowScores } from '../row-scores'

/** What an evaluation says of its run, so that its rows can be compared with those of others. */
export interface AskedRun {
  aim: Aim
  /** What a model without skill states for every row. */
  constant?: number
}

/** What one run answered to each row, and what its evaluation was asked. */
export interface ScoredRun extends AskedRun {
  scores: RowScores
}
