import type { Square } from './information'

/** From this share of its own size on, what is left of a column beside the others counts as nothing. */
const smallest = 1e-11

export interface GeneralisedInverse {
  /** A matrix G with H G H = H; zero in the rows and columns of weights that depend on others. */
  inverse: Square
  rank: number
  /** Whether the rows tell this combination of weights: whether t = H G t. */
  isTold(combination: Combination): boolean
  /** t' G t; of a combination that is told it does not depend on which G was chosen. */
  spread(combination: Combination): number
}

/** Weights and their factors. */
export type Combination = readonly { at: number; factor: number }[]

/**
 * A generalised inverse of a positive semidefinite matrix by a Cholesky factor that takes the largest remaining column first (Higham 2002,
 * section 10.3) and ends where nothing is left; among equals the first one, so that the choice is the same every time.
 */
export function invertSemidefinite(matrix: Square): GeneralisedInverse {
  const { size, cells } = matrix
  const { order, rank, factor } = pivotedFactor(matrix)
  const inverse = new Float64Array(size * size)
  const lower = invertLower(factor, rank)
  // G = L^-T L^-1 on the kept weights.
  for (let i = 0; i < rank; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = i; k < rank; k++) sum += lower[k * rank + i]! * lower[k * rank + j]!
      inverse[order[i]! * size + order[j]!] = inverse[order[j]! * size + order[i]!] = sum
    }
  const apply = (square: Float64Array, vector: Float64Array): Float64Array => {
    const out = new Float64Array(size)
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) out[i]! += square[i * size + j]! * vector[j]!
    return out
  }
  return {
    inverse: { size, cells: inverse },
    rank,
    isTold(combination) {
      if (rank === size) return true
      const wanted = new Float64Array(size)
      for (const { at, factor: own } of combination) wanted[at] = wanted[at]! + own
      const reached = apply(cells, apply(inverse, wanted))
      const most = wanted.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
      return reached.every((value, i) => Math.abs(value - wanted[i]!) <= 1e-6 * most)
    },
    spread: (combination) =>
      combination.reduce(
        (sum, one) => combination.reduce((own, other) => own + one.factor * other.factor * inverse[one.at * size + other.at]!, sum),
        0
      )
  }
}

/** L of the kept rows and columns in their order, row-major [rank * rank]. */
function pivotedFactor({ size, cells }: Square): { order: number[]; rank: number; factor: Float64Array } {
  const left = cells.slice()
  const own = Float64Array.from({ length: size }, (_, i) => cells[i * size + i]!)
  const order: number[] = []
  const columns: Float64Array[] = []
  const isTaken = new Uint8Array(size)
  for (;;) {
    let next = -1
    let most = smallest
    for (let i = 0; i < size; i++) {
      const share = isTaken[i] || !(own[i]! > 0) ? 0 : left[i * size + i]! / own[i]!
      if (share > most) [next, most] = [i, share]
    }
    if (next < 0) break
    isTaken[next] = 1
    const root = Math.sqrt(left[next * size + next]!)
    const column = new Float64Array(size)
    for (let i = 0; i < size; i++) if (!isTaken[i]) column[i] = left[i * size + next]! / root
    column[next] = root
    for (let i = 0; i < size; i++) {
      if (isTaken[i] || column[i] === 0) continue
      for (let j = 0; j < size; j++) if (!isTaken[j]) left[i * size + j]! -= column[i]! * column[j]!
    }
    order.push(next)
    columns.push(column)
  }
  const rank = order.length
  const factor = new Float64Array(rank * rank)
  for (let i = 0; i < rank; i++) for (let j = 0; j <= i; j++) factor[i * rank + j] = columns[j]![order[i]!]!
  return { order, rank, factor }
}

function invertLower(factor: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size)
  for (let j = 0; j < size; j++) {
    inverse[j * size + j] = 1 / factor[j * size + j]!
    for (let i = j + 1; i < size; i++) {
      let sum = 0
      for (let k = j; k < i; k++) sum += factor[i * size + k]! * inverse[k * size + j]!
      inverse[i * size + j] = -sum / factor[i * size + i]!
    }
  }
  return inverse
}
