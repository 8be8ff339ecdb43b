import { widthOf, type Labels, type Objective } from '../objective'

/** Rows of one fit: their labels, and one weight each. */
export interface WeightedRows {
  labels: Labels
  weights: Float64Array
}

/** A loss of margins (row-major, `width` a row). */
export interface Loss {
  width: number
  /** The margin that fits all rows best, the same for each. */
  start(rows: WeightedRows): Float64Array
  /** Writes weighted first and second derivatives of the loss. */
  derive(margins: Float64Array, rows: WeightedRows, gradients: Float64Array, hessians: Float64Array): void
  /** Weighted mean: log loss in nats for classes, squared error, or the deviance of the family. */
  mean(margins: Float64Array, rows: WeightedRows): number
}

/** The losses that shapes can be fitted to. @throws Error for another objective */
export function lossOf(objective: Objective): Loss {
  switch (objective.name) {
    case 'logistic':
      return logistic
    case 'softmax':
      return softmax(widthOf(objective))
    case 'squared':
      return single(
        (mean) => mean,
        (margin, label) => margin - label,
        () => 1,
        (margin, label) => (margin - label) ** 2
      )
    case 'poisson':
      return single(
        (mean) => Math.log(Math.max(mean, 1e-9)),
        (margin, label) => Math.exp(margin) - label,
        (margin) => Math.max(Math.exp(margin), 1e-9),
        (margin, label) => 2 * (Math.exp(margin) - label + (label > 0 ? label * (Math.log(label) - margin) : 0))
      )
    case 'gamma':
      // The expected second derivative (Fisher scoring): the observed one nearly vanishes for small amounts.
      return single(
        (mean) => Math.log(mean),
        (margin, label) => 1 - label * Math.exp(-margin),
        () => 1,
        (margin, label) => 2 * (label * Math.exp(-margin) - 1 - Math.log(label) + margin)
      )
    default:
      throw new Error(`shapes are not fitted to the objective ${objective.name}`)
  }
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)

function weightedMean({ labels, weights }: WeightedRows): number {
  let sum = 0
  for (let row = 0; row < labels.length; row++) sum += weights[row]! * labels[row]!
  return sum / sumOf(weights)
}

function meanLoss({ weights }: WeightedRows, lossOfRow: (row: number) => number): number {
  let sum = 0
  let total = 0
  for (let row = 0; row < weights.length; row++) {
    sum += weights[row]! * lossOfRow(row)
    total += weights[row]!
  }
  return sum / total
}

/** A loss of one margin a row, from its start at the weighted mean label, its derivatives and itself. */
function single(
  start: (mean: number) => number,
  gradient: (margin: number, label: number) => number,
  hessian: (margin: number, label: number) => number,
  loss: (margin: number, label: number) => number
): Loss {
  return {
    width: 1,
    start: (rows) => Float64Array.of(start(weightedMean(rows))),
    derive(margins, { labels, weights }, gradients, hessians) {
      for (let row = 0; row < labels.length; row++) {
        gradients[row] = weights[row]! * gradient(margins[row]!, labels[row]!)
        hessians[row] = weights[row]! * hessian(margins[row]!, labels[row]!)
      }
    },
    mean: (margins, rows) => meanLoss(rows, (row) => loss(margins[row]!, rows.labels[row]!))
  }
}

const logistic: Loss = {
  width: 1,
  start(rows) {
    const share = weightedMean(rows)
    return Float64Array.of(Math.log(share / (1 - share)))
  },
  derive(margins, { labels, weights }, gradients, hessians) {
    for (let row = 0; row < labels.length; row++) {
      const p = 1 / (1 + Math.exp(-margins[row]!))
      const weight = weights[row]!
      gradients[row] = weight * (p - labels[row]!)
      hessians[row] = weight * Math.max(p * (1 - p), 1e-9)
    }
  },
  mean: (margins, rows) =>
    meanLoss(rows, (row) => {
      const z = rows.labels[row] ? -margins[row]! : margins[row]!
      return z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z))
    })
}

function softmax(width: number): Loss {
  /** Log of the sum of exponentials of a row, without overflow. */
  const logSum = (margins: Float64Array, at: number): number => {
    let largest = -Infinity
    for (let k = 0; k < width; k++) if (margins[at + k]! > largest) largest = margins[at + k]!
    let sum = 0
    for (let k = 0; k < width; k++) sum += Math.exp(margins[at + k]! - largest)
    return largest + Math.log(sum)
  }
  return {
    width,
    start({ labels, weights }) {
      const counts = new Float64Array(width)
      for (let row = 0; row < labels.length; row++) counts[labels[row]!]! += weights[row]!
      // A class of which these rows have none keeps a finite margin.
      const total = sumOf(counts)
      return counts.map((own) => Math.log(Math.max(own / total, 1e-6)))
    },
    derive(margins, { labels, weights }, gradients, hessians) {
      for (let row = 0; row < labels.length; row++) {
        const sum = logSum(margins, row * width)
        const weight = weights[row]!
        for (let k = 0; k < width; k++) {
          const at = row * width + k
          const p = Math.exp(margins[at]! - sum)
          gradients[at] = weight * (p - (labels[row] === k ? 1 : 0))
          hessians[at] = weight * Math.max(p * (1 - p), 1e-9)
        }
      }
    },
    mean: (margins, rows) => meanLoss(rows, (row) => logSum(margins, row * width) - margins[row * width + rows.labels[row]!]!)
  }
}
