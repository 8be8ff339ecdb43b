import type { Objective } from '../objective'
import { weightedQuantile } from './weighted-quantile'

/** Outcomes and weights by row of an engine, and the rows that are meant. Weights are null where all are 1. */
export interface Outcomes {
  labels: Float64Array
  weights: Float64Array | null
}

/**
 * What boosting has to know of an objective. Losses are those that people compare: log loss, squared and absolute error, pinball loss, and the
 * deviances of Poisson and gamma (McCullagh and Nelder 1989, table 2.1), as a weighted mean over rows.
 */
export interface Loss {
  width: number
  /** The margins that every row starts from, by output. */
  base(outcomes: Outcomes, rows: number): number[]
  /** Gradient, hessian and loss of one row, without its weight; `margins` and `into` by output. Returns the loss. */
  row(margins: Float64Array, label: number, gradients: Float64Array, hessians: Float64Array): number
  /** The share of rows below a leaf's value, where a leaf takes a quantile of what its rows still lack; null where it takes a Newton step. */
  renewal: number | null
  /**
   * The largest Newton step of a leaf, either way and before the learning rate. Where the margin is a logarithm or log-odds, the loss bends far
   * from the quadratic that a Newton step minimises: leaves of amounts far from the mean, or of events among few, would be thrown beyond any number.
   */
  mostStep: number
}

/** Of a logarithm: a factor of 20. Leaves of most tables never come near it. */
const mostLogStep = 3
/** Of log-odds: leaves reach it where they hold events only and fewer than one row of eleven is one. */
const mostOddsStep = 10

/** The loss of an objective. */
export function lossOf(objective: Objective): Loss {
  switch (objective.name) {
    case 'logistic':
      return logistic
    case 'softmax':
      return softmax(objective.classes)
    case 'squared':
      return squared
    case 'absolute':
      return pinball(0.5, 2)
    case 'quantile':
      return pinball(objective.quantile, 1)
    case 'poisson':
      return poisson
    case 'gamma':
      return gamma
  }
}

/** Weighted share of rows by class; 0..width-1. */
function shares({ labels, weights }: Outcomes, rows: number, classes: number): number[] {
  const sums = new Array<number>(classes).fill(0)
  let total = 0
  for (let row = 0; row < rows; row++) {
    const weight = weights ? weights[row]! : 1
    sums[labels[row]!]! += weight
    total += weight
  }
  return sums.map((sum) => sum / total)
}

function mean({ labels, weights }: Outcomes, rows: number): number {
  let sum = 0
  let total = 0
  for (let row = 0; row < rows; row++) {
    const weight = weights ? weights[row]! : 1
    sum += weight * labels[row]!
    total += weight
  }
  return sum / total
}

/** Where an outcome has no row, it counts as less than one. */
const atLeast = (share: number, rows: number): number => Math.max(share, 0.5 / rows)

const logistic: Loss = {
  width: 1,
  renewal: null,
  mostStep: mostOddsStep,
  base(outcomes, rows) {
    const [none, one] = shares(outcomes, rows, 2)
    return [Math.log(atLeast(one!, rows) / atLeast(none!, rows))]
  },
  row(margins, label, gradients, hessians) {
    const z = margins[0]!
    const e = Math.exp(-Math.abs(z))
    const p = (z > 0 ? 1 : e) / (1 + e)
    gradients[0] = p - label
    hessians[0] = e / (1 + e) ** 2
    return Math.log1p(e) + (z > 0 === label > 0.5 ? 0 : Math.abs(z))
  }
}

function softmax(classes: number): Loss {
  return {
    width: classes,
    renewal: null,
    mostStep: mostOddsStep,
    base(outcomes, rows) {
      const logs = shares(outcomes, rows, classes).map((share) => Math.log(atLeast(share, rows)))
      const middle = logs.reduce((sum, log) => sum + log, 0) / classes
      return logs.map((log) => log - middle)
    },
    row(margins, label, gradients, hessians) {
      let largest = -Infinity
      for (let k = 0; k < classes; k++) if (margins[k]! > largest) largest = margins[k]!
      let sum = 0
      for (let k = 0; k < classes; k++) sum += gradients[k] = Math.exp(margins[k]! - largest)
      for (let k = 0; k < classes; k++) {
        const p = gradients[k]! / sum
        gradients[k] = p - (k === label ? 1 : 0)
        hessians[k] = p * (1 - p)
      }
      return Math.log(sum) - (margins[label]! - largest)
    }
  }
}

const squared: Loss = {
  width: 1,
  renewal: null,
  mostStep: Infinity,
  base: (outcomes, rows) => [mean(outcomes, rows)],
  row(margins, label, gradients, hessians) {
    const excess = margins[0]! - label
    gradients[0] = excess
    hessians[0] = 1
    return excess * excess
  }
}

/** `scale` times the pinball loss (Koenker and Bassett 1978): the absolute error is twice that of the median. */
function pinball(quantile: number, scale: number): Loss {
  return {
    width: 1,
    renewal: quantile,
    mostStep: Infinity,
    base: ({ labels, weights }, rows) => [weightedQuantile(labels.subarray(0, rows), weights?.subarray(0, rows) ?? null, quantile)],
    row(margins, label, gradients, hessians) {
      const lack = label - margins[0]!
      gradients[0] = scale * (lack > 0 ? -quantile : 1 - quantile)
      hessians[0] = 1
      return scale * lack * (lack > 0 ? quantile : quantile - 1)
    }
  }
}

const poisson: Loss = {
  width: 1,
  renewal: null,
  mostStep: mostLogStep,
  base: (outcomes, rows) => [Math.log(Math.max(mean(outcomes, rows), 1e-300))],
  row(margins, label, gradients, hessians) {
    const expected = Math.exp(margins[0]!)
    gradients[0] = expected - label
    hessians[0] = expected
    return 2 * (label > 0 ? label * (Math.log(label) - margins[0]!) - label + expected : expected)
  }
}

const gamma: Loss = {
  width: 1,
  renewal: null,
  mostStep: mostLogStep,
  base: (outcomes, rows) => [Math.log(Math.max(mean(outcomes, rows), 1e-300))],
  row(margins, label, gradients, hessians) {
    const ratio = label * Math.exp(-margins[0]!)
    gradients[0] = 1 - ratio
    hessians[0] = ratio
    return 2 * (ratio - 1 - Math.log(label) + margins[0]!)
  }
}
