import { describe, expect, it } from 'vitest'
import type { ConstrainedRate, Costs } from '../../model/decision'
import { Random } from '../numerics'
import { byProbabilities, chooseThreshold, costOf, curveOf, cutAt, cutsOf, rateOf, selectionOf, type StatedRows } from './choose-threshold'
import { describeRates } from './describe-rates'

/** Rows whose scores come in steps, so that some are equal; weights are whole numbers where asked for. */
function drawn(seed: number, rows: number, isWeighted = false): StatedRows {
  const random = new Random(seed)
  const scores = Float64Array.from({ length: rows }, () => Math.fround(Math.round(random.uniform() * 200) / 200))
  return {
    scores,
    labels: Array.from(scores, (score) => (random.uniform() < score ** 1.5 ? 1 : 0)),
    weights: isWeighted ? Float64Array.from(scores, () => 1 + random.below(3)) : null
  }
}

/** What a threshold does, counted row by row. */
function counted({ scores, labels, weights }: StatedRows, threshold: number) {
  const of = (isChosen: boolean, label: number): number =>
    scores.reduce((sum, score, row) => sum + (score >= threshold === isChosen && labels[row] === label ? (weights?.[row] ?? 1) : 0), 0)
  return { threshold, found: of(true, 1), falseAlarm: of(true, 0), missed: of(false, 1), left: of(false, 0) }
}
/** Every threshold that parts the rows otherwise. */
const everyCut = (rows: StatedRows) => [0, 1.5, ...new Set(rows.scores)].map((threshold) => counted(rows, threshold))
const costs: Costs = { falseAlarm: 1, missed: 6, found: 0.5, left: 0 }
const samples = [1, 2, 3, 4, 5, 6].map((seed) => drawn(seed, 40 + 60 * seed, seed % 2 === 0))

describe('a threshold', () => {
  it('parts the rows as its counts say, of every cut', () => {
    for (const rows of samples)
      for (const cut of cutsOf(rows)) {
        const { found, falseAlarm, missed, left } = counted(rows, cut.threshold)
        for (const [own, other] of [
          [cut.found, found],
          [cut.falseAlarm, falseAlarm],
          [cut.missed, missed],
          [cut.left, left]
        ])
          expect(own).toBeCloseTo(other!, 9)
      }
  })

  it('that is given chooses the rows at and above it, wherever it lies between scores', () => {
    const two = { scores: Float64Array.of(0.8, 0.2), labels: [1, 0], weights: null }
    expect(cutAt(cutsOf(two), 0.6)).toEqual({ threshold: 0.6, lowest: 0.8, found: 1, falseAlarm: 0, missed: 0, left: 1 })
    for (const rows of samples)
      for (const threshold of [0, 0.1234, 0.5, 0.7777, 0.9, 1])
        expect(cutAt(cutsOf(rows), threshold)).toMatchObject(counted(rows, threshold))
    const certain = cutsOf({ scores: Float64Array.of(1, 0.5), labels: [1, 0], weights: null })
    expect(cutAt(certain, 1)).toMatchObject({ found: 1, falseAlarm: 0 })
  })

  it('leaves no less than nothing where weights are decimal', () => {
    const weights = Float64Array.of(0.1, 0.2, 0.3, 0.7, 0.4)
    const rows = { scores: Float64Array.of(0.9, 0.8, 0.7, 0.4, 0.3), labels: [1, 1, 1, 0, 0], weights }
    for (const cut of cutsOf(rows))
      for (const rate of ['recall', 'precision', 'specificity'] as const) expect(rateOf(cut, rate) ?? 0).toBeLessThanOrEqual(1)
    expect(describeRates(rows, 0.7, null).recall!.value).toBe(1)
  })

  it('has intervals of as many rows as weights leave, and a capacity of plain rows', () => {
    const { scores, labels } = drawn(7, 400)
    const [plain, ten] = [null, new Float64Array(400).fill(10)].map((weights) => describeRates({ scores, labels, weights }, 0.5, 1000))
    // A factor of all weights says nothing.
    for (const rate of ['selection', 'recall', 'precision', 'specificity'] as const)
      for (const end of ['value', 'lower', 'upper'] as const) expect(ten![rate]![end]).toBeCloseTo(plain![rate]![end], 3)
    const uneven = scores.map((score) => (score >= 0.5 ? 9 : 1))
    const some = describeRates({ scores, labels, weights: uneven }, 0.5, 1000)
    expect(some.selection!.value).toBeGreaterThan(plain!.selection!.value + 0.2)
    expect(some.perPeriod).toEqual(plain!.perPeriod)
  })

  it('by costs is the cheapest of all', () => {
    for (const rows of samples) {
      const chosen = chooseThreshold({ by: 'cost', costs }, cutsOf(rows))
      const cheapest = Math.min(...everyCut(rows).map((cut) => costOf(cut, costs)))
      expect(costOf(counted(rows, chosen.threshold), costs)).toBeCloseTo(cheapest, 10)
    }
  })

  it('by costs is near what calibrated probabilities ask for', () => {
    const random = new Random(9)
    const scores = Float64Array.from({ length: 40_000 }, () => Math.fround(random.uniform()))
    const labels = Array.from(scores, (score) => (random.uniform() < score ? 1 : 0))
    const chosen = chooseThreshold({ by: 'cost', costs }, cutsOf({ scores, labels, weights: null }))
    expect(byProbabilities(costs)).toBeCloseTo(1 / 6.5, 12)
    expect(Math.abs(chosen.threshold - byProbabilities(costs))).toBeLessThan(0.03)
  })

  it('by capacity chooses as many rows as it holds and no more', () => {
    for (const rows of samples)
      for (const share of [0.05, 0.2, 0.5]) {
        const of = 1000
        const chosen = chooseThreshold({ by: 'capacity', rows: share * of, of }, cutsOf(rows))
        const most = Math.max(
          ...everyCut(rows)
            .map(selectionOf)
            .filter((selection) => selection <= share + 1e-12)
        )
        expect(selectionOf(counted(rows, chosen.threshold))).toBeCloseTo(most, 10)
      }
  })

  it.each([
    ['recall', 'precision', 0.9],
    ['precision', 'recall', 0.6],
    ['specificity', 'recall', 0.8]
  ] as [ConstrainedRate, ConstrainedRate, number][])('holds a %s and has the best %s with it', (rate, other, atLeast) => {
    for (const rows of samples) {
      const chosen = counted(rows, chooseThreshold({ by: 'constraint', rate, atLeast }, cutsOf(rows)).threshold)
      expect(rateOf(chosen, rate)!).toBeGreaterThanOrEqual(atLeast - 1e-12)
      const held = everyCut(rows).filter((cut) => (rateOf(cut, rate) ?? -1) >= atLeast)
      expect(rateOf(chosen, other)!).toBeCloseTo(Math.max(...held.map((cut) => rateOf(cut, other) ?? -1)), 10)
    }
  })
})

