import { normalQuantile, normalShare, solveRising } from './normal'

/** From so many degrees of freedom on an expansion around the normal distribution is right to nine digits. */
const many = 400

/** The value below which a share of Student's t distribution lies, with whole degrees of freedom. */
export function studentQuantile(share: number, freedom: number): number {
  if (freedom < many)
    return Math.sqrt(freedom) * Math.tan(solveRising(share, -Math.PI / 2, Math.PI / 2, (angle) => shareBelow(angle, freedom)))
  const z = normalQuantile(share)
  const [second, fourth] = [(z ** 3 + z) / 4, (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96]
  return z + second / freedom + fourth / freedom ** 2
}

/** The share of Student's t distribution that lies below a value, with whole degrees of freedom. */
export function studentShare(value: number, freedom: number): number {
  if (freedom < many) return shareBelow(Math.atan(value / Math.sqrt(freedom)), freedom)
  // Abramowitz and Stegun 26.7.8.
  return normalShare((value * (1 - 1 / (4 * freedom))) / Math.sqrt(1 + value ** 2 / (2 * freedom)))
}

/** Share below t = sqrt(freedom) tan(angle), as the finite sums that whole degrees of freedom have (Abramowitz and Stegun 26.7.3 and 26.7.4). */
function shareBelow(angle: number, freedom: number): number {
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)]
  const isOdd = freedom % 2 === 1
  let term = isOdd ? cosine : 1
  let sum = freedom === 1 ? 0 : term
  for (let k = isOdd ? 3 : 2; k <= freedom - 2; k += 2) sum += term *= ((k - 1) / k) * cosine ** 2
  const within = isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum
  return (1 + within) / 2
}
