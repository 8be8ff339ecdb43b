import { widthOf, type Labels } from '../objective'
import { writeMargins, writeSlope, type Design } from './design'
import type { SmoothFunction } from './lbfgs'
import { lossOf, type LinearObjective } from './losses'

export interface Penalised {
  /** Loss plus the L2 part of the penalty, divided so that the tolerance depends neither on the number of rows nor on the unit of counts. */
  smooth: SmoothFunction
  /** What each weight's size costs, divided likewise; null without an L1 part. */
  l1: Float64Array | null
  /** Sum of losses at the point that was asked for last, without any penalty. */
  loss(): number
}

export function createPenalised(
  objective: LinearObjective,
  design: Design,
  labels: Labels,
  weights: Float64Array,
  { penalty, l1Ratio }: { penalty: number; l1Ratio: number }
): Penalised {
  const { rows, size } = design
  const width = widthOf(objective)
  const loss = lossOf(objective, labels, weights)
  const unit = unitOf(objective, labels, weights)
  const [l1, l2] = [penalty * l1Ratio, penalty * (1 - l1Ratio)]
  const margins = new Float64Array(rows * width)
  const residuals = new Float64Array(rows * width)
  const isIntercept = (i: number): boolean => i % size === 0
  let last = 0
  const smooth: SmoothFunction = (point, slope) => {
    for (let k = 0; k < width; k++)
      writeMargins(design, point.subarray(k * size, (k + 1) * size), margins.subarray(k * rows, (k + 1) * rows))
    last = loss(margins, residuals)
    for (let k = 0; k < width; k++)
      writeSlope(design, residuals.subarray(k * rows, (k + 1) * rows), slope.subarray(k * size, (k + 1) * size))
    let squares = 0
    for (let i = 0; i < point.length; i++) {
      if (isIntercept(i)) slope[i] = slope[i]! / unit
      else {
        slope[i] = (slope[i]! + l2 * point[i]!) / unit
        squares += point[i]! ** 2
      }
    }
    return (last + (l2 / 2) * squares) / unit
  }
  return {
    smooth,
    l1: l1 > 0 ? Float64Array.from({ length: size * width }, (_, i) => (isIntercept(i) ? 0 : l1 / unit)) : null,
    loss: () => last
  }
}

/** The weight of all rows; of counts their weighted sum, which is the number of events. */
function unitOf({ name }: LinearObjective, labels: Labels, weights: Float64Array): number {
  let sum = 0
  for (let row = 0; row < weights.length; row++) sum += name === 'poisson' ? weights[row]! * labels[row]! : weights[row]!
  return sum
}
