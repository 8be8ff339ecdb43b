import type { Units } from './units'
import { sumsByUnit } from './units'

/**
 * A figure that is a sum over rows divided by another one: a weighted mean (the divisor: the weights), or one loss over another. `log` is for
 * figures above zero: their logarithm is closer to normal.
 */
export interface RatioFigure {
  numerator: Float64Array
  denominator: Float64Array
  scale: 'log' | 'plain'
}

/** A ratio by the units of its rows, ready to be summed again and again. */
export interface PreparedRatio {
  scale: RatioFigure['scale']
  numerator: Float64Array
  denominator: Float64Array
}

export const prepareRatio = ({ numerator, denominator, scale }: RatioFigure, units: Units): PreparedRatio => ({
  scale,
  numerator: sumsByUnit(numerator, units),
  denominator: sumsByUnit(denominator, units)
})

/** On the scale of the figure: the estimate, and its standard error by linearisation (Binder 1983), each unit standing for itself. */
export interface ScaledEstimate {
  value: number
  error: number
}

/** The figure with each unit counted `times` (once without); NaN where it has no value. */
export function estimateRatio({ numerator, denominator, scale }: PreparedRatio, times: Uint32Array | null): ScaledEstimate {
  let [own, others, ownSquares, otherSquares, products, count] = [0, 0, 0, 0, 0, 0]
  for (let unit = 0; unit < numerator.length; unit++) {
    const often = times ? times[unit]! : 1
    if (often === 0) continue
    const [n, d] = [numerator[unit]!, denominator[unit]!]
    count += often
    own += often * n
    others += often * d
    ownSquares += often * n * n
    otherSquares += often * d * d
    products += often * n * d
  }
  const ratio = own / others
  // The sum of squares of (n - ratio d), from which the linearised error follows.
  const spread = Math.max(0, ownSquares - 2 * ratio * products + ratio * ratio * otherSquares)
  const error = Math.sqrt((spread * count) / Math.max(1, count - 1)) / Math.abs(others)
  return scale === 'plain' ? { value: ratio, error } : { value: Math.log(ratio), error: error / ratio }
}

/** From the scale of a figure back to the ratio itself. */
export const unscale = (value: number, scale: RatioFigure['scale']): number => (scale === 'plain' ? value : Math.exp(value))
