import type { RegressionFairness, RegressionFigures, RegressionTarget } from '../../../model/tasks/regression'
import type { countJudged } from './target'

/** An evaluation of this task, as far as its own parts go. */
export interface AmountEvaluation extends RegressionFigures {
  target: RegressionTarget
  rows: ReturnType<typeof countJudged> & { judged: number }
  fairness: RegressionFairness | null
}
