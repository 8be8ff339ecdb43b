import { studentQuantile } from '../../numerics'
import { estimateRatio, prepareRatio } from './ratio'
import { countingRows, unitsOfRows, type Units } from './units'

export interface MeanInterval {
  value: number
  error: number
  /** 95% interval; null with fewer than two units that count. */
  lower: number | null
  upper: number | null
  /** Units that count, less one. */
  freedom: number
}

/** A weighted mean with its standard error and 95% interval (Student), whole clusters varying; rows without any weight say nothing. */
export function meanWithInterval(values: Float64Array, weights: Float64Array | null, units: Units): MeanInterval {
  const counting = countingRows(weights)
  if (counting) {
    const pick = (of: Float64Array): Float64Array => Float64Array.from(counting, (row) => of[row]!)
    return meanWithInterval(pick(values), pick(weights!), unitsOfRows(units, counting))
  }
  const numerator = weights ? values.map((value, row) => value * weights[row]!) : values
  const denominator = weights ?? new Float64Array(values.length).fill(1)
  const { value, error } = estimateRatio(prepareRatio({ numerator, denominator, scale: 'plain' }, units), null)
  const freedom = units.count - 1
  if (freedom < 1 || !Number.isFinite(error)) return { value, error: NaN, lower: null, upper: null, freedom }
  const half = studentQuantile(0.975, freedom) * error
  return { value, error, lower: value - half, upper: value + half, freedom }
}
