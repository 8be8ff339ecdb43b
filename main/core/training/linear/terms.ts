import type { EncodedTable, FeatureEncoding } from '../features'

/** How a feature enters the design: a number filled, centred and scaled, or one weight for each code of a category. */
export type TermLayout = { type: 'number'; fill: number; mean: number; scale: number } | { type: 'category'; codes: number }

/** The design before fitting; means and scales are those of the weighted rows. */
export function deriveTerms(
  table: EncodedTable,
  encodings: readonly FeatureEncoding[],
  weights: Float64Array,
  imputation: 'median' | 'mean'
): TermLayout[] {
  const isEven = weights.every((weight) => weight === weights[0])
  return encodings.map((encoding, index) => {
    const column = table.columns[index]!
    if (column instanceof Uint32Array) return { type: 'category', codes: encoding.kept.length + 2 }
    const fill = imputation === 'mean' ? weightedMean(column, weights) : isEven ? medianOf(column) : weightedMedian(column, weights)
    const filled = new Float64Array(column)
    for (let row = 0; row < filled.length; row++) if (filled[row] !== filled[row]) filled[row] = fill
    const mean = weightedMean(filled, weights)
    let squares = 0
    let total = 0
    for (let row = 0; row < filled.length; row++) {
      squares += weights[row]! * (filled[row]! - mean) ** 2
      total += weights[row]!
    }
    const spread = Math.sqrt(squares / total)
    // The spread of a constant column is rounding noise, which must not be blown up to one.
    const scale = spread > 1e-12 * Math.max(Math.abs(mean), 1e-300) ? spread : 1
    return { type: 'number', fill, mean, scale }
  })
}

/** Mean of the values that are not missing, 0 without any. */
export function weightedMean(values: Float32Array | Float64Array, weights: Float64Array): number {
  let sum = 0
  let total = 0
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!
    if (value !== value) continue
    sum += weights[row]! * value
    total += weights[row]!
  }
  return total > 0 ? sum / total : 0
}

/** The middle of the values that are not missing, 0 without any. */
function medianOf(values: Float32Array | Float64Array): number {
  const sorted = values.filter((value) => value === value).sort()
  if (sorted.length === 0) return 0
  const half = sorted.length >> 1
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** The value at or below which half the weight of the values that are not missing is; between two values, their middle. 0 without any. */
export function weightedMedian(values: Float32Array | Float64Array, weights: Float64Array): number {
  const rows = new Uint32Array(values.length)
  let count = 0
  for (let row = 0; row < values.length; row++) if (values[row] === values[row] && weights[row]! > 0) rows[count++] = row
  const order = rows.subarray(0, count).sort((a, b) => values[a]! - values[b]!)
  const half = order.reduce((sum, row) => sum + weights[row]!, 0) / 2
  let below = 0
  for (let at = 0; at < count; at++) {
    const value = values[order[at]!]!
    below += weights[order[at]!]!
    if (below > half) return value
    if (below === half) return (value + values[order[at + 1] ?? order[at]!]!) / 2
  }
  return count > 0 ? values[order[count - 1]!]! : 0
}
