import { widthOf, type Labels } from '../objective'
import type { Design } from './design'
import type { LinearObjective } from './losses'

/** Where a fit begins: at the best constant. Weights of several classes begin, and stay, with intercepts that add up to zero. */
export function startOf(objective: LinearObjective, { size }: Design, labels: Labels, weights: Float64Array): Float64Array {
  const width = widthOf(objective)
  const start = new Float64Array(size * width)
  let total = 0
  let sum = 0
  for (let row = 0; row < labels.length; row++) {
    total += weights[row]!
    sum += weights[row]! * labels[row]!
  }
  if (objective.name === 'logistic') start[0] = Math.log(sum / (total - sum))
  else if (objective.name === 'softmax') {
    // Half a row keeps the share of a class finite that these rows do not have.
    const shares = new Float64Array(width).fill(0.5)
    for (let row = 0; row < labels.length; row++) shares[labels[row]!]! += weights[row]!
    const logs = shares.map(Math.log)
    const mean = logs.reduce((all, log) => all + log, 0) / width
    for (let k = 0; k < width; k++) start[k * size] = logs[k]! - mean
  } else if (objective.name !== 'squared') start[0] = Math.log(sum / total)
  return start
}
