import type { EncodedTable, FeatureEncoding } from '../features'

/** One feature in bins: 0..bins-1 hold values, bin number `bins` holds the missing ones. */
type Numbers = Float32Array | Float64Array

export interface BinnedFeature {
  bins: number
  codes: Uint8Array
  categorical: boolean
  /** Upper edge (inclusive, in the precision of the column) of every bin but the last; empty for categories. */
  edges: Numbers
}

/** Categories that stay apart: with the rare bucket and the missing bin they fill one byte. */
export const mostCategories = 254
const sampleRows = 200_000

/** Bins for all rows of the table, with edges that come from the `training` rows alone. */
export function binFeatures(
  table: EncodedTable,
  encodings: readonly FeatureEncoding[],
  training: Uint32Array,
  maxBins: number
): BinnedFeature[] {
  return encodings.map((encoding, index) => {
    const column = table.columns[index]!
    if (!(column instanceof Uint32Array)) return binNumbers(column, training, maxBins)
    // Codes K (rare or unknown) and K+1 (missing) already follow the kept ones.
    return { bins: encoding.kept.length + 1, codes: Uint8Array.from(column), categorical: true, edges: new Float32Array(0) }
  })
}

function binNumbers(values: Numbers, training: Uint32Array, maxBins: number): BinnedFeature {
  const edges = edgesOf(values, training, maxBins)
  const bins = edges.length + 1
  const codes = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value !== value) {
      codes[i] = bins
      continue
    }
    let low = 0
    let high = edges.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (value <= edges[middle]!) high = middle
      else low = middle + 1
    }
    codes[i] = low
  }
  return { bins, codes, categorical: false, edges }
}

/** Every gap between different values when they fit, else quantiles of an even sample of 200,000 rows. */
function edgesOf(values: Numbers, training: Uint32Array, maxBins: number): Numbers {
  const size = Math.min(training.length, sampleRows)
  const stride = training.length / Math.max(size, 1)
  const Cells = values.constructor as Float32ArrayConstructor
  const round = values instanceof Float32Array ? Math.fround : Number
  const sample: Numbers = new Cells(size)
  let count = 0
  for (let i = 0; i < size; i++) {
    const value = values[training[Math.floor(i * stride)]!]!
    if (value === value) sample[count++] = value
  }
  const sorted = sample.subarray(0, count).sort()
  const distinct: number[] = []
  for (let i = 0; i < count && distinct.length <= maxBins; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) distinct.push(sorted[i]!)
  const edges: number[] = []
  if (distinct.length <= maxBins) for (let i = 0; i + 1 < distinct.length; i++) edges.push(between(distinct[i]!, distinct[i + 1]!, round))
  else
    for (let quantile = 1; quantile < maxBins; quantile++) {
      const at = Math.floor((quantile * (count - 1)) / maxBins)
      const low = sorted[at]!
      let next = at + 1
      while (next < count && sorted[next] === low) next++
      if (next === count) break
      const edge = between(low, sorted[next]!, round)
      if (edges.length === 0 || edge > edges[edges.length - 1]!) edges.push(edge)
    }
  return Cells.from(edges)
}

/** A t of the column's precision with low <= t < high; the rounded middle may land on `high`. */
function between(low: number, high: number, round: (value: number) => number): number {
  const middle = round(low / 2 + high / 2)
  return middle < high && middle >= low ? middle : low
}
