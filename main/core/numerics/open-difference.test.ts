import { expect, it } from 'vitest'
import { normalDifference, resampledDifference } from './difference'
import { holdTogether } from './holm'
import { openDifference } from './open-difference'
import { Random } from './random'

// 2 * scipy.stats.t.sf(4, 9), and scipy.stats.t.ppf(1 - level / 2, 9)
const p = 0.0031104283
const quantiles = { 0.05: 2.262157163, 0.005: 3.689662392 }

it('of ten clusters has the p of Student for any distance, and the interval of any level', () => {
  const open = openDifference(normalDifference(4, 1), 10)
  expect(open.p).toBeCloseTo(p, 8)
  for (const [level, quantile] of Object.entries(quantiles)) {
    const { low, high } = open.interval(Number(level))
    expect((high - low) / 2, level).toBeCloseTo(quantile, 6)
  }
  // Held with nine others it is told apart by its own interval, not by one that is wider by a constant.
  const [held] = holdTogether([open, ...Array.from({ length: 9 }, () => openDifference(normalDifference(0, 1), 10))])
  expect(held!.low).toBeCloseTo(4 - quantiles[0.005], 6)
  expect(held!.p).toBeCloseTo(10 * p, 7)
})

it('of resamples leaves out zero where its p is below the level, wider by the cluster that resampling lacks', () => {
  const random = new Random(3)
  const zero = new Float64Array(2000)
  for (const value of [0.02, 0.05, 0.2]) {
    const draws = zero.map(() => value + 0.04 * Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform()))
    const plain = resampledDifference(value, draws, zero)!
    const open = openDifference(plain, 12, Math.sqrt(12 / 11))
    expect(open.p).toBeGreaterThan(plain.p)
    for (const level of [open.p * 0.9, open.p * 1.1]) {
      if (level >= 1) continue
      const { low, high } = open.interval(level)
      expect(low > 0 || high < 0, `${value} at ${level}`).toBe(open.p < level)
    }
  }
})

it('of nothing, of a certainty and of rows that stand for themselves is what it was', () => {
  expect(openDifference(normalDifference(0, 0), 12)).toMatchObject({ value: 0, p: 1 })
  expect(openDifference(normalDifference(1, 0), 12).p).toBeLessThan(1e-9)
  const plain = normalDifference(1, 0.5)
  expect(openDifference(plain, null)).toBe(plain)
})
