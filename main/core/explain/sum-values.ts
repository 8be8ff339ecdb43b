import type { SumPart } from './white-box'

/** The values of a tensor's columns for some rows. */
export type PartValues = (part: SumPart) => Float64Array
/** The parts' values for rows that take some columns from the explained row `row` and the others from each row of the background. */
export type HybridValues = (part: SumPart, row: number, fromRow: ReadonlySet<number>) => Float64Array

export const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * Shapley value of a column in a function of few columns, against a background: over all sets of the others, what the function gains when the
 * column's own value comes in, in the mean over the background (Lundberg and Lee 2017, equation 8).
 */
export function jointValues(support: readonly number[], mean: (fromRow: ReadonlySet<number>) => number): Float64Array {
  const size = support.length
  const answers = Float64Array.from({ length: 2 ** size }, (_, mask) => mean(new Set(support.filter((_, at) => (mask >> at) & 1))))
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
  return Float64Array.from(support, (_, at) => {
    let value = 0
    for (let mask = 0; mask < answers.length; mask++) {
      if ((mask >> at) & 1) continue
      const others = support.filter((_, other) => (mask >> other) & 1).length
      const share = (factorial(others) * factorial(size - others - 1)) / factorial(size)
      value += share * (answers[mask | (1 << at)]! - answers[mask]!)
    }
    return value
  })
}
