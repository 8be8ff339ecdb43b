const mostSteps = 100
/** Coefficients beyond this, and a mean loss below, belong to rows that one line parts, where no finite ones fit best. */
const farthest = 1e4
const parted = 1e-6

/** Mean logistic loss of a row with log odds `odds` and outcome `target` in 0..1, without overflow. */
const lossOf = (odds: number, target: number): number => Math.max(odds, 0) - odds * target + Math.log1p(Math.exp(-Math.abs(odds)))

/**
 * Logistic regression without penalty by Newton's method with halved steps. Targets are shares from 0 to 1.
 * @param columns features, each with a value for every row
 * @returns the coefficients of the columns and the intercept behind them; null where the rows leave them open
 */
export function fitLogistic(
  columns: readonly Float64Array[],
  targets: ArrayLike<number>,
  weights: ArrayLike<number> | null
): Float64Array | null {
  const size = columns.length + 1
  const rows = targets.length
  const features = [...columns, new Float64Array(rows).fill(1)]
  let coefficients = new Float64Array(size)
  const oddsOf = (row: number, of: Float64Array): number => features.reduce((sum, column, at) => sum + column[row]! * of[at]!, 0)
  const lossAt = (of: Float64Array): number => {
    let sum = 0
    for (let row = 0; row < rows; row++) sum += (weights?.[row] ?? 1) * lossOf(oddsOf(row, of), targets[row]!)
    return sum
  }
  const least = parted * (weights ? Array.from(weights).reduce((sum, each) => sum + each, 0) : rows)
  let loss = lossAt(coefficients)
  for (let step = 0; step < mostSteps; step++) {
    const gradient = new Float64Array(size)
    const curvature = Array.from({ length: size }, () => new Float64Array(size))
    for (let row = 0; row < rows; row++) {
      const weight = weights?.[row] ?? 1
      const p = 1 / (1 + Math.exp(-oddsOf(row, coefficients)))
      for (let a = 0; a < size; a++) {
        gradient[a]! += weight * (targets[row]! - p) * features[a]![row]!
        for (let b = 0; b < size; b++) curvature[a]![b]! += weight * p * (1 - p) * features[a]![row]! * features[b]![row]!
      }
    }
    const by = solve(curvature, gradient)
    if (!by) return null
    let reach = 1
    let next = coefficients.map((each, at) => each + by[at]!)
    let nextLoss = lossAt(next)
    while (!(nextLoss <= loss) && reach > 1e-8) {
      reach /= 2
      next = coefficients.map((each, at) => each + reach * by[at]!)
      nextLoss = lossAt(next)
    }
    if (!(nextLoss <= loss)) return loss > least ? coefficients : null
    const isSettled = by.every((each, at) => Math.abs(reach * each) <= 1e-10 * Math.max(1, Math.abs(next[at]!)))
    coefficients = next
    loss = nextLoss
    if (coefficients.some((each) => !(Math.abs(each) < farthest))) return null
    if (isSettled) return loss > least ? coefficients : null
  }
  return null
}

/** Gaussian elimination with pivots; null for a matrix that is not of full rank. */
function solve(matrix: readonly Float64Array[], right: Float64Array): Float64Array | null {
  const size = right.length
  const table = matrix.map((row, at) => [...row, right[at]!])
  const largest = Math.max(...matrix.flatMap((row) => [...row]).map(Math.abs))
  for (let at = 0; at < size; at++) {
    let pivot = at
    for (let row = at + 1; row < size; row++) if (Math.abs(table[row]![at]!) > Math.abs(table[pivot]![at]!)) pivot = row
    if (!(Math.abs(table[pivot]![at]!) > 1e-12 * largest)) return null
    ;[table[at], table[pivot]] = [table[pivot]!, table[at]!]
    for (let row = 0; row < size; row++) {
      if (row === at) continue
      const factor = table[row]![at]! / table[at]![at]!
      for (let column = at; column <= size; column++) table[row]![column]! -= factor * table[at]![column]!
    }
  }
  return Float64Array.from({ length: size }, (_, at) => table[at]![size]! / table[at]![at]!)
}
