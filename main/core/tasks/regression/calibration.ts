import type { Estimate } from '../../../model/tasks'
import { quantileOf, statisticOf, type Aim, type AmountBin, type RegressionReliability } from '../../../model/tasks/regression'
import { studentQuantile } from '../../numerics'
import { countingRows, meanWithInterval, sumsByUnit, unitsOfRows, type Units } from '../resampling'
import { binsByWeight, pick, pickWeights } from './bins'
import { meanOf, orderOf, quantileIn, quantileInterval, weightsOrOnes } from './weighted'

const deciles = 10

/** What was predicted against what came, by tenths of the weight in the order of the predictions. */
export function calibrationBins(
  aim: Aim,
  labels: Float64Array,
  scores: Float64Array,
  weights: Float64Array | null,
  units: Units
): AmountBin[] {
  const found = binsByWeight(scores, weights, deciles).map((rows): AmountBin => {
    const [outcomes, own] = [pick(labels, rows), pickWeights(weights, rows)]
    const predictions = pick(scores, rows)
    const common = {
      from: predictions[0]!,
      to: predictions[predictions.length - 1]!,
      count: rows.length,
      predicted: meanOf(predictions, own)
    }
    const within = unitsOfRows(units, rows)
    if (statisticOf(aim.objective) === 'mean') {
      const { value, lower, upper } = meanWithInterval(outcomes, own, within)
      return { ...common, observed: value, lower, upper }
    }
    const share = quantileOf(aim)
    const interval = quantileInterval(outcomes, own, share, within)
    return {
      ...common,
      observed: quantileIn(orderOf(outcomes, own), share),
      lower: interval?.lower ?? null,
      upper: interval?.upper ?? null
    }
  })
  return found.filter(({ predicted }) => Number.isFinite(predicted))
}

/** Bias, and for models of a mean the straight line of the outcomes over the predictions, with intervals that hold whatever the spread. */
export function judgeReliability(
  aim: Aim,
  labels: Float64Array,
  scores: Float64Array,
  weights: Float64Array | null,
  units: Units
): RegressionReliability {
  const { value, lower, upper } = meanWithInterval(
    scores.map((score, row) => score - labels[row]!),
    weights,
    units
  )
  const bias: Estimate = { value, interval: lower === null || upper === null ? null : intervalOf(lower, upper) }
  if (statisticOf(aim.objective) !== 'mean') return { bias }
  const counting = countingRows(weights)
  if (!counting) return { bias, ...recalibrate(labels, scores, weightsOrOnes(weights, labels.length), units) }
  return { bias, ...recalibrate(pick(labels, counting), pick(scores, counting), pick(weights!, counting), unitsOfRows(units, counting)) }
}

const intervalOf = (lower: number, upper: number) => ({ lower, upper, level: 0.95, samples: 0, method: 'Student' })

/** Weighted least squares of the outcomes over the predictions; errors by the sandwich of White (1980), by cluster as Liang and Zeger (1986). */
function recalibrate(labels: Float64Array, scores: Float64Array, weights: Float64Array, units: Units) {
  const none: Estimate = { value: null, interval: null }
  const [x, y] = [meanOf(scores, weights), meanOf(labels, weights)]
  let [spread, together, total] = [0, 0, 0]
  for (let row = 0; row < labels.length; row++) {
    const off = scores[row]! - x
    spread += weights[row]! * off * off
    together += weights[row]! * off * (labels[row]! - y)
    total += weights[row]!
  }
  // Predictions that all say the same have no line through them.
  if (!(spread > 1e-18 * total * x * x) || spread === 0 || units.count < 3) return { slope: none, intercept: none }
  const slope = together / spread
  const left = labels.map((label, row) => weights[row]! * (label - y - slope * (scores[row]! - x)))
  const bySlope = sumsByUnit(
    left.map((each, row) => (each * (scores[row]! - x)) / spread),
    units
  )
  const byIntercept = sumsByUnit(
    left.map((each, row) => each * (1 / total - (x * (scores[row]! - x)) / spread)),
    units
  )
  const reach = studentQuantile(0.975, units.count - 2)
  const around = (value: number, pulls: Float64Array): Estimate => {
    const error = Math.sqrt((pulls.reduce((sum, pull) => sum + pull * pull, 0) * units.count) / (units.count - 2))
    return { value, interval: intervalOf(value - reach * error, value + reach * error) }
  }
  return { slope: around(slope, bySlope), intercept: around(y - slope * x, byIntercept) }
}
