/**
 * Shapley values of a leaf of which each player keeps to the way (1) or goes there with some share when its value is hidden. With o and z
 * of a player i, its value is (o_i - z_i) times the integral over t of the product of o_j t + z_j (1 - t) over the others (Owen 1972); the
 * product is a polynomial of one degree less than there are players, so that Gauss-Legendre points give it exactly.
 */
export function dependentWeights(pattern: number, shares: Float64Array, into: Float64Array): void {
  const size = shares.length
  const { points, weights } = gauss(Math.ceil(size / 2))
  const before = new Float64Array(size + 1)
  into.fill(0)
  for (let at = 0; at < points.length; at++) {
    const t = points[at]!
    before[0] = weights[at]!
    for (let i = 0; i < size; i++) before[i + 1] = before[i]! * factor(pattern, i, shares[i]!, t)
    let after = 1
    for (let i = size - 1; i >= 0; i--) {
      into[i]! += before[i]! * after
      after *= factor(pattern, i, shares[i]!, t)
    }
  }
  for (let i = 0; i < size; i++) into[i]! *= ((pattern >>> i) & 1) - shares[i]!
}

const factor = (pattern: number, player: number, share: number, t: number): number => ((pattern >>> player) & 1) * t + share * (1 - t)

/**
 * The same against rows of a background, each of which keeps to the way or not at each player (Lundberg et al. 2020, algorithm 3): with a
 * players that only the row has and b that only the other has, the first get (a-1)! b! / (a+b)!, the second the negative of a! (b-1)! / (a+b)!.
 * @param background how often each pattern stands in the background
 */
export function interventionalWeights(
  pattern: number,
  size: number,
  background: ReadonlyMap<number, number>,
  rows: number,
  into: Float64Array
): void {
  const all = 2 ** size - 1
  into.fill(0)
  for (const [other, count] of background) {
    if ((pattern | other) !== all || pattern === other) continue
    const own = pattern & ~other
    const theirs = other & ~pattern
    const a = countBits(own)
    const b = countBits(theirs)
    const plus = a > 0 ? (count / rows) * shareOf(a - 1, b) : 0
    const minus = b > 0 ? (count / rows) * shareOf(b - 1, a) : 0
    for (let i = 0; i < size; i++) {
      if ((own >>> i) & 1) into[i]! += plus
      else if ((theirs >>> i) & 1) into[i]! -= minus
    }
  }
}

function countBits(bits: number): number {
  let count = 0
  for (let left = bits; left !== 0; left &= left - 1) count++
  return count
}

const shares = new Map<number, number>()
/** p! q! / (p + q + 1)!. */
export function shareOf(p: number, q: number): number {
  const key = p * 64 + q
  let share = shares.get(key)
  if (share === undefined) {
    share = 1 / (p + q + 1)
    for (let i = 1; i <= q; i++) share *= i / (p + i)
    shares.set(key, share)
  }
  return share
}

const rules = new Map<number, { points: Float64Array; weights: Float64Array }>()

/** Gauss-Legendre points and weights on 0..1, by Newton's method on the Legendre polynomial. */
function gauss(size: number): { points: Float64Array; weights: Float64Array } {
  const known = rules.get(size)
  if (known) return known
  const points = new Float64Array(size)
  const weights = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (size + 0.5))
    let slope = 1
    for (let round = 0; round < 100; round++) {
      const [value, derivative] = legendre(size, x)
      slope = derivative
      const step = value / derivative
      x -= step
      if (Math.abs(step) < 1e-16) break
    }
    points[i] = (1 + x) / 2
    weights[i] = 1 / ((1 - x * x) * slope * slope)
  }
  const rule = { points, weights }
  rules.set(size, rule)
  return rule
}

/** The Legendre polynomial of a degree at x, and its slope. */
function legendre(degree: number, x: number): [number, number] {
  let before = 1
  let value = x
  for (let n = 2; n <= degree; n++) [before, value] = [value, ((2 * n - 1) * x * value - (n - 1) * before) / n]
  return [value, (degree * (x * value - before)) / (x * x - 1)]
}
