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
  return encodings.map((encoding, index) => {
    const column = table.columns[index]!
    if (column instanceof Uint32Array) return { type: 'category', codes: encoding.kept.length + 2 }
    const fill = imputation === 'mean' ? weightedMean(column, weights) : weightedMedian(column, weights)
    const filled = Float64Array.from(column, (value) => (value === value ? value : fill))
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

/** The middle of the values that are not missing: half the weight is at or below it; between two values, their middle. 0 without any. */
export function weightedMedian(values: Float32Array | Float64Array, weights: Float64Array): number {
  const rows = Uint32Array.from(values.keys()).filter((row) => values[row] === values[row] && weights[row]! > 0)
  if (rows.length === 0) return 0
  if (rows.every((row) => weights[row] === weights[rows[0]!])) return middleOf(Float64Array.from(rows, (row) => values[row]!).sort())
  rows.sort((a, b) => values[a]! - values[b]!)
  const half = rows.reduce((sum, row) => sum + weights[row]!, 0) / 2
  let below = 0
  for (const [at, row] of rows.entries()) {
    below += weights[row]!
    if (below > half) return values[row]!
    if (below === half) return (values[row]! + values[rows[at + 1] ?? row]!) / 2
  }
  return values[rows.at(-1)!]!
}

function middleOf(sorted: Float64Array): number {
  const half = sorted.length >> 1
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}
