import type { EncodedTable, FeatureEncoding } from '../features'
import { lastRoundedTo } from '../rounding'

export type NumberCells = Float32Array | Float64Array
/** The bin of every row. */
export type Codes = Uint8Array | Uint16Array

/** Bins of a feature, the last of them for missing values: of a number one more than edges before it, of a category its codes. */
export const binCount = (feature: FeatureEncoding, edges: readonly number[]): number =>
  feature.kind === 'category' ? feature.kept.length + 2 : edges.length + 2

/**
 * Upper edges (inclusive) of all value bins but the last, ascending: between all different values where they fit, else at quantiles. An edge
 * between numbers in single precision is the last one that rounds to it, so that a number has its bin before and after it is rounded.
 */
export function edgesOf(values: NumberCells, maxBins: number): number[] {
  const sorted = values.filter((value) => value === value).sort()
  const isSingle = sorted instanceof Float32Array
  const round = isSingle ? Math.fround : Number
  const places = placesOf(sorted, maxBins)
  return places.map((at) => {
    const edge = between(sorted[at - 1]!, sorted[at]!, round)
    return isSingle ? lastRoundedTo(edge) : edge
  })
}

/** Where a bin begins in sorted values. */
function placesOf(sorted: NumberCells, maxBins: number): number[] {
  const starts: number[] = []
  for (let at = 1; at < sorted.length && starts.length < maxBins; at++) if (sorted[at] !== sorted[at - 1]) starts.push(at)
  if (starts.length < maxBins) return starts
  const places: number[] = []
  for (let quantile = 1; quantile < maxBins; quantile++) {
    let at = Math.floor((quantile * sorted.length) / maxBins)
    while (at < sorted.length && sorted[at] === sorted[at - 1]) at++
    if (at > (places.at(-1) ?? 0) && at < sorted.length) places.push(at)
  }
  return places
}

/** A t of the column's precision with low <= t < high; the rounded middle may land on `high`. */
function between(low: number, high: number, round: (value: number) => number): number {
  const middle = round(low / 2 + high / 2)
  return middle < high && middle >= low ? middle : low
}

/** The bin of every row of an encoded column. */
export function codesOf(column: EncodedTable['columns'][number], feature: FeatureEncoding, edges: readonly number[]): Codes {
  const bins = binCount(feature, edges)
  const Cells = bins <= 256 ? Uint8Array : Uint16Array
  if (column instanceof Uint32Array) return Cells.from(column)
  const borders = column instanceof Float32Array ? Float64Array.from(edges, Math.fround) : Float64Array.from(edges)
  const codes = new Cells(column.length)
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!
    if (value !== value) {
      codes[row] = bins - 1
      continue
    }
    let low = 0
    let high = borders.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (value <= borders[middle]!) high = middle
      else low = middle + 1
    }
    codes[row] = low
  }
  return codes
}

/** @throws Error where the edges of a model cannot be those of its feature */
export function checkEdges(feature: FeatureEncoding, edges: readonly number[]): void {
  if (feature.kind === 'category' && edges.length > 0) throw new Error(`"${feature.name}" is text, which has no edges`)
  if (edges.some((edge, at) => at > 0 && !(edge > edges[at - 1]!))) throw new Error(`the edges of "${feature.name}" do not rise`)
  if (edges.length > 65_000) throw new Error(`"${feature.name}" has too many edges`)
}
