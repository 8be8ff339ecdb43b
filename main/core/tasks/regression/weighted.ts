import { quantileOf, statisticOf, type Aim } from '../../../model/tasks/regression'
import type { Outcomes } from '../outcomes'
import { countingRows, estimateRatio, prepareRatio, unitsOf, unitsOfRows, type Units } from '../resampling'
import { studentQuantile, z95 } from '../../numerics'

/** The labels of this task as the numbers they are. */
export const amountsOf = ({ labels }: Pick<Outcomes, 'labels'>): Float64Array =>
  labels instanceof Float64Array ? labels : Float64Array.from(labels)

export const weightsOrOnes = (weights: Float64Array | null, rows: number): Float64Array => weights ?? new Float64Array(rows).fill(1)

/** Weighted mean; NaN without weight. */
export function meanOf(values: Float64Array, weights: Float64Array | null): number {
  let [sum, total] = [0, 0]
  for (let row = 0; row < values.length; row++) {
    const weight = weights ? weights[row]! : 1
    sum += weight * values[row]!
    total += weight
  }
  return sum / total
}

/** Values in rising order with the weight up to and with each of them. */
export interface Ordered {
  values: Float64Array
  upTo: Float64Array
}

export function orderOf(values: Float64Array, weights: Float64Array | null): Ordered {
  if (!weights) {
    const sorted = values.slice().sort()
    return { values: sorted, upTo: Float64Array.from(sorted, (_, index) => index + 1) }
  }
  const order = Uint32Array.from(values.keys())
    .filter((row) => weights[row]! > 0)
    .sort((a, b) => values[a]! - values[b]! || a - b)
  let sum = 0
  return { values: Float64Array.from(order, (row) => values[row]!), upTo: Float64Array.from(order, (row) => (sum += weights[row]!)) }
}

/**
 * The quantile of weighted values: the least one with a share of the weight at or below it, and the middle of it and the next one where that
 * share ends between the two (Hyndman and Fan 1996, definition 2, with weights). NaN without values.
 */
export function quantileIn({ values, upTo }: Ordered, share: number): number {
  const last = values.length - 1
  if (last < 0) return NaN
  const wanted = share * upTo[last]!
  let [low, high] = [0, last]
  while (low < high) {
    const middle = (low + high) >> 1
    if (upTo[middle]! >= wanted * (1 - 1e-12)) high = middle
    else low = middle + 1
  }
  const isBetween = Math.abs(upTo[low]! - wanted) <= 1e-12 * upTo[last]! && low < last
  return isBetween ? (values[low]! + values[low + 1]!) / 2 : values[low]!
}

/** What a model of this aim without any feature states: the weighted mean, median or quantile of the outcomes. */
export function constantFor(aim: Aim, { labels, weights }: Outcomes): number {
  const amounts = amountsOf({ labels })
  return statisticOf(aim.objective) === 'mean' ? meanOf(amounts, weights) : quantileIn(orderOf(amounts, weights), quantileOf(aim))
}

/**
 * 95% interval of a weighted quantile (Woodruff 1952): that of the share at or below it, by linearisation, read back from the ordered values,
 * whole clusters varying. Null with fewer than two units.
 */
export function quantileInterval(
  values: Float64Array,
  weights: Float64Array | null,
  share: number,
  units: Units = unitsOf(values.length, null)
): { lower: number; upper: number } | null {
  const counting = countingRows(weights)
  if (counting) {
    const pick = (of: Float64Array): Float64Array => Float64Array.from(counting, (row) => of[row]!)
    return quantileInterval(pick(values), pick(weights!), share, unitsOfRows(units, counting))
  }
  if (units.count < 2) return null
  const ordered = orderOf(values, weights)
  const point = quantileIn(ordered, share)
  const each = weightsOrOnes(weights, values.length)
  const below = values.map((value, row) => (value <= point ? each[row]! : 0))
  const { error } = estimateRatio(prepareRatio({ numerator: below, denominator: each, scale: 'plain' }, units), null)
  // Where every value is the same nothing varies below: a share of n rows then has the spread of a binomial one.
  const wide = units.of && !units.areRows ? studentQuantile(0.975, units.count - 1) : z95
  const reach = wide * Math.max(error, Math.sqrt((share * (1 - share)) / units.count) / 2)
  return { lower: quantileIn(ordered, Math.max(0, share - reach)), upper: quantileIn(ordered, Math.min(1, share + reach)) }
}
