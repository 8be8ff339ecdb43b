import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveGroups } from '../../frames'
import { normalShare, rangeQuantile, studentQuantile, wilsonInterval, z95 } from '../../numerics'
import { deriveFairness } from './fairness'
import reference from './fixtures/intervals.json'
import { compareGroups } from './group-gaps'
import { judgeScores } from './judge'
import { deriveRanking } from './ranking'
import { aucInterval } from './ranking-interval'

const choices = { threshold: 0.5, bootstrapSamples: 0, seed: 1 }
describe('intervals against statsmodels, scipy and fairlearn (fixtures/make-intervals.py)', () => {
  it('normal shares, studentised ranges and Wilson bounds', () => {
    for (const [z, share] of reference.normal) expect(normalShare(z!) / share!).toBeCloseTo(1, 10)
    for (const [share, count, range] of reference.range) expect(rangeQuantile(share!, count!)).toBeCloseTo(range!, 4)
    for (const [part, whole, lower, upper] of reference.wilson)
      expect(wilsonInterval(part!, whole!)).toEqual({ lower: expect.closeTo(lower!, 10), upper: expect.closeTo(upper!, 10) })
  })

  it('differences of two groups are those of Newcombe at a third of the level; ratios are near those of the score test', () => {
    for (const { counts, difference, ratio } of reference.pairs) {
      const [a, n, b, m] = counts as [number, number, number, number]
      const { selection, selectionRatio } = compareGroups(
        [
          { part: a, whole: n },
          { part: b, whole: m }
        ],
        [],
        []
      )
      expect(selection.lower!).toBeCloseTo(Math.max(0, difference[0]!), 6)
      expect(selection.upper!).toBeCloseTo(difference[1]!, 6)
      expect(selection.p! < 0.05).toBe(difference[0]! > 0)
      expect(selection.verdict).toBe(difference[0]! > 0 ? 'differ' : 'cannot-tell')
      if (ratio === null) continue
      expect(Math.abs(selectionRatio.lower! - ratio[0]!)).toBeLessThan(0.04)
      expect(Math.abs(selectionRatio.upper! - Math.min(1, ratio[1]!))).toBeLessThan(0.04)
    }
  })

  it('slope, intercept, debiased error, its p and Brier skill', async () => {
    const { scores, labels, slope, intercept, debiasedSquare, p, brierSkill } = reference.reliability
    const { reliability, metrics } = await judgeScores(Uint8Array.from(labels), Float64Array.from(scores), choices)
    for (const [own, wanted] of [
      [reliability!.slope, slope],
      [reliability!.intercept, intercept]
    ] as const)
      expect([own.value, own.interval!.lower, own.interval!.upper]).toEqual(wanted.map((value) => expect.closeTo(value, 6)))
    expect(reliability!.bins.map(({ count }) => count)).toEqual(new Array(10).fill(40))
    expect(metrics.calibration_debiased!.value! ** 2).toBeCloseTo(Math.max(0, debiasedSquare), 10)
    expect(Math.abs(reliability!.p - p)).toBeLessThan(0.015)
    expect(metrics.brier_skill!.value).toBeCloseTo(brierSkill, 10)
  })

  it('gaps and ratio of groups', () => {
    const { groups, labels, scores, ...gaps } = reference.fairness
    const column = { kind: 'category' as const, codes: Int32Array.from(groups), categories: ['a', 'b', 'c', 'd'] }
    const rules = { minimumGroupSize: 1, minimumClassSize: 1, threshold: 0.5 }
    const fairness = deriveFairness('group', deriveGroups(column), Uint8Array.from(labels), Float64Array.from(scores), rules)
    for (const [key, value] of Object.entries(gaps)) expect(fairness[key as keyof typeof gaps], key).toBeCloseTo(value, 12)
    const { selectionRatio, selection, odds } = fairness.comparisons!
    expect(selectionRatio.lower).toBeLessThan(gaps.disparateImpact)
    expect(selectionRatio.upper).toBeGreaterThan(gaps.disparateImpact)
    expect([selection.lower! <= gaps.demographicParityDifference, selection.upper! > gaps.demographicParityDifference]).toEqual([
      true,
      true
    ])
    expect(odds.upper).toBeGreaterThan(gaps.equalisedOddsDifference)
  })
})

