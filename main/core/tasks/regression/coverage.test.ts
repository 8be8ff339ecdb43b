import { expect, it } from 'vitest'
import type { Aim } from '../../../model/tasks/regression'
import { rounds } from '../../../testing/deep'
import { Random } from '../../numerics'
import { compareWithConstant } from './baseline'
import { judgeAmounts } from './judge'

const rows = 300
const times = rounds(120, 1500)
const samples = rounds(200, 500)
/** Few rounds say the share with so much of an error: 2.6 standard errors of one near 0.95. */
const byChance = times >= 1000 ? 0 : 2.6 * Math.sqrt((0.05 * 0.95) / times)

const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform())
const exponential = (random: Random): number => -Math.log(1 - random.uniform())

/** How often the interval of a figure holds its true value, over evaluations of 300 rows. */
const shareHeld = async (held: (round: number) => Promise<boolean>): Promise<number> => {
  let count = 0
  for (let round = 0; round < times; round++) if (await held(round)) count++
  return count / times
}
const isCovered = (share: number, what: string): boolean => {
  console.log(`${what}: held in ${(share * 100).toFixed(1)}% of ${times}`)
  return share >= 0.93 - byChance && share <= 0.97 + byChance
}
const rmseOf = (aim: Aim, labels: Float64Array, scores: Float64Array, seed: number, weights: Float64Array | null = null) =>
  judgeAmounts(aim, { labels, weights }, scores, {
    bootstrapSamples: samples,
    seed
  })

it('intervals of MAE hold at 300 rows as often as they say', { timeout: 3_600_000 }, async () => {
  for (const [name, draw, truth] of [
    ['normal errors', normal, Math.sqrt(2 / Math.PI)],
    ['exponential errors', (random: Random) => exponential(random) - 1, 2 / Math.E]
  ] as const) {
    const share = await shareHeld(async (round) => {
      const random = new Random(round, 21)
      const labels = Float64Array.from({ length: rows }, () => draw(random))
      const { metrics } = await rmseOf({ objective: 'squared' }, labels, new Float64Array(rows), round)
      const { lower, upper } = metrics.mae.interval!
      return lower <= truth && truth <= upper
    })
    expect(isCovered(share, `mae, ${name}`)).toBe(true)
  }
})

it(
  'intervals of RMSE are too narrow where rows of a group share their error and are drawn one by one',
  { timeout: 3_600_000 },
  async () => {
    // 100 groups of three rows, the error of each mostly its group's; `coverage-at-300.test.ts` draws whole groups.
    const codes = Uint32Array.from({ length: rows }, (_, row) => Math.floor(row / 3))
    const share = await shareHeld(async (round) => {
      const random = new Random(round, 22)
      const shared = Float64Array.from({ length: rows / 3 }, () => normal(random))
      const labels = Float64Array.from(codes, (code) => Math.sqrt(0.8) * shared[code]! + Math.sqrt(0.2) * normal(random))
      const { metrics } = await rmseOf({ objective: 'squared' }, labels, new Float64Array(rows), round)
      return metrics.rmse.interval!.lower <= 1 && 1 <= metrics.rmse.interval!.upper
    })
    expect(share).toBeLessThan(0.91)
  }
)

it('the gain over a constant holds its interval, and no skill is rarely called one', { timeout: 3_600_000 }, async () => {
  // Poisson counts of mean 2 (Knuth); the model states their mean, the constant 2.4: it saves 2 (2.4 - 2 - 2 ln 1.2).
  const truth = 2 * (2.4 - 2 - 2 * Math.log(1.2))
  const poisson = (random: Random): number => {
    let [count, product] = [0, random.uniform()]
    while (product > Math.exp(-2)) {
      count++
      product *= random.uniform()
    }
    return count
  }
  let better = 0
  const share = await shareHeld(async (round) => {
    const random = new Random(round, 23)
    const labels = Float64Array.from({ length: rows }, () => poisson(random))
    const target = { name: 'claims', objective: 'poisson' } as const
    const outcomes = { labels, weights: null }
    const { gain } = compareWithConstant(outcomes, new Float64Array(rows).fill(2), 2.4, { target })
    // Predictions that know nothing, no better and no worse on average than the constant: true mean times noise, loss above it.
    const idle = compareWithConstant(
      outcomes,
      Float64Array.from({ length: rows }, () => 2 * Math.exp(normal(random) / 20)),
      2,
      { target }
    )
    if (idle.verdict === 'better') better++
    return gain.lower! <= truth && truth <= gain.upper!
  })
  expect(isCovered(share, 'gain over a constant')).toBe(true)
  expect(better / times).toBeLessThanOrEqual(0.05)
})

it('the median error and the coverage of a quantile hold theirs, with weights', { timeout: 3_600_000 }, async () => {
  const held = { median: 0, coverage: 0 }
  for (let round = 0; round < times; round++) {
    const random = new Random(round, 24)
    const labels = Float64Array.from({ length: rows }, () => normal(random))
    const weights = Float64Array.from({ length: rows }, () => 0.5 + random.uniform())
    const stated = new Float64Array(rows).fill(1.2815515655446004)
    const { metrics } = await rmseOf({ objective: 'quantile', quantile: 0.9 }, labels, stated, round, weights)
    const { interval } = metrics.coverage!
    if (interval!.lower <= 0.9 && 0.9 <= interval!.upper) held.coverage++
    const { metrics: plain } = await judgeAmounts({ objective: 'absolute' }, { labels, weights }, new Float64Array(rows), {
      bootstrapSamples: 0,
      seed: 1
    })
    const median = 0.6744897501960817
    if (plain.median_absolute_error.interval!.lower <= median && median <= plain.median_absolute_error.interval!.upper) held.median++
  }
  expect(isCovered(held.median / times, 'median absolute error')).toBe(true)
  expect(isCovered(held.coverage / times, 'coverage of a quantile')).toBe(true)
})
