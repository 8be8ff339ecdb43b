function logFactorial(n: number): number {
  if (n < 16) {
    let product = 1
    for (let k = 2; k <= n; k++) product *= k
    return Math.log(product)
  }
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3) + 1 / (1260 * n ** 5)
}

/**
 * Two-sided exact sign test of `one` rows for and `other` rows against, of which chance would make halves; of right and wrong decisions on
 * the same rows it is the exact test of McNemar (1947).
 */
export function signTest(one: number, other: number): number {
  const all = one + other
  const less = Math.min(one, other)
  let term = Math.exp(logFactorial(all) - logFactorial(less) - logFactorial(all - less) - all * Math.LN2)
  let sum = 0
  for (let k = less; k >= 0 && term > sum * 1e-17; k--) {
    sum += term
    term *= k / (all - k + 1)
  }
  return Math.min(1, 2 * sum)
}
