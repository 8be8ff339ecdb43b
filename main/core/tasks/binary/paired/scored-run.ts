import type { GroupRules } from '../../paired'
import type { RowScores } from '../row-scores'

/** What one run answered to each row, and what its evaluation was asked. */
export interface ScoredRun {
  scores: RowScores
  /** The probability from which on it decides. */
  threshold: number
  /** What a model without skill states for every row; without it there is no skill in log loss to compare. */
  baseRate?: number
  /** Which groups were compared; without it, or where the rows do not say their group, no gap is compared row by row. */
  groups?: GroupRules
}
