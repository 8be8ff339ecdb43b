import { solveRising } from '../numerics'

/** Fewest rows that can promise a coverage. */
export const fewestFor = (coverage: number): number => Math.ceil(coverage / (1 - coverage) - 1e-9)

/**
 * The band of the coverage of new rows, over tables of `rows` calibration rows: it has a beta distribution with the parameters rank and
 * rows + 1 - rank (Vovk 2012; Angelopoulos and Bates 2023, section 3.2).
 * @param rank of the row whose score is the quantile, from 1 on
 */
export function expectedCoverage(rows: number, rank: number, level = 0.95): { lower: number; upper: number } {
  const quantile = (share: number): number => solveRising(share, 0, 1, (x) => atLeast(rows, rank, x))
  return { lower: quantile((1 - level) / 2), upper: quantile((1 + level) / 2) }
}

/** The chance of `rank` or more of `rows` below x where each is so with probability x: the distribution function of that beta. */
function atLeast(rows: number, rank: number, x: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  let term = 0
  for (let k = 1; k <= rank; k++) term += Math.log((rows - k + 1) / k)
  term += rank * Math.log(x) + (rows - rank) * Math.log1p(-x)
  let sum = 0
  for (let count = rank; count <= rows; count++) {
    sum += Math.exp(term)
    term += Math.log((rows - count) / (count + 1)) + Math.log(x) - Math.log1p(-x)
  }
  return Math.min(1, sum)
}
