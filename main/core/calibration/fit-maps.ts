import type { CalibrationMethod, ProbabilityMap } from '../../model/calibration'
import { isotonic } from '../numerics'
import { fitLogistic } from './fit-logistic'
import { logOdds, inside } from './apply-maps'

/** Probabilities of one class and whether each row is of it. */
export interface Stated {
  probabilities: Float64Array
  /** 1 where the row is of the class. */
  outcomes: ArrayLike<number>
  weights: ArrayLike<number> | null
}

/** The curve of one class by one of the methods that correct a class at a time; null where the rows leave it open. */
export function fitMap(method: Exclude<CalibrationMethod, 'temperature'>, stated: Stated): ProbabilityMap | null {
  if (method === 'isotonic') return fitIsotonic(stated)
  return method === 'platt' ? fitPlatt(stated) : fitBeta(stated)
}

/**
 * Isotonic regression (Zadrozny and Elkan 2002; Barlow et al. 1972). Equal probabilities are one point; a level stretch keeps its ends, and
 * between them straight lines lead on, as scikit-learn's IsotonicRegression does.
 */
function fitIsotonic({ probabilities, outcomes, weights }: Stated): ProbabilityMap | null {
  const order = Uint32Array.from(probabilities, (_, row) => row).sort((a, b) => probabilities[a]! - probabilities[b]! || a - b)
  const points: { x: number; sum: number; weight: number }[] = []
  for (const row of order) {
    const weight = weights?.[row] ?? 1
    if (!(weight > 0)) continue
    const last = points.at(-1)
    if (last?.x === probabilities[row]) {
      last.sum += weight * outcomes[row]!
      last.weight += weight
    } else points.push({ x: probabilities[row]!, sum: weight * outcomes[row]!, weight })
  }
  if (points.length === 0) return null
  const y = isotonic(
    points.map(({ sum, weight }) => sum / weight),
    points.map(({ weight }) => weight)
  )
  const kept = points.map((_, at) => at).filter((at) => !(y[at] === y[at - 1] && y[at] === y[at + 1]))
  return { method: 'isotonic', x: kept.map((at) => points[at]!.x), y: kept.map((at) => y[at]!) }
}

/**
 * Platt scaling of the log odds with his targets, which keep a few rows from claiming certainty (Platt 1999): (n1 + 1) / (n1 + 2) for the rows
 * of the class and 1 / (n0 + 2) for the others.
 */
function fitPlatt({ probabilities, outcomes, weights }: Stated): ProbabilityMap | null {
  let [own, other] = [0, 0]
  for (let row = 0; row < probabilities.length; row++) {
    const weight = weights?.[row] ?? 1
    if (outcomes[row]) own += weight
    else other += weight
  }
  const targets = Float64Array.from(probabilities, (_, row) => (outcomes[row] ? (own + 1) / (own + 2) : 1 / (other + 2)))
  const found = fitLogistic([probabilities.map(logOdds)], targets, weights)
  return found && { method: 'platt', slope: found[0]!, intercept: found[1]! }
}

/**
 * Beta calibration (Kull, Silva Filho and Flach 2017): logistic regression on ln p and -ln(1 - p). A coefficient below zero would turn the
 * ranking around: it is left out, as their own program does.
 */
function fitBeta({ probabilities, outcomes, weights }: Stated): ProbabilityMap | null {
  const low = probabilities.map((p) => Math.log(inside(p)))
  const high = probabilities.map((p) => -Math.log(1 - inside(p)))
  const both = fitLogistic([low, high], outcomes, weights)
  if (!both) return null
  if (both[0]! >= 0 && both[1]! >= 0) return { method: 'beta', a: both[0]!, b: both[1]!, c: both[2]! }
  const single = fitLogistic([both[0]! < 0 ? high : low], outcomes, weights)
  if (!single) return null
  return both[0]! < 0 ? { method: 'beta', a: 0, b: single[0]!, c: single[1]! } : { method: 'beta', a: single[0]!, b: 0, c: single[1]! }
}

/** Whether a curve falls, or is level where it has one slope: then it would turn the ranking around. */
export const isFalling = (map: ProbabilityMap): boolean =>
  map.method === 'platt' ? !(map.slope > 0) : map.method === 'beta' && (Math.min(map.a, map.b) < 0 || !(Math.max(map.a, map.b) > 0))

const coldest = 0.01
const hottest = 100

/**
 * The temperature of least log loss (Guo et al. 2017): powers of all classes over their sum. The loss is convex in 1 / temperature, so a
 * golden section finds its one minimum.
 * @param scores row-major, a probability for each class; one of the event where `width` is 1
 */
export function fitTemperature(
  scores: Float64Array,
  width: number,
  labels: ArrayLike<number>,
  weights: ArrayLike<number> | null
): ProbabilityMap | null {
  const logs = width === 1 ? pairsOf(scores) : scores.map((p) => Math.log(inside(p)))
  const classes = Math.max(2, width)
  const lossAt = (power: number): number => {
    let sum = 0
    for (let row = 0; row < labels.length; row++) {
      let most = -Infinity
      for (let at = 0; at < classes; at++) most = Math.max(most, power * logs[row * classes + at]!)
      let all = 0
      for (let at = 0; at < classes; at++) all += Math.exp(power * logs[row * classes + at]! - most)
      sum += (weights?.[row] ?? 1) * (Math.log(all) + most - power * logs[row * classes + labels[row]!]!)
    }
    return sum
  }
  const ratio = (Math.sqrt(5) - 1) / 2
  let [low, high] = [Math.log(1 / hottest), Math.log(1 / coldest)]
  let [left, right] = [high - ratio * (high - low), low + ratio * (high - low)]
  let [lossLeft, lossRight] = [lossAt(Math.exp(left)), lossAt(Math.exp(right))]
  while (high - low > 1e-9) {
    if (lossLeft <= lossRight) {
      ;[high, right, lossRight] = [right, left, lossLeft]
      lossLeft = lossAt(Math.exp((left = high - ratio * (high - low))))
    } else {
      ;[low, left, lossLeft] = [left, right, lossRight]
      lossRight = lossAt(Math.exp((right = low + ratio * (high - low))))
    }
  }
  const temperature = Math.exp(-(low + high) / 2)
  return temperature > coldest * 1.001 && temperature < hottest / 1.001 ? { method: 'temperature', temperature } : null
}

const pairsOf = (scores: Float64Array): Float64Array => {
  const logs = new Float64Array(scores.length * 2)
  scores.forEach((p, row) => {
    logs[2 * row] = Math.log(1 - inside(p))
    logs[2 * row + 1] = Math.log(inside(p))
  })
  return logs
}
