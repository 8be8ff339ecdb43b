import type { BinaryEvaluation } from '../../../model/evaluation'
import type { CalibrationBin } from '../../../model/tasks'
import { wilsonInterval } from '../../numerics'

/** The bin of a probability among `bins` of equal width; 1 belongs to the last. */
export function binOf(probability: number, bins: number): number {
  return Math.min(bins - 1, Math.floor(probability * bins))
}

/** Predicted against observed shares in bins of equal width. */
export function calibrationBins(labels: Uint8Array, scores: Float64Array, bins = 10): CalibrationBin[] {
  const counts = new Int32Array(bins)
  const sums = new Float64Array(bins)
  const positives = new Int32Array(bins)
  for (let row = 0; row < labels.length; row++) {
    const bin = binOf(scores[row]!, bins)
    counts[bin]! += 1
    sums[bin]! += scores[row]!
    positives[bin]! += labels[row]!
  }
  return Array.from(counts, (count, bin) => {
    const range = { from: bin / bins, to: (bin + 1) / bins, count }
    if (count === 0) return { ...range, predicted: null, observed: null, lower: null, upper: null }
    return {
      ...range,
      predicted: Math.min(1, sums[bin]! / count),
      observed: positives[bin]! / count,
      ...wilsonInterval(positives[bin]!, count)
    }
  })
}

/** How the scores of each outcome spread over bins of equal width. */
export function scoreHistogram(labels: Uint8Array, scores: Float64Array, bins = 25): BinaryEvaluation['scores'] {
  const histogram = Array.from({ length: bins }, (_, bin) => ({ from: bin / bins, to: (bin + 1) / bins, positives: 0, negatives: 0 }))
  for (let row = 0; row < labels.length; row++) {
    const bin = histogram[binOf(scores[row]!, bins)]!
    if (labels[row]) bin.positives++
    else bin.negatives++
  }
  return histogram
}
