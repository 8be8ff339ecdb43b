import type { RegressionFairness, RegressionFigures, RegressionTarget } from '../../../main/model/tasks/regression'

/** An evaluation of amounts, as far as these panels show it. */
export interface JudgedAmounts extends RegressionFigures {
  target: RegressionTarget
  rows: { judged: number; mean: number; deviation: number; minimum: number; maximum: number; weight?: number }
  seed: number
  fairness: RegressionFairness | null
}

export interface NamedRun {
  id: string
  name: string
}
