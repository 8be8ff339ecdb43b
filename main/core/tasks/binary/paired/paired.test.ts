import { describe, expect, it } from 'vitest'
import {
  correlationOf,
  holdTogether,
  holm,
  independentDifference,
  normalDifference,
  normalQuantile,
  normalShare,
  resampledDifference,
  signTest
} from '../../../numerics'
import { deriveRanking } from '../ranking'
import { deriveGroups } from '../../../frames'
import { compareWithBaseRate } from '../baseline'
import { deriveFairness } from '../fairness'
import { judgeScores } from '../judge'
import { compareScoredRuns } from './compare-runs'
import type { ScoredRun } from './scored-run'
import { delongDifference, placementsOf } from './delong'
import { gapKeys } from './drawn-gaps'
import reference from './fixtures/paired.json'

describe('against scipy, statsmodels and the definition', () => {
  it('DeLong: areas, standard error of the difference and p, ties among them', () => {
    for (const { labels, a, b, aucs, error, p } of reference.delong) {
      const of = (scores: number[]) => placementsOf(Uint8Array.from(labels), deriveRanking(Float64Array.from(scores)))
      const [one, other] = [of(a), of(b)]
      expect(one.auc).toBeCloseTo(aucs[0]!, 13)
      expect(other.auc).toBeCloseTo(aucs[1]!, 13)
      const found = delongDifference(one, other)
      expect(found.error).toBeCloseTo(error, 13)
      expect(normalDifference(found.difference, found.error).p).toBeCloseTo(p, 11)
    }
  })
  it('Holm, McNemar and the normal distribution', () => {
    for (const { p, adjusted } of reference.holm)
      for (const [at, { adjusted: own }] of holm(p).entries()) expect(own).toBeCloseTo(adjusted[at]!, 13)
    for (const { better, worse, p } of reference.mcnemar) expect(signTest(better, worse)).toBeCloseTo(p, 10)
    for (const { z, tail } of reference.tails) expect(normalShare(-z) / tail).toBeCloseTo(1, 12)
    for (const { z, tail } of reference.quantiles) expect(-normalQuantile(tail)).toBeCloseTo(z, 10)
  })
})

describe('an interval and its p', () => {
  const draws = (middle: number) => Float64Array.from({ length: 2000 }, (_, at) => middle + ((at * 7919) % 2000) / 2000 - 0.5)
  const zero = new Float64Array(2000)
  it('agree at every level: it leaves out zero exactly where p is below', () => {
    for (const value of [0.02, 0.2, 0.45, 0.499, 0.6, 3, -0.3, -0.49, -2])
      for (const made of [
        resampledDifference(value, draws(value), zero)!,
        normalDifference(value, 0.21),
        independentDifference({ value, low: value - 0.4, high: value + 0.2 }, { value: 0, low: -0.1, high: 0.3 })
      ])
        for (const level of [made.p * 0.98, made.p * 1.02]) {
          const { low, high } = made.interval(Math.min(1, level))
          expect(low > 0 || high < 0, `${value} at ${level}`).toBe(level > made.p)
        }
  })
  it('is centred on the difference, and of too few draws there is none', () => {
    const { low, high } = resampledDifference(0.2, draws(0.7), zero)!.interval(0.05)
    expect(low).toBeCloseTo(0.2 - 0.475, 3)
    expect(high).toBeCloseTo(0.2 + 0.475, 3)
    expect(resampledDifference(0.2, draws(0.2).slice(0, 300), zero.slice(0, 300))).toBeNull()
    expect(resampledDifference(0, zero, zero)!.p).toBe(1)
  })
  it('of figures on different rows: the published example of two proportions, 56/70 and 48/80 by Wilson, 0.0524 to 0.3339', () => {
    const apart = independentDifference({ value: 0.8, low: 0.6918, high: 0.8768 }, { value: 0.6, low: 0.4905, high: 0.7004 })
    expect(apart.interval(0.05).low).toBeCloseTo(0.0524, 3)
    expect(apart.interval(0.05).high).toBeCloseTo(0.3339, 3)
    // Widths add as squares.
    const { low, high } = independentDifference({ value: 0.85, low: 0.82, high: 0.88 }, { value: 0.8, low: 0.76, high: 0.84 }).interval(
      0.05
    )
    expect(low).toBeCloseTo(0, 12)
    expect(high).toBeCloseTo(0.1, 12)
  })
  it('stands at the level at which Holm tested it', () => {
    expect(holm([0.04, 0.01, 0.2, 0.03]).map(({ level }) => level)).toEqual([0.05 / 3, 0.05 / 4, 0.05 / 3, 0.05 / 3])
    expect(holm([0.001, 0.01, 0.04]).map(({ level }) => level)).toEqual([0.05 / 3, 0.05 / 2, 0.05])
  })
})

