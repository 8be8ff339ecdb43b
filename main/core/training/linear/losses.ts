import { widthOf, type Labels, type Objective } from '../objective'

/** What linear models can be fitted to; the loss is the negative log-likelihood of a row, up to a constant (half the squared error). */
export type LinearObjective = Extract<Objective, { name: 'logistic' | 'softmax' }> | { name: 'squared' | 'poisson' | 'gamma' }

/**
 * Sum of the weighted losses of all rows; writes the slope of each row's weighted loss by its margin. Both arrays are [rows * outputs], all rows
 * of an output after each other.
 */
export type Loss = (margins: Float64Array, residuals: Float64Array) => number

export function lossOf(objective: LinearObjective, labels: Labels, weights: Float64Array): Loss {
  if (objective.name === 'logistic') return logistic(labels, weights)
  if (objective.name === 'softmax') return softmax(labels, weights, widthOf(objective))
  const own = rowLosses[objective.name]
  return (margins, residuals) => {
    let loss = 0
    for (let row = 0; row < labels.length; row++) loss += weights[row]! * own(margins[row]!, labels[row]!, weights[row]!, residuals, row)
    return loss
  }
}

function logistic(labels: Labels, weights: Float64Array): Loss {
  return (margins, residuals) => {
    let loss = 0
    for (let row = 0; row < labels.length; row++) {
      const z = margins[row]!
      const e = Math.exp(-Math.abs(z))
      const p = z >= 0 ? 1 / (1 + e) : e / (1 + e)
      loss += weights[row]! * (Math.log1p(e) + (labels[row] ? Math.max(-z, 0) : Math.max(z, 0)))
      residuals[row] = weights[row]! * (p - labels[row]!)
    }
    return loss
  }
}

function softmax(labels: Labels, weights: Float64Array, outputs: number): Loss {
  const rows = labels.length
  return (margins, residuals) => {
    let loss = 0
    for (let row = 0; row < rows; row++) {
      let most = -Infinity
      for (let at = row; at < margins.length; at += rows) if (margins[at]! > most) most = margins[at]!
      let sum = 0
      for (let at = row; at < margins.length; at += rows) sum += residuals[at] = Math.exp(margins[at]! - most)
      for (let k = 0; k < outputs; k++) {
        const at = k * rows + row
        residuals[at] = weights[row]! * (residuals[at]! / sum - (labels[row] === k ? 1 : 0))
      }
      loss += weights[row]! * (Math.log(sum) + most - margins[labels[row]! * rows + row]!)
    }
    return loss
  }
}

type RowLoss = (z: number, y: number, weight: number, residuals: Float64Array, row: number) => number

const rowLosses: Record<'squared' | 'poisson' | 'gamma', RowLoss> = {
  squared: (z, y, weight, residuals, row) => {
    residuals[row] = weight * (z - y)
    return (z - y) ** 2 / 2
  },
  poisson: (z, y, weight, residuals, row) => {
    const mean = Math.exp(z)
    residuals[row] = weight * (mean - y)
    return mean - y * z
  },
  gamma: (z, y, weight, residuals, row) => {
    const relative = y * Math.exp(-z)
    residuals[row] = weight * (1 - relative)
    return z + relative
  }
}

/** What is added to the sum of weighted losses to make it half the deviance: the loss of a model that states every outcome as it is. */
export function savedLoss({ name }: LinearObjective, labels: Labels, weights: Float64Array): number {
  let sum = 0
  if (name === 'poisson') for (let row = 0; row < labels.length; row++) sum += weights[row]! * counted(labels[row]!)
  if (name === 'gamma') for (let row = 0; row < labels.length; row++) sum -= weights[row]! * (Math.log(labels[row]!) + 1)
  return sum
}

const counted = (y: number): number => (y > 0 ? y * Math.log(y) - y : 0)
