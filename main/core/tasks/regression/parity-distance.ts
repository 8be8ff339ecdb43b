/**
 * How far the predictions of some group are distributed from those of all rows: the largest distance of the two distribution functions
 * (Kolmogorov), over all groups: statistical parity for regression (Agarwal, Dudik and Wu 2019). `codes` is the group of each row.
 */
export function parityDistance(scores: Float64Array, codes: Int32Array, weights: Float64Array | null): number {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!)
  const weightOf = (row: number): number => (weights ? weights[row]! : 1)
  const totals = new Map<number, number>()
  for (const row of order) totals.set(codes[row]!, (totals.get(codes[row]!) ?? 0) + weightOf(row))
  const total = [...totals.values()].reduce((sum, each) => sum + each, 0)
  const below = new Map<number, number>()
  let [allBelow, largest] = [0, 0]
  const look = (group: number): void => {
    largest = Math.max(largest, Math.abs((below.get(group) ?? 0) / totals.get(group)! - allBelow / total))
  }
  for (let at = 0; at < order.length;) {
    let end = at
    while (end < order.length && scores[order[end]!] === scores[order[at]!]) end++
    const rows = order.subarray(at, end)
    const present = new Set(Array.from(rows, (row) => codes[row]!))
    // Between the rows of a group only the others grow, so the distance is largest just before or at one of its rows.
    for (const group of present) look(group)
    for (const row of rows) {
      below.set(codes[row]!, (below.get(codes[row]!) ?? 0) + weightOf(row))
      allBelow += weightOf(row)
    }
    for (const group of present) look(group)
    at = end
  }
  return Math.min(1, largest)
}
