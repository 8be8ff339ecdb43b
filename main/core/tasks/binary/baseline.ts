import type { BinaryFigures } from '../../../model/tasks'
import type { Clusters } from '../clusters'
import type { Outcomes } from '../outcomes'
import { meanWithInterval, unitsOf } from '../resampling'
import { lossesOf } from './figures'

/** The share of positives, by weight: what is stated for every row by a model without any skill. */
export function baseRateOf({ labels, weights }: Outcomes): number {
  if (weights) return meanOf(Float64Array.from(labels), weights)
  return (labels as Uint8Array).reduce((sum, label) => sum + label, 0) / labels.length
}

/** 97.5% point of the normal distribution. */
const spread = 1.959964

/**
 * The model beside a base rate that is stated for every row, the one of the training rows where it is known: mean log loss and Brier score of
 * that rate, and by how much the model's log loss is smaller, with the 95% interval of the differences row by row: by weight (Student), whole
 * clusters varying, where rows have such.
 */
export function compareWithBaseRate(
  outcomes: Outcomes,
  scores: Float64Array,
  trainingRate: number | undefined,
  { clusters = null }: { clusters?: Clusters | null } = {}
): NonNullable<BinaryFigures['baseline']> {
  const labels = outcomes.labels as Uint8Array
  const rate = trainingRate ?? baseRateOf(outcomes)
  const constant = new Float64Array(labels.length).fill(rate)
  const own = lossesOf(labels, scores)
  const stated = lossesOf(labels, constant)
  const gains = stated.map((loss, row) => loss - own[row]!)
  const { weights } = outcomes
  const gain = meanOf(gains, weights)
  const half = weights || clusters ? countedHalf(gains, weights, clusters) : labels.length < 2 ? Infinity : spread * errorOf(gains, gain)
  return {
    rate,
    of: trainingRate === undefined ? 'judged rows' : 'training rows',
    log_loss: meanOf(stated, weights),
    brier: meanOf(
      constant.map((score, row) => (score - labels[row]!) ** 2),
      weights
    ),
    gain: { value: gain, lower: Number.isFinite(half) ? gain - half : null, upper: Number.isFinite(half) ? gain + half : null },
    verdict: gain - half > 0 ? 'better' : gain + half < 0 ? 'worse' : 'cannot be told'
  }
}

/** Standard error of a mean of rows that count the same. */
const errorOf = (values: Float64Array, mean: number): number =>
  Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (values.length - 1) / values.length)

/** Half of the interval; infinite with fewer than two rows or clusters that count. */
function countedHalf(gains: Float64Array, weights: Float64Array | null, clusters: Clusters | null): number {
  const { value, upper } = meanWithInterval(gains, weights, unitsOf(gains.length, clusters?.codes ?? null, Infinity))
  return upper === null ? Infinity : upper - value
}

function meanOf(values: Float64Array, weights: Float64Array | null): number {
  if (!weights) return values.reduce((sum, value) => sum + value, 0) / values.length
  let [sum, total] = [0, 0]
  for (let row = 0; row < values.length; row++) {
    sum += weights[row]! * values[row]!
    total += weights[row]!
  }
  return sum / total
}

/** Says that a model is not shown to be better than its base rate; empty for one that is. */
export function baselineWarnings({ verdict, rate, log_loss, gain }: NonNullable<BinaryFigures['baseline']>, rows: string): string[] {
  if (verdict === 'better') return []
  const figures = `its log loss on the ${rows} is ${(log_loss - gain.value).toFixed(4)}, that of stating ${(rate * 100).toFixed(1)}% for every row ${log_loss.toFixed(4)}`
  return verdict === 'worse'
    ? [`The model does worse than the base rate: ${figures}. Do not use its probabilities; look for better features or more rows.`]
    : [
        `The model is not shown to beat the base rate: ${figures}, a difference within chance. It may have learned nothing that holds for new rows.`
      ]
}

const tones = { better: 'info', worse: 'error', 'cannot be told': 'warn' } as const
const verdicts = {
  better: 'The model beats the base rate',
  worse: 'The model does worse than the base rate',
  'cannot be told': 'The model is not shown to beat the base rate'
} as const

/** The comparison in a sentence of the model card; nothing on a card that was made before it was drawn. */
export function describeBaseline({ baseline }: Pick<BinaryFigures, 'baseline'>): { tone: 'info' | 'warn' | 'error'; text: string } | null {
  if (!baseline) return null
  const { rate, of, log_loss, gain, verdict } = baseline
  const interval = gain.lower === null || gain.upper === null ? '' : `, 95 % interval ${gain.lower.toFixed(4)} to ${gain.upper.toFixed(4)}`
  return {
    tone: tones[verdict],
    text: `${verdicts[verdict]}: stating ${(rate * 100).toFixed(1)} % for every row, the share in the ${of}, has a log loss of ${log_loss.toFixed(4)}, the model ${(log_loss - gain.value).toFixed(4)} (less by ${gain.value.toFixed(4)} nats${interval}).`
  }
}
