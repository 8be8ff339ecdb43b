/**
 * Rows by a value, cut into bins of about as much weight each: equal values stay together. Row numbers of each bin, rising by value; rows
 * without a value are in none.
 */
export function binsByWeight(values: Float64Array, weights: Float64Array | null, bins: number): Uint32Array[] {
  const order = Uint32Array.from(values.keys())
    .filter((row) => !Number.isNaN(values[row]))
    .sort((a, b) => values[a]! - values[b]! || a - b)
  const weightOf = (row: number): number => (weights ? weights[row]! : 1)
  const total = order.reduce((sum, row) => sum + weightOf(row), 0)
  const found: Uint32Array[] = []
  let [start, weight] = [0, 0]
  for (let at = 0; at < order.length; at++) {
    weight += weightOf(order[at]!)
    const endsGroup = at + 1 === order.length || values[order[at + 1]!] !== values[order[at]!]
    const isFull = weight >= (total * (found.length + 1)) / bins - total * 1e-12
    if (at + 1 === order.length || (endsGroup && isFull && found.length + 1 < bins)) {
      found.push(order.slice(start, at + 1))
      start = at + 1
    }
  }
  return found
}

/** The values of some rows. */
export const pick = (values: Float64Array, rows: Uint32Array): Float64Array => Float64Array.from(rows, (row) => values[row]!)
export const pickWeights = (weights: Float64Array | null, rows: Uint32Array): Float64Array | null => weights && pick(weights, rows)
