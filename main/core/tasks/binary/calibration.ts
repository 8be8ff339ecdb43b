import type { BinaryEvaluation } from '../../../model/evaluation'
import type { CalibrationBin } from '../../../model/tasks'
import { wilsonInterval } from '../../numerics'
import { effectiveShare, unitsOf, unitsOfRows } from '../resampling'

/** The bin of a probability among `bins` of equal width; 1 belongs to the last. */
export function binOf(probability: number, bins: number): number {
  return Math.min(bins - 1, Math.floor(probability * bins))
}

/** Predicted against observed shares in bins of equal width, by weight; `count` are plain rows. Rows of a cluster do not stand for themselves. */
export function calibrationBins(
  labels: Uint8Array,
  scores: Float64Array,
  weights: Float64Array | null = null,
  clusters: Uint32Array | null = null,
  bins = 10
): CalibrationBin[] {
  const counts = new Int32Array(bins)
  const sums = new Float64Array(bins)
  const positives = new Float64Array(bins)
  const totals = new Float64Array(bins)
  const squares = new Float64Array(bins)
  for (let row = 0; row < labels.length; row++) {
    const bin = binOf(scores[row]!, bins)
    counts[bin]! += 1
    const weight = weights ? weights[row]! : 1
    sums[bin]! += weight * scores[row]!
    positives[bin]! += weight * labels[row]!
    totals[bin]! += weight
    squares[bin]! += weight * weight
  }
  const clustered = clusters && clusteredBounds({ labels, scores, weights, clusters }, bins)
  return Array.from(counts, (count, bin) => {
    const range = { from: bin / bins, to: (bin + 1) / bins, count }
    const total = totals[bin]!
    if (!(total > 0)) return { ...range, predicted: null, observed: null, lower: null, upper: null }
    return {
      ...range,
      predicted: Math.min(1, sums[bin]! / total),
      observed: Math.min(1, positives[bin]! / total),
      ...(clustered ? clustered(bin) : weights ? boundsOf(positives[bin]!, total, squares[bin]!) : wilsonInterval(positives[bin]!, count))
    }
  })
}

/** Of a share of weighted rows: Wilson's for as many plain rows as say the same (Kish 1965). */
function boundsOf(part: number, total: number, squares: number): { lower: number; upper: number } {
  const rows = (total * total) / squares
  return wilsonInterval((part / total) * rows, rows)
}

interface ClusteredRows {
  labels: Uint8Array
  scores: Float64Array
  weights: Float64Array | null
  clusters: Uint32Array
}

/** Of the share of events in a bin: Wilson's for as many plain rows as say the same where rows of a cluster vary together. */
function clusteredBounds({ labels, scores, weights, clusters }: ClusteredRows, bins: number) {
  const units = unitsOf(labels.length, clusters, Infinity)
  const rowsOf: number[][] = Array.from({ length: bins }, () => [])
  for (let row = 0; row < labels.length; row++) rowsOf[binOf(scores[row]!, bins)]!.push(row)
  return (bin: number): { lower: number; upper: number } => {
    const rows = rowsOf[bin]!
    const whole = Float64Array.from(rows, (row) => (weights ? weights[row]! : 1))
    const part = whole.map((weight, at) => weight * labels[rows[at]!]!)
    const found = effectiveShare(part, whole, unitsOfRows(units, rows))
    return wilsonInterval(found.part, found.whole)
  }
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
