import { studentQuantile } from '../../numerics'
import { estimateRatio, prepareRatio, type Units } from '../resampling'
import { weightsOrOnes } from './weighted'

/** A weighted mean with its standard error and 95% interval (Student), whole clusters varying; no interval with fewer than two units. */
export function meanWithInterval(values: Float64Array, weights: Float64Array | null, units: Units) {
  const each = weightsOrOnes(weights, values.length)
  const numerator = weights ? values.map((value, row) => value * each[row]!) : values
  const { value, error } = estimateRatio(prepareRatio({ numerator, denominator: each, scale: 'plain' }, units), null)
  if (units.count < 2 || !Number.isFinite(error)) return { value, error: NaN, lower: null, upper: null }
  const half = studentQuantile(0.975, units.count - 1) * error
  return { value, error, lower: value - half, upper: value + half }
}
