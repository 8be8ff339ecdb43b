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

export interface GroupRules {
  column: string
  minimumGroupSize: number
  minimumClassSize: number
}

/** Whether two runs were judged by the same groups of the same rows. */
export function haveSameGroups(a: ScoredRun, b: ScoredRun): boolean {
  const [one, other] = [a.scores.groups, b.scores.groups]
  return (
    one !== undefined &&
    other !== undefined &&
    a.groups?.column === b.groups?.column &&
    a.groups?.minimumGroupSize === b.groups?.minimumGroupSize &&
    a.groups?.minimumClassSize === b.groups?.minimumClassSize &&
    one.length === other.length &&
    one.every((group, row) => group === other[row])
  )
}
