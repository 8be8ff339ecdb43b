import type { Units } from '../resampling'

/**
 * The difference of the mean loss inside and outside of a slice, its standard error with whole clusters varying (Liang and Zeger 1986), and
 * the degrees of freedom that so many clusters leave.
 */
export function clusteredDifference(
  isIn: (row: number) => boolean,
  losses: Float64Array,
  weights: Float64Array | null,
  { count, of }: Units
): { difference: number; error: number; freedom: number } {
  const sums = { inside: { weight: 0, loss: 0 }, outside: { weight: 0, loss: 0 } }
  const sideOf = (row: number) => (isIn(row) ? sums.inside : sums.outside)
  for (let row = 0; row < losses.length; row++) {
    const weight = weights ? weights[row]! : 1
    const side = sideOf(row)
    side.weight += weight
    side.loss += weight * losses[row]!
  }
  const [mean, other] = [sums.inside.loss / sums.inside.weight, sums.outside.loss / sums.outside.weight]
  const pull = new Float64Array(count)
  for (let row = 0; row < losses.length; row++) {
    const weight = weights ? weights[row]! : 1
    const unit = of ? of[row]! : row
    pull[unit]! += isIn(row)
      ? (weight * (losses[row]! - mean)) / sums.inside.weight
      : (-weight * (losses[row]! - other)) / sums.outside.weight
  }
  const spread = pull.reduce((sum, each) => sum + each * each, 0)
  return { difference: mean - other, error: Math.sqrt((spread * count) / Math.max(1, count - 1)), freedom: Math.max(1, count - 1) }
}
