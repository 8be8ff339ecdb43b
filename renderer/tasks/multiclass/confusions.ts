import type { TargetValue } from '../../../main/model/tasks'

/** Rows of a class that were decided for another one. */
export interface Confused {
  was: string
  decided: string
  rows: number
  /** Of the rows of the class. */
  share: number
}

/** Every pair of a class and another one that its rows were decided for, most rows first. */
export function confusionsOf(classes: readonly TargetValue[], matrix: readonly (readonly number[])[]): Confused[] {
  return matrix
    .flatMap((counts, row) => {
      const all = counts.reduce((sum, count) => sum + count, 0)
      return counts.flatMap((rows, column): Confused[] =>
        row === column || rows === 0 ? [] : [{ was: String(classes[row]), decided: String(classes[column]), rows, share: rows / all }]
      )
    })
    .sort((a, b) => b.rows - a.rows || b.share - a.share)
}
