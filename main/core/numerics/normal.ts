const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)

/** Share of the standard normal distribution below `z`, to about 1e-14: a power series near the middle, a continued fraction in the tails. */
export function normalShare(z: number): number {
  const size = Math.abs(z)
  if (size > 38) return z < 0 ? 0 : 1
  if (size < 3) {
    let term = z
    let sum = z
    for (let k = 3; Math.abs(term) > 1e-17; k += 2) sum += term *= (z * z) / k
    return 0.5 + sum * density(z)
  }
  let fraction = size
  for (let k = 60; k > 0; k--) fraction = size + k / fraction
  const tail = density(size) / fraction
  return z < 0 ? tail : 1 - tail
}

/** The value that a rising function takes at its argument `share`, by halving [low, high]. */
export function solveRising(share: number, low: number, high: number, rising: (value: number) => number): number {
  for (let step = 0; step < 80 && high - low > 1e-13 * Math.max(1, Math.abs(high)); step++) {
    const middle = (low + high) / 2
    if (rising(middle) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The value below which a share of the standard normal distribution lies. */
export const normalQuantile = (share: number): number => solveRising(share, -40, 40, normalShare)

/** Share of the range (largest minus smallest) of `count` standard normal values that is below `range` (Tukey 1953). */
export function rangeShare(range: number, count: number): number {
  if (!(range > 0)) return 0
  // Simpson over the smallest of the values: beyond 8.5 nothing is left.
  const [from, steps] = [-8.5, 200]
  const width = (2 * -from) / steps
  let sum = 0
  for (let step = 0; step <= steps; step++) {
    const z = from + step * width
    const weight = step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2
    sum += weight * density(z) * (normalShare(z + range) - normalShare(z)) ** (count - 1)
  }
  return Math.min(1, (count * sum * width) / 3)
}

/** The range that `count` standard normal values stay below with a share of chance. */
export const rangeQuantile = (share: number, count: number): number => solveRising(share, 0, 20, (range) => rangeShare(range, count))