describe('the curve of an event that is rare', () => {
  it('says of one half what one half does, which is not what the nearest cut does', () => {
    const rare = { scores: Float64Array.of(0.3, 0.1, 0.1, 0.05).map(Math.fround), labels: [1, 0, 1, 0], weights: null }
    const curve = curveOf(cutsOf(rare), [0.5, 0.1])
    expect(curve.map(({ threshold, found, falseAlarm }) => [Number(threshold.toFixed(3)), found + falseAlarm])).toEqual([
      [1, 0],
      [0.5, 0],
      [0.2, 1],
      [0.1, 3],
      [0.075, 3],
      [0, 4]
    ])
    for (const cut of curve) expect(cut).toMatchObject(counted(rare, cut.threshold))
    // A cut that is asked about stands once, and one of very many rows is thinned.
    const many = cutsOf({ scores: Float64Array.from({ length: 900 }, (_, row) => row / 900), labels: new Uint8Array(900), weights: null })
    expect(curveOf(many, [0.5, 0.5])).toHaveLength(201)
    expect(curveOf(cutsOf(rare), [0])).toHaveLength(4)
  })
})

describe('a rule that cannot be meant', () => {
  const rows = { scores: Float64Array.of(0.9, 0.9, 0.9, 0.9, 0.5, 0.1).map(Math.fround), labels: [1, 0, 1, 0, 0, 1], weights: null }

  it.each([
    [{ by: 'capacity', rows: 300, of: 200 } as const, /capacity of 300 is not below the 200 rows/],
    [{ by: 'capacity', rows: 1, of: 6 } as const, /highest score belongs to 66.67% of the rows, and the capacity of 1 of 6 is 16.67%/],
    [{ by: 'constraint', rate: 'precision', atLeast: 0.95 } as const, /No threshold has a precision of at least 95%.*best possible is 50%/],
    [{ by: 'cost', costs: { ...costs, missed: 0.2 } } as const, /missed event costs 0.2 and a found one 0.5/],
    [{ by: 'cost', costs: { ...costs, left: 2 } } as const, /choosing all would be best/]
  ])('is refused with what is possible', (rule, message) => {
    expect(() => chooseThreshold(rule, cutsOf(rows))).toThrow(message)
  })

  it('is none where rows are certain: no threshold leaves them out', () => {
    const certain = cutsOf({ scores: Float64Array.of(1, 0.5), labels: [1, 0], weights: null })
    expect(certain.map((cut) => cut.found + cut.falseAlarm)).toEqual([1, 2])
  })
})
