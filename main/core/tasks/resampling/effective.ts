import { studentQuantile, z95 } from '../../numerics'
import { estimateRatio } from './ratio'
import { sumsByUnit, type Units } from './units'

/** Rows that something holds for, of all rows in question. */
export interface EffectiveShare {
  part: number
  whole: number
}

/**
 * A share of rows that count by weight or come in clusters, as the number of plain rows that would say as much: what its linearised variance
 * is that of a binomial share of (Korn and Graubard 1998; Dean and Pagano 2015), fewer where few clusters leave the variance itself open, and
 * never more than there are rows. At 0 and 1 nothing varies: then by the weights alone (Kish 1965). `part` and `whole` are by row, zero where
 * a row is in neither.
 */
export function effectiveShare(part: Float64Array, whole: Float64Array, units: Units): EffectiveShare {
  const [own, all] = [sumsByUnit(part, units), sumsByUnit(whole, units)]
  const rows = whole.reduce((count, each) => count + (each > 0 ? 1 : 0), 0)
  const count = all.reduce((sum, each) => sum + (each > 0 ? 1 : 0), 0)
  if (count === 0) return { part: 0, whole: 0 }
  const { value, error } = estimateRatio({ numerator: own, denominator: all, scale: 'plain' }, null)
  const share = Math.min(1, Math.max(0, value))
  const binomial = share * (1 - share)
  const found = binomial > 0 && error > 0 ? binomial / error ** 2 : kishRows(all)
  const open = units.of && count > 1 ? (z95 / studentQuantile(0.975, count - 1)) ** 2 : 1
  const effective = Math.min(rows, found * open)
  return { part: share * effective, whole: effective }
}

/** Rows of one weight that would say as much as these (Kish 1965): the squared sum over the sum of squares. */
export function kishRows(weights: Float64Array): number {
  const [sum, squares] = weights.reduce(([a, b], weight) => [a! + weight, b! + weight * weight], [0, 0]) as unknown as [number, number]
  return squares > 0 ? (sum * sum) / squares : 0
}
