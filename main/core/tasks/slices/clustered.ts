import { kishRows, type Units } from '../resampling'

/**
 * The difference of the mean loss inside and outside of a slice, its standard error with whole clusters varying (Liang and Zeger 1986), and
 * the degrees of freedom that the clusters on the side with fewer leave, as many as say so much by their weights (Kish 1965): the rows of a
 * single cluster do not say how clusters differ, so a slice of one has no error (NaN).
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
  const [inside, outside] = [new Float64Array(count), new Float64Array(count)]
  for (let row = 0; row < losses.length; row++) {
    const weight = weights ? weights[row]! : 1
    const unit = of ? of[row]! : row
    const isInside = isIn(row)
    ;(isInside ? inside : outside)[unit]! += weight
    pull[unit]! += isInside
      ? (weight * (losses[row]! - mean)) / sums.inside.weight
      : (-weight * (losses[row]! - other)) / sums.outside.weight
  }
  const spread = pull.reduce((sum, each) => sum + each * each, 0)
  const clusters = Math.min(kishRows(inside), kishRows(outside))
  if (!(clusters >= 2)) return { difference: mean - other, error: NaN, freedom: 1 }
  return {
    difference: mean - other,
    error: Math.sqrt((spread * clusters) / (clusters - 1)),
    freedom: Math.max(1, Math.floor(clusters) - 1)
  }
}