describe('runs on the same rows', () => {
  const rows = 200
  const labels = Uint8Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? 1 : 0))
  const noise = (row: number, salt: number) => ((row * 7919 + salt * 104_729) % 1009) / 1009
  const run = (score: (row: number) => number, threshold = 0.5): ScoredRun => ({
    scores: { rows: Uint32Array.from(labels.keys()), labels, scores: Float64Array.from(labels.keys(), score) },
    threshold
  })
  const good = run((row) => 0.6 * noise(row, 1) + 0.4 * labels[row]!)
  const better = run((row) => 0.3 * noise(row, 1) + 0.7 * labels[row]!)
  const metrics = ['auc', 'average_precision', 'log_loss', 'brier', 'accuracy', 'precision', 'recall', 'f1', 'specificity']
  it('are compared two by two, one way round as the other, by the method that fits the figure', async () => {
    const { rows: count, difference } = await compareScoredRuns([good, better, good], { samples: 500 })
    expect(count).toBe(rows)
    for (const metric of metrics) {
      const [there, back, same] = [difference(metric, 1, 0)!, difference(metric, 0, 1)!, difference(metric, 2, 0)!]
      const [ends, turned] = [there.interval(0.05), back.interval(0.05)]
      expect(there.value, metric).toBeCloseTo(-back.value, 14)
      expect(there.p, metric).toBeCloseTo(back.p, 10)
      expect(ends.low, metric).toBeCloseTo(-turned.high, 10)
      // The third answers as the first: nothing is told, and nothing is uncertain.
      expect([Math.abs(same.value), same.p, Math.abs(same.interval(0.05).low)], metric).toEqual([0, 1, 0])
    }
    expect(metrics.map((metric) => difference(metric, 1, 0)!.method)).toEqual(
      metrics.map((metric) =>
        metric === 'auc' ? 'delong' : ['accuracy', 'recall', 'specificity'].includes(metric) ? 'mcnemar' : 'paired-bootstrap'
      )
    )
    expect(difference('auc', 1, 0)!.interval(0.05).low).toBeGreaterThan(0)
    expect(difference('brier', 1, 0)!.interval(0.05).high).toBeLessThan(0)
    const again = await compareScoredRuns([good, better, good], { samples: 500 })
    expect(again.difference('brier', 1, 0)!.p).toBe(difference('brier', 1, 0)!.p)
    expect(difference('latency_p50', 1, 0)).toBeNull()
  })
  it('say nothing from a handful of rows, and never more than the rows in which they differ can tell', async () => {
    const scores = { rows: good.scores.rows.slice(0, 20), labels: labels.slice(0, 20), scores: good.scores.scores.slice(0, 20) }
    const few = await compareScoredRuns([
      { scores, threshold: 0.5 },
      { scores, threshold: 0.1 }
    ])
    expect(metrics.map((metric) => few.difference(metric, 0, 1))).toEqual(metrics.map(() => null))
    // Five rows decided otherwise, all of them for the better: chance does that once in sixteen times.
    const five = run((row) => (row < 5 ? labels[row]! : good.scores.scores[row]!))
    const worse = run((row) => (row < 5 ? 1 - labels[row]! : good.scores.scores[row]!))
    const { difference } = await compareScoredRuns([five, worse], { samples: 500 })
    for (const metric of ['accuracy', 'brier', 'log_loss', 'auc', 'f1']) {
      const [held] = holdTogether([difference(metric, 0, 1)!])
      expect(held!.p, metric).toBeGreaterThanOrEqual(0.0625)
      expect(held!.low * held!.high, metric).toBeLessThanOrEqual(0)
    }
  })
  it('let others have their turn, and can be cancelled, between any two runs of any resample', async () => {
    let pauses = 0
    const signal = Object.defineProperty(new AbortController().signal, 'aborted', { get: () => (pauses++, false) })
    await compareScoredRuns([good, better, good], { samples: 40, signal })
    expect(pauses).toBeGreaterThanOrEqual(40 * 3 + 3)
  })
  it('can be cancelled', async () => {
    const controller = new AbortController()
    const working = compareScoredRuns([good, better], {
      signal: controller.signal,
      onProgress: (share) => share > 0.1 && controller.abort()
    })
    await expect(working).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

describe('what the rows say of one run', () => {
  const rows = 400
  const labels = Uint8Array.from({ length: rows }, (_, row) => ((row * 7919) % 11 < 4 ? 1 : 0))
  const groups = Uint32Array.from({ length: rows }, (_, row) => (row % 9 < 5 ? 0 : row % 9 < 8 ? 1 : 2))
  const judge = (digits: number, shift: number, change: Partial<ScoredRun> = {}): ScoredRun => ({
    scores: {
      rows: Uint32Array.from(labels.keys()),
      labels,
      scores: Float64Array.from(labels, (label, row) => {
        const odds = -1 + shift * groups[row]! + 1.4 * label + 2 * (((row * 104_729 + Math.round(97 * shift)) % 1009) / 1009 - 0.5)
        return Number((1 / (1 + Math.exp(-odds))).toFixed(digits))
      }),
      groups
    },
    threshold: 0.4,
    baseRate: 0.3,
    groups: { column: 'g', minimumGroupSize: 30, minimumClassSize: 10 },
    ...change
  })

  it.each([2, 12])('are the figures of its evaluation, with ties and without (%d digits)', async (digits) => {
    const run = judge(digits, 0.3)
    const { metrics } = await judgeScores(labels, run.scores.scores, { threshold: 0.4, bootstrapSamples: 0, seed: 1 })
    const column = { kind: 'category' as const, codes: Int32Array.from(groups), categories: ['a', 'b', 'c'] }
    const fairness = deriveFairness('g', deriveGroups(column), labels, run.scores.scores, {
      minimumGroupSize: 30,
      minimumClassSize: 10,
      threshold: 0.4
    })
    const { gain, log_loss } = compareWithBaseRate({ labels, weights: null }, run.scores.scores, 0.3)
    const { value } = await compareScoredRuns([run], { samples: 1 })
    const expected = {
      ...Object.fromEntries(Object.entries(metrics).map(([key, estimate]) => [key, estimate.value])),
      disparate_impact: fairness.disparateImpact,
      demographic_parity_difference: fairness.demographicParityDifference,
      equal_opportunity_difference: fairness.equalOpportunityDifference,
      equalised_odds_difference: fairness.equalisedOddsDifference,
      log_loss_baseline: log_loss,
      log_loss_skill: gain.value / log_loss
    }
    // Neither is drawn: the one has DeLong, and to the other chance adds what no interval holds.
    const drawn = Object.entries(expected).filter(([key]) => key !== 'auc' && key !== 'calibration_error')
    expect(drawn).toHaveLength(16)
    for (const [key, wanted] of drawn) expect(value(key, 0), key).toBeCloseTo(wanted!, 11)
  })

  it('bounds a difference of gaps and of calibration, one way round as the other, and only by the same groups', async () => {
    const runs = [judge(12, 0.9), judge(12, 0.7)]
    const { difference, value } = await compareScoredRuns(runs, { samples: 500 })
    const apart = await compareScoredRuns([judge(12, 0.9), judge(12, 0.7, { groups: undefined })], { samples: 500 })
    for (const metric of gapKeys) {
      const found = difference(metric, 0, 1)!
      expect(found.method).toBe('paired-intervals')
      expect(found.value, metric).toBeCloseTo(value(metric, 0) - value(metric, 1), 12)
      const [ends, turned] = [found.interval(0.05), difference(metric, 1, 0)!.interval(0.05)]
      expect(ends.low, metric).toBeCloseTo(-turned.high, 12)
      expect(ends.high - ends.low, metric).toBeLessThan(0.9)
      // Runs that were not judged by the same groups are not compared by them.
      expect(apart.difference(metric, 0, 1), metric).toBeNull()
    }
    expect(difference('calibration_debiased', 0, 1)!.method).toBe('paired-intervals')
    expect(difference('log_loss_skill', 0, 1)!.method).toBe('paired-bootstrap')
    expect(difference('calibration_error', 0, 1)).toBeNull()
    // The same answers twice are the same, whatever the figure.
    const twice = await compareScoredRuns([runs[0]!, runs[0]!], { samples: 500 })
    for (const metric of [...gapKeys, 'calibration_debiased', 'log_loss_skill']) {
      const same = twice.difference(metric, 0, 1)!
      expect([same.value, same.p, Math.abs(same.interval(0.05).low), Math.abs(same.interval(0.05).high)], metric).toEqual([0, 1, 0, 0])
    }
  })

  it('moves with another run as far as their draws correlate (numpy), and MOVER takes that off', () => {
    const [a, b] = [Float64Array.of(1, 2, 4, 7, NaN), Float64Array.of(2, 1, 5, 6, 9)]
    expect(correlationOf(a, b)).toBeCloseTo(0.8997354108424372, 12)
    expect(
      correlationOf(
        a,
        a.map(() => 3)
      )
    ).toBe(0)
    const bounded = { value: 0.4, low: 0.3, high: 0.5 }
    const ends = (together: number) => independentDifference(bounded, { value: 0.2, low: 0.1, high: 0.3 }, together).interval(0.05)
    expect(ends(0).low).toBeCloseTo(0.2 - 0.1 * Math.SQRT2, 12)
    expect(ends(0.5).low).toBeCloseTo(0.1, 12)
    expect(ends(1).low).toBeCloseTo(0.2, 12)
  })
})
