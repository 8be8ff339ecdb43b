import type { FoldResult, FoldSummary } from '../../model/cross-validation'
import { metricDefinition } from '../../model/tasks'
import { studentQuantile } from '../numerics'

/** Mean and standard deviation (n - 1) of figures. */
export function spreadOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 }
}

const share = 0.975

/**
 * Half of the 95% interval of a mean over folds: t with J - 1 degrees of freedom times sqrt((1/J + test/training) s^2). Folds share most of
 * their training rows, so s^2 / J is far too small; the second term stands for what they share (Nadeau and Bengio 2003, Inference for the
 * generalization error, Machine Learning 52; for repeated k-fold Bouckaert and Frank 2004).
 * @param ratio rows judged over rows learned from, in one fold
 */
export function correctedHalf(deviation: number, folds: number, ratio: number): number {
  return studentQuantile(share, folds - 1) * deviation * Math.sqrt(1 / folds + ratio)
}

/** Shares of what a constant loses that a model saves: below zero where it loses more. */
const savings = /^(r2|d2)(_|$)|_skill(_|$)/

/** Every figure over the folds; the interval does not leave the values that the figure can have. */
export function summarise(folds: readonly FoldResult[]): Record<string, FoldSummary> {
  const ratio = folds.reduce((sum, { test, training }) => sum + test / training, 0) / folds.length
  const keys = Object.keys(folds[0]!.metrics)
  return Object.fromEntries(
    keys.flatMap((key): [string, FoldSummary][] => {
      const values = folds.flatMap(({ metrics }) => metrics[key] ?? [])
      if (values.length === 0) return []
      const { mean, deviation } = spreadOf(values)
      const half = values.length === folds.length ? correctedHalf(deviation, folds.length, ratio) : null
      const { unit, direction } = metricDefinition(key)!
      const most = unit === 'share' ? 1 : Infinity
      const least = direction === 'lower' || (unit === 'share' && !savings.test(key)) ? 0 : -Infinity
      return [
        [
          key,
          {
            ...{ mean, deviation, smallest: Math.min(...values), largest: Math.max(...values), folds: values.length },
            lower: half === null ? null : Math.max(least, mean - half),
            upper: half === null ? null : Math.min(most, mean + half)
          }
        ]
      ]
    })
  )
}
