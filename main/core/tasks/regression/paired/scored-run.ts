import type { Aim } from '../../../../model/tasks/regression'
import type { GroupRules } from '../../paired'
import type { RowScores } from '../row-scores'

/** What an evaluation says of its run, so that its rows can be compared with those of others. */
export interface AskedRun {
  aim: Aim
  /** What a model without skill states for every row. */
  constant?: number
  /** Which groups were compared; without it, or where the rows do not say their group, no gap is compared row by row. */
  groups?: GroupRules
}

/** What one run answered to each row, and what its evaluation was asked. */
export interface ScoredRun extends AskedRun {
  scores: RowScores
}
