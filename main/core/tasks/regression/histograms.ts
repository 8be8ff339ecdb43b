import type { RegressionFigures } from '../../../model/tasks/regression'
import { meanOf, orderOf, quantileIn } from './weighted'

const bins = 30

/** A range that a few extreme values do not stretch: from the 1% to the 99% point, and some more. */
function usualRange(values: Float64Array): { from: number; to: number } {
  const ordered = orderOf(values, null)
  const [low, high] = [quantileIn(ordered, 0.01), quantileIn(ordered, 0.99)]
  const [least, most] = [ordered.values[0]!, ordered.values[ordered.values.length - 1]!]
  const margin = (high - low) / 4
  const [from, to] = [Math.max(least, low - margin), Math.min(most, high + margin)]
  return to > from ? { from, to } : { from: from - Math.max(0.5, Math.abs(from) / 2), to: from + Math.max(0.5, Math.abs(from) / 2) }
}

const edgesOf = ({ from, to }: { from: number; to: number }) =>
  Array.from({ length: bins }, (_, bin) => ({ from: from + ((to - from) * bin) / bins, to: from + ((to - from) * (bin + 1)) / bins }))

const binOf = (value: number, { from, to }: { from: number; to: number }): number => Math.floor(((value - from) / (to - from)) * bins)
const inside = (bin: number): number => Math.max(0, Math.min(bins - 1, bin))

/** How residuals (outcome minus prediction) spread over bins of equal width; the largest belongs to the last bin. */
export function errorHistogram(errors: Float64Array): RegressionFigures['errors'] {
  const range = usualRange(errors)
  const counts = new Int32Array(bins)
  let [below, above] = [0, 0]
  for (const error of errors) {
    if (error < range.from) below++
    else if (error > range.to) above++
    else counts[inside(binOf(error, range))]!++
  }
  return { bins: edgesOf(range).map((edges, bin) => ({ ...edges, count: counts[bin]! })), below, above }
}

/** Outcomes and predictions in the same bins; what lies beyond is in the outermost ones. */
export function amountHistogram(labels: Float64Array, scores: Float64Array): RegressionFigures['amounts'] {
  const [ofLabels, ofScores] = [usualRange(labels), usualRange(scores)]
  const range = { from: Math.min(ofLabels.from, ofScores.from), to: Math.max(ofLabels.to, ofScores.to) }
  const counts = [labels, scores].map((values) => {
    const own = new Int32Array(bins)
    for (const value of values) own[inside(binOf(value, range))]!++
    return own
  })
  return edgesOf(range).map((edges, bin) => ({ ...edges, observed: counts[0]![bin]!, predicted: counts[1]![bin]! }))
}

const shares = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]

/** Which share of the judged rows has a prediction at or below which amount, and which above it: equal predictions make the two add up to less or more. */
export function predictionShares(scores: Float64Array, weights: Float64Array | null): RegressionFigures['predictions'] {
  const ordered = orderOf(scores, weights)
  return shares.map((share) => {
    const value = quantileIn(ordered, share)
    return {
      share,
      value,
      above: meanOf(
        scores.map((score) => (score > value ? 1 : 0)),
        weights
      )
    }
  })
}
