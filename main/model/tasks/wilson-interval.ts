/** Standard errors on each side of a 95% interval. */
export const z95 = 1.959963984540054

/** Wilson score interval of a share (Wilson 1927), 95% unless `z` says otherwise; [0, 1] without observations. */
export function wilsonInterval(successes: number, total: number, z = z95): { lower: number; upper: number } {
  if (total === 0) return { lower: 0, upper: 1 }
  const share = successes / total
  const square = z * z
  const centre = (share + square / (2 * total)) / (1 + square / total)
  const half = (z * Math.sqrt((share * (1 - share)) / total + square / (4 * total * total))) / (1 + square / total)
  return { lower: successes === 0 ? 0 : Math.max(0, centre - half), upper: successes === total ? 1 : Math.min(1, centre + half) }
}
