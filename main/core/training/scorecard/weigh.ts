import type { TrainingIteration } from '../../../model/training'

export interface Weighed {
  intercept: number
  weights: number[]
  history: TrainingIteration[]
  converged: boolean
}

const mostSteps = 50
const tolerance = 1e-9

/**
 * Logistic regression on weights of evidence by Newton's method, each step solved by coordinate descent so that no weight passes `most`
 * (0, or Infinity for no bound). `l2`/2 times the squared weights are added to the summed log loss.
 */
export function weigh(
  columns: readonly Float64Array[],
  labels: ArrayLike<number>,
  weights: Float64Array,
  { l2, most }: { l2: number; most: number }
): Weighed {
  const size = columns.length + 1
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const events = weights.reduce((sum, weight, row) => sum + weight * labels[row]!, 0)
  const point = new Float64Array(size)
  point[0] = Math.log(events / (total - events))
  const history: TrainingIteration[] = []
  for (let step = 1; step <= mostSteps; step++) {
    const { slope, curvature, loss } = expand(columns, labels, weights, point, l2)
    history.push({ iteration: step, trainingLoss: loss / total, validationLoss: null })
    const change = solve(slope, curvature, point, most)
    let largest = 0
    for (let at = 0; at < size; at++) {
      point[at]! += change[at]!
      largest = Math.max(largest, Math.abs(change[at]!))
    }
    if (largest < tolerance) return { intercept: point[0]!, weights: [...point.subarray(1)], history, converged: true }
  }
  return { intercept: point[0]!, weights: [...point.subarray(1)], history, converged: false }
}

/** Slope and curvature of the penalised loss at a point, and the loss without the penalty. */
function expand(columns: readonly Float64Array[], labels: ArrayLike<number>, weights: Float64Array, point: Float64Array, l2: number) {
  const size = point.length
  const slope = new Float64Array(size)
  const curvature = new Float64Array(size * size)
  const x = new Float64Array(size)
  let loss = 0
  for (let row = 0; row < labels.length; row++) {
    x[0] = 1
    let margin = point[0]!
    for (let at = 1; at < size; at++) margin += point[at]! * (x[at] = columns[at - 1]![row]!)
    const p = 1 / (1 + Math.exp(-margin))
    const weight = weights[row]!
    loss += weight * (Math.log1p(Math.exp(-Math.abs(margin))) + (labels[row] ? Math.max(-margin, 0) : Math.max(margin, 0)))
    for (let at = 0; at < size; at++) {
      slope[at]! += weight * (p - labels[row]!) * x[at]!
      for (let other = 0; other <= at; other++) curvature[at * size + other]! += weight * p * (1 - p) * x[at]! * x[other]!
    }
  }
  for (let at = 0; at < size; at++) {
    if (at > 0) slope[at]! += l2 * point[at]!
    curvature[at * size + at]! += at > 0 ? l2 : 0
    for (let other = 0; other < at; other++) curvature[other * size + at] = curvature[at * size + other]!
  }
  return { slope, curvature, loss }
}

/** The step that minimises the quadratic model with no weight above `most`; the intercept has no bound. */
function solve(slope: Float64Array, curvature: Float64Array, point: Float64Array, most: number): Float64Array {
  const size = slope.length
  const step = new Float64Array(size)
  for (let pass = 0; pass < 1000; pass++) {
    let largest = 0
    for (let at = 0; at < size; at++) {
      let own = slope[at]!
      for (let other = 0; other < size; other++) own += curvature[at * size + other]! * step[other]!
      const wanted = step[at]! - own / Math.max(curvature[at * size + at]!, 1e-12)
      const bounded = at === 0 ? wanted : Math.min(wanted, most - point[at]!)
      largest = Math.max(largest, Math.abs(bounded - step[at]!))
      step[at] = bounded
    }
    if (largest < 1e-12) break
  }
  return step
}
