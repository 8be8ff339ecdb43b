import type { Fitted } from './fitted'

export interface Dispersion {
  /** By how much the outcomes vary more than the variance function says; 1 where the likelihood fixes it. */
  value: number
  /** Rows with a weight, less the weights that were found. */
  freedom: number
  /** The same from Pearson's statistic where the likelihood fixes it, for a warning; null where the two are one. */
  pearson: number | null
}

/**
 * Pearson's estimate for amounts (McCullagh and Nelder 1989, section 4.5.2); probabilities and counts have none of their own. `used` is the
 * number of weights, under a penalty the effective one.
 */
export function dispersionOf({ objective, target: { labels }, weights }: Fitted, margins: Float64Array, used: number): Dispersion {
  const { name } = objective
  const freedom = weights.reduce((count, weight) => count + Number(weight > 0), 0) - used
  if (name === 'logistic' || name === 'softmax') return { value: 1, freedom, pearson: null }
  let statistic = 0
  for (let row = 0; row < labels.length; row++) {
    const mean = name === 'squared' ? margins[row]! : Math.exp(margins[row]!)
    const variance = name === 'squared' ? 1 : name === 'poisson' ? mean : mean * mean
    statistic += (weights[row]! * (labels[row]! - mean) ** 2) / variance
  }
  const pearson = statistic / freedom
  return name === 'poisson' ? { value: 1, freedom, pearson } : { value: pearson, freedom, pearson: null }
}
