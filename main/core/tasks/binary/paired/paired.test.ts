import { describe, expect, it } from 'vitest'
import {
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
import { compareScoredRuns, type ScoredRun } from './compare-runs'
import { delongDifference, placementsOf } from './delong'
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
