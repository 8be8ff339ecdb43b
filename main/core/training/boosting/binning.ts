import type { EncodedTable } from '../features'

/** Values of a numeric feature, in the precision in which the model reads them. */
export type Numbers = Float32Array | Float64Array

/** One feature in bins: 0..bins-1 hold values, bin number `bins` holds the missing ones. */
export interface BinnedFeature {
  bins: number
  /** By row; two bytes where there are more than 254 categories. */
  codes: Uint8Array | Uint16Array
  categorical: boolean
  /** Upper edge (inclusive, in the precision of the column) of every bin but the last; empty for categories. */
  edges: Numbers
}

/** Categories that stay apart. */
export const mostCategories = 1022
/** Bins whose codes, the missing one included, fill one byte. */
export const mostByteBins = 255
const sampleRows = 200_000

export type NumberColumn = Extract<EncodedTable['columns'][number], Numbers>

/** An even sample of at most 200,000 of the first `rows` values, without the missing ones. */
export function sampleOf(values: Numbers, rows: number): Numbers {
  const size = Math.min(rows, sampleRows)
  const stride = rows / Math.max(size, 1)
  const sample: Numbers = new (values.constructor as Float32ArrayConstructor)(size)
  let count = 0
  for (let i = 0; i < size; i++) {
    const value = values[Math.floor(i * stride)]!
    if (value === value) sample[count++] = value
  }
  return sample.subarray(0, count)
}

/** Every gap between different values of an ascending sample when they fit, else its quantiles. */
export function edgesOf(sorted: Numbers, maxBins: number): Numbers {
  const Cells = sorted.constructor as Float32ArrayConstructor
  const round = sorted instanceof Float32Array ? Math.fround : Number
  const count = sorted.length
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