it('quantiles of Student, against scipy', () => {
  for (const [freedom, share, quantile] of [
    [1, 0.975, 12.706204736174694],
    [2, 0.975, 4.302652729749462],
    [3, 0.9, 1.637744353696209],
    [6, 0.975, 2.4469118511449786],
    [7, 0.025, -2.3646242515927844],
    [30, 0.975, 2.0422724563012378],
    [99, 0.995, 2.626405457280827],
    [399, 0.975, 1.965927295920882],
    [400, 0.975, 1.9659123432294627],
    [5000, 0.975, 1.9604385517065073]
  ] as const)
    expect(studentQuantile(share, freedom)).toBeCloseTo(quantile, 6)
})

it('the interval of a Brier skill is there for two rows of an outcome, wide for few, and never above what a perfect model has', async () => {
  const skill = async (positives: number, rows: number) => {
    const labels = Uint8Array.from({ length: rows }, (_, row) => (row < positives ? 1 : 0))
    const scores = Float64Array.from(labels, (label, row) => 0.1 + 0.5 * label + 0.2 * (row % 2))
    return (await judgeScores(labels, scores, choices)).metrics.brier_skill!
  }
  expect((await skill(1, 40)).interval).toBeNull()
  const [few, many] = [await skill(4, 40), await skill(400, 4000)]
  for (const { value, interval } of [few, many]) {
    expect(interval).toMatchObject({ method: 'base rate and errors apart', samples: 0 })
    expect([interval!.lower < value!, value! < interval!.upper, interval!.upper <= 1]).toEqual([true, true, true])
  }
  expect(few.interval!.upper - few.interval!.lower).toBeGreaterThan(7 * (many.interval!.upper - many.interval!.lower))
})

describe('the interval of an AUC', () => {
  it('has the variance that DeLong gives pair by pair', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 12 })), { minLength: 60, maxLength: 90 })
    fc.assert(
      fc.property(rows, (drawn) => {
        const labels = Uint8Array.from(drawn, ([label]) => label)
        const scores = Float64Array.from(drawn, ([, score]) => score)
        const own = [...scores].filter((_, row) => labels[row] === 1)
        const others = [...scores].filter((_, row) => labels[row] === 0)
        const wins = (a: number, b: number): number => (a > b ? 1 : a === b ? 0.5 : 0)
        const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
        const spread = (values: number[]): number =>
          values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1) / values.length
        const ofOwn = own.map((a) => mean(others.map((b) => wins(a, b))))
        const ofOthers = others.map((b) => mean(own.map((a) => wins(a, b))))
        const interval = aucInterval(labels, deriveRanking(scores), z95)
        fc.pre(interval?.method === 'DeLong')
        const auc = mean(ofOwn)
        const half = (z95 * Math.sqrt(spread(ofOwn) + spread(ofOthers))) / (auc * (1 - auc))
        expect(Math.log(interval!.upper / (1 - interval!.upper)) - Math.log(auc / (1 - auc))).toBeCloseTo(half, 8)
        expect(Math.log(auc / (1 - auc)) - Math.log(interval!.lower / (1 - interval!.lower))).toBeCloseTo(half, 8)
      }),
      { numRuns: 60, seed: 4 }
    )
  })

  it('says how little a perfect ranking of fifteen rows is', async () => {
    const labels = Uint8Array.from({ length: 15 }, (_, row) => (row < 7 ? 1 : 0))
    const { metrics } = await judgeScores(
      labels,
      Float64Array.from(labels, (label) => 0.2 + 0.6 * label),
      { ...choices, bootstrapSamples: 200 }
    )
    expect(metrics.auc.value).toBe(1)
    expect(metrics.auc.interval!.lower).toBeGreaterThan(0.6)
    expect(metrics.auc.interval!.lower).toBeLessThan(0.85)
    for (const key of ['average_precision', 'accuracy', 'precision', 'recall', 'f1', 'specificity'] as const) {
      expect(metrics[key].value, key).toBe(1)
      expect(metrics[key].interval!.lower, key).toBeLessThan(0.85)
    }
  })
})
