/**
 * The score below which so much of the new rows lies, where rows count by weight: the quantile of the weighted scores, a new row counting as much
 * as the heaviest of them and being off by more than anything (Tibshirani, Foygel Barber, Candes and Ramdas 2019, lemma 1). With equal weights it
 * is the score at `rankFor`. Infinite where the heaviest row alone keeps the promise open.
 * @param scores and weights, one of each for a row
 */
export function weightedQuantile(scores: Float64Array, weights: Float64Array, coverage: number): number {
  const order = Uint32Array.from(scores, (_, row) => row).sort((a, b) => scores[a]! - scores[b]! || a - b)
  const { sum, most } = sizeOf(weights)
  const wanted = coverage * (sum + most) * (1 - 1e-12)
  let held = 0
  for (const row of order) {
    held += weights[row]!
    if (held >= wanted) return scores[row]!
  }
  return Infinity
}

/**
 * The rank of that score among as many rows of one weight as say as much as these: it holds so much of their weight, and the heaviest row moves
 * it up.
 * @param rows of one weight
 */
export function weightedRank(rows: number, weights: Float64Array, coverage: number): number {
  const { sum, most } = sizeOf(weights)
  return Math.min(rows, Math.ceil((rows * coverage * (sum + most)) / sum - 1e-9))
}

function sizeOf(weights: Float64Array): { sum: number; most: number } {
  let [sum, most] = [0, 0]
  for (const weight of weights) [sum, most] = [sum + weight, Math.max(most, weight)]
  return { sum, most }
}
