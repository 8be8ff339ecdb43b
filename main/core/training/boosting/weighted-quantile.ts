/**
 * The smallest value at or below which at least a share of the weight lies; without weights the quantile between neighbours by linear
 * interpolation (Hyndman and Fan 1996, definition 7), as numpy has it. Values must not be NaN; 0 for none.
 */
export function weightedQuantile(values: Float64Array, weights: Float64Array | null, share: number): number {
  if (values.length === 0) return 0
  if (!weights) {
    const sorted = values.slice().sort()
    const at = share * (sorted.length - 1)
    const low = Math.floor(at)
    const high = Math.min(low + 1, sorted.length - 1)
    return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!)
  }
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!)
  const target = share * weights.reduce((sum, weight) => sum + weight, 0)
  let sum = 0
  for (const at of order) {
    sum += weights[at]!
    if (sum >= target && weights[at]! > 0) return values[at]!
  }
  return values[order[order.length - 1]!]!
}
