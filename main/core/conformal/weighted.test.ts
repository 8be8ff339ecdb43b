import { describe, expect, it } from 'vitest'
import { rankFor } from '../../model/conformal'
import type { Sha256 } from '../../model/reference'
import type { ModelSignature } from '../../model/training'
import { rounds } from '../../testing/deep'
import { Random } from '../numerics'
import { heldRows } from '../tasks'
import { settleIntervals } from './conform-model'
import { expectedCoverage } from './expected-coverage'
import { weightedQuantile, weightedRank } from './weighted-quantile'

const digest = 'a'.repeat(64) as Sha256
const amounts = {
  ...{ task: 'regression', target: { name: 'y', objective: 'squared' }, inputs: [], notes: [], algorithm: '' },
  outputs: [{ name: 'prediction', tensor: 'float', shape: '', description: '' }]
} as unknown as ModelSignature

/** Errors that grow with x. Calibration rows come with the density 2 (1 - x), new ones with 2x: each weighs as x over 1 - x, at most 9. */
function shifted(random: Random, rows: number, isNew: boolean) {
  const xs = Float64Array.from({ length: rows }, () => {
    const u = random.uniform()
    return Math.min(0.9, isNew ? Math.sqrt(u * 0.81) : 1 - Math.sqrt(1 - u * 0.99))
  })
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform())
  const labels = Float64Array.from(xs, (x) => (0.2 + 3 * x) * normal())
  return { scores: new Float64Array(rows), width: 1, labels, weights: Float64Array.from(xs, (x) => x / (1 - x)) }
}

describe('split-conformal prediction of rows that count by weight', () => {
  it('holds its promise for the rows that the weights stand for, where equal weights do not', () => {
    const random = new Random(3)
    const tables = rounds(150, 1500)
    let [weighted, plain, rows] = [0, 0, 0]
    for (let table = 0; table < tables; table++) {
      const known = shifted(random, 400, false)
      const fresh = shifted(random, 200, true)
      const heldBy = (weights: Float64Array | null): number =>
        heldRows(settleIntervals(amounts, { coverage: 0.8 }, { ...known, weights }, digest), fresh).isHeld.reduce(
          (sum, each) => sum + each,
          0
        )
      weighted += heldBy(known.weights)
      plain += heldBy(null)
      rows += 200
    }
    // A new row counts as much as the heaviest, so a little more is held than promised.
    expect(weighted / rows).toBeGreaterThan(0.79)
    expect(weighted / rows).toBeLessThan(0.85)
    expect(plain / rows).toBeLessThan(0.7)
  })

  it('is the plain quantile where all weights are equal, whatever they are', () => {
    const random = new Random(4)
    for (const rows of [20, 57, 399])
      for (const coverage of [0.5, 0.8, 0.9]) {
        const scores = Float64Array.from({ length: rows }, () => random.uniform())
        const sorted = Float64Array.from(scores).sort()
        for (const weight of [1, 0.1, 7])
          expect(weightedQuantile(scores, new Float64Array(rows).fill(weight), coverage)).toBe(sorted[rankFor(rows, coverage) - 1])
      }
  })

  it('is that of numpy, with the new row behind all others', () => {
    const scores = Float64Array.from({ length: 101 }, (_, row) => ((row * 7919) % 101) / 101)
    const weights = Float64Array.from({ length: 101 }, (_, row) => 1 + ((row * 31) % 7))
    // numpy 2.4: np.quantile(np.append(scores, np.inf), q, weights=np.append(weights, weights.max()), method='inverted_cdf')
    const wanted = { 0.5: 0.504950495049505, 0.8: 0.8118811881188119, 0.9: 0.900990099009901, 0.95: 0.9603960396039604, 0.99: Infinity }
    for (const [coverage, quantile] of Object.entries(wanted)) expect(weightedQuantile(scores, weights, Number(coverage))).toBe(quantile)
  })

  it('comes with a band of the coverage around what the weights hold, not around what plain rows would', () => {
    const weights = Float64Array.from({ length: 100 }, (_, row) => (row < 95 ? 1 : 8))
    // By hand: they say as much as 18225 / 415 = 43.9 rows, and 0.9 * (135 + 8) / 135 of the weight is held: 40.99 of 43.
    expect(weightedRank(43, weights, 0.9)).toBe(41)
    for (const rows of [20, 57, 399]) expect(weightedRank(rows, new Float64Array(rows).fill(7), 0.9)).toBe(rankFor(rows, 0.9))
    // scipy 1.17: beta.ppf([0.025, 0.975], 41, 3)
    const { lower, upper } = expectedCoverage(43, 41)
    expect(lower).toBeCloseTo(0.841888542, 6)
    expect(upper).toBeCloseTo(0.985374503, 6)
  })

  it('equals rows written as often as they count, but for the new row', () => {
    const scores = Float64Array.of(5, 1, 3, 2, 4)
    // By hand: 1 counts 2, 2 counts 1, 3 counts 4, 4 counts 1, 5 counts 2; all and a new row of 4 are 14, and 60% of them 8.4.
    expect(weightedQuantile(scores, Float64Array.of(2, 2, 4, 1, 1), 0.6)).toBe(5)
    // 50% are 7: the first three count 7.
    expect(weightedQuantile(scores, Float64Array.of(2, 2, 4, 1, 1), 0.5)).toBe(3)
    expect(weightedQuantile(scores, Float64Array.of(2, 2, 4, 1, 1), 0.9)).toBe(Infinity)
  })

  it('is refused where few rows count, and where one row counts for too much', () => {
    const rows = shifted(new Random(5), 60, false)
    const few = Float64Array.from({ length: 60 }, (_, row) => (row < 9 ? 1 : 0))
    expect(() => settleIntervals(amounts, {}, { ...rows, weights: few }, digest)).toThrow(
      /needs at least 20 rows with a known outcome, and there are 60, which by their weights say as much as 9\./
    )
    const heavy = Float64Array.from({ length: 60 }, (_, row) => (row === 0 ? 8 : 1))
    expect(() => settleIntervals(amounts, {}, { ...rows, weights: heavy }, digest)).toThrow(/One row counts so much that nothing is known/)
  })
})
