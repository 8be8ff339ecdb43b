import type { ClassBaseline } from '../../../model/tasks/multiclass'
import { z95 } from '../../numerics'
import type { Clusters } from '../clusters'
import type { Outcomes } from '../outcomes'
import { meanWithInterval, unitsOf } from '../resampling'
import { lossOf } from './figures'

/** The share of each class, by weight: what is stated for every row by a model without any skill. */
export function classShares({ labels, weights }: Outcomes): number[] {
  const sums: number[] = []
  let total = 0
  for (let row = 0; row < labels.length; row++) {
    const weight = weights ? weights[row]! : 1
    total += weight
    sums[labels[row]!] = (sums[labels[row]!] ?? 0) + weight
  }
  return Array.from(sums, (sum) => (sum ?? 0) / total)
}

/**
 * The model beside class shares that are stated for every row, those of the training rows where they are known: mean log loss of the shares,
 * and by how much the model's is smaller, with the 95% interval of the differences row by row: by weight (Student), whole clusters varying, where
 * rows have such.
 */
export function compareWithShares(
  outcomes: Outcomes,
  scores: Float64Array,
  trainingShares: readonly number[] | undefined,
  { clusters = null }: { clusters?: Clusters | null } = {}
): ClassBaseline {
  const { labels, weights } = outcomes
  const rows = labels.length
  const classes = scores.length / rows
  const known = trainingShares ?? classShares(outcomes)
  const shares = Array.from({ length: classes }, (_, place) => known[place] ?? 0)
  const usual = shares.indexOf(Math.max(...shares))
  const gains = new Float64Array(rows)
  let [total, stated, gained, right] = [0, 0, 0, 0]
  for (let row = 0; row < rows; row++) {
    const weight = weights ? weights[row]! : 1
    const loss = lossOf(shares[labels[row]!]!)
    gains[row] = loss - lossOf(scores[row * classes + labels[row]!]!)
    total += weight
    stated += weight * loss
    gained += weight * gains[row]!
    if (labels[row] === usual) right += weight
  }
  const gain = gained / total
  const half = weights || clusters ? countedHalf(gains, weights, clusters) : plainHalf(gains, gain)
  return {
    shares,
    of: trainingShares === undefined ? 'judged rows' : 'training rows',
    log_loss: stated / total,
    accuracy: right / total,
    gain: { value: gain, lower: Number.isFinite(half) ? gain - half : null, upper: Number.isFinite(half) ? gain + half : null },
    verdict: gain - half > 0 ? 'better' : gain + half < 0 ? 'worse' : 'cannot be told'
  }
}

/** Half of the interval of a mean of rows that count the same; infinite for a single one. */
function plainHalf(gains: Float64Array, gain: number): number {
  const squares = gains.reduce((sum, each) => sum + (each - gain) ** 2, 0)
  return gains.length < 2 ? Infinity : (z95 * Math.sqrt((squares * gains.length) / (gains.length - 1))) / gains.length
}

function countedHalf(gains: Float64Array, weights: Float64Array | null, clusters: Clusters | null): number {
  const { value, upper } = meanWithInterval(gains, weights, unitsOf(gains.length, clusters?.codes ?? null, Infinity))
  return upper === null ? Infinity : upper - value
}

/** Says that a model is not shown to be better than the class shares; empty for one that is. */
export function baselineWarnings({ verdict, log_loss, gain }: ClassBaseline, rows: string): string[] {
  if (verdict === 'better') return []
  const figures = `its log loss on the ${rows} is ${(log_loss - gain.value).toFixed(4)}, that of stating the class shares for every row ${log_loss.toFixed(4)}`
  return verdict === 'worse'
    ? [`The model does worse than the class shares: ${figures}. Do not use its probabilities; look for better features or more rows.`]
    : [
        `The model is not shown to beat the class shares: ${figures}, a difference within chance. It may have learned nothing that holds for new rows.`
      ]
}

const tones = { better: 'info', worse: 'error', 'cannot be told': 'warn' } as const
const verdicts = {
  better: 'The model beats the class shares',
  worse: 'The model does worse than the class shares',
  'cannot be told': 'The model is not shown to beat the class shares'
} as const

/** The comparison in a sentence of the model card; nothing on a card without one. */
export function describeBaseline({ baseline }: { baseline?: ClassBaseline }): { tone: 'info' | 'warn' | 'error'; text: string } | null {
  if (!baseline) return null
  const { of, log_loss, accuracy, gain, verdict } = baseline
  const interval = gain.lower === null || gain.upper === null ? '' : `, 95 % interval ${gain.lower.toFixed(4)} to ${gain.upper.toFixed(4)}`
  return {
    tone: tones[verdict],
    text: `${verdicts[verdict]}: stating for every row the share that each class has in the ${of} has a log loss of ${log_loss.toFixed(4)}, the model ${(log_loss - gain.value).toFixed(4)} (less by ${gain.value.toFixed(4)} nats${interval}). Always deciding for the most frequent class is right in ${(accuracy * 100).toFixed(1)} % of the rows.`
  }
}
