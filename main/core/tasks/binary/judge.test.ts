import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WorkbenchError } from '../../../model/errors'
import type { Column, Frame } from '../../frames'
import { Random, wilsonInterval } from '../../numerics'
import { calibrationBins } from './calibration'
import { precisionRecallCurve, rocCurve, thin } from './curves'
import { judgeScores } from './judge'
import { areaUnderCurve, deriveRanking, tiedPairs } from './ranking'
import { deriveTarget } from './target'

/** Rows whose outcome is drawn with their own probability: calibrated by construction. */
function calibratedRows(rows: number, seed: number): { labels: Uint8Array; scores: Float64Array } {
  const random = new Random(seed)
  const scores = Float64Array.from({ length: rows }, () => random.uniform())
  return { scores, labels: Uint8Array.from(scores, (score) => (random.uniform() < score ? 1 : 0)) }
}

const judgedRows = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 20 })), { minLength: 2, maxLength: 60 })
  .map((rows) => ({ labels: Uint8Array.from(rows, ([label]) => label), scores: Float64Array.from(rows, ([, score]) => score / 20) }))

describe('figures of scores', () => {
  it('AUC is the share of positive-negative pairs in the right order, ties a half', () => {
    fc.assert(
      fc.property(judgedRows, ({ labels, scores }) => {
        let pairs = 0
        let right = 0
        labels.forEach((a, i) =>
          labels.forEach((b, j) => {
            if (a !== 1 || b !== 0) return
            pairs++
            right += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0
          })
        )
        const area = areaUnderCurve(labels, scores)
        if (pairs === 0) expect(area).toBeNull()
        else expect(area).toBeCloseTo(right / pairs, 12)
      })
    )
  })

  it('the area under the full ROC curve is the AUC, and every point is on the counted curve', () => {
    fc.assert(
      fc.property(judgedRows, ({ labels, scores }) => {
        const roc = rocCurve(labels, scores, deriveRanking(scores))
        const auc = areaUnderCurve(labels, scores)
        if (auc === null) {
          expect(roc).toEqual([])
          return
        }
        let area = 0
        for (let i = 1; i < roc.length; i++)
          area +=
            (roc[i]!.falsePositiveRate - roc[i - 1]!.falsePositiveRate) * ((roc[i]!.truePositiveRate + roc[i - 1]!.truePositiveRate) / 2)
        expect(area).toBeCloseTo(auc, 10)
        for (const { threshold, truePositiveRate } of roc) {
          if (threshold === null) continue
          const selected = [...labels.keys()].filter((row) => scores[row]! >= threshold)
          const hits = selected.filter((row) => labels[row] === 1).length
          expect(truePositiveRate).toBeCloseTo(hits / labels.filter((label) => label === 1).length, 12)
        }
      })
    )
  })

  it('long curves keep their ends, their area and at most 500 points', () => {
    const { labels, scores } = calibratedRows(20_000, 5)
    const ranking = deriveRanking(scores)
    const roc = rocCurve(labels, scores, ranking)
    expect(roc.length).toBeLessThanOrEqual(500)
    expect(roc[0]).toEqual({ threshold: null, falsePositiveRate: 0, truePositiveRate: 0 })
    expect(roc[roc.length - 1]).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 })
    let area = 0
    for (let i = 1; i < roc.length; i++)
      area += (roc[i]!.falsePositiveRate - roc[i - 1]!.falsePositiveRate) * ((roc[i]!.truePositiveRate + roc[i - 1]!.truePositiveRate) / 2)
    expect(Math.abs(area - areaUnderCurve(labels, scores)!)).toBeLessThan(0.001)
    expect(precisionRecallCurve(labels, scores, ranking).length).toBeLessThanOrEqual(500)
    const corner = Array.from({ length: 1001 }, (_, i) => ({ x: i <= 500 ? 0 : i - 500, y: i <= 500 ? i : 500 }))
    expect(thin(corner, 500, 'straight')).toEqual([corner[0], corner[500], corner[1000]])
  })

  it('confusion, calibration, histogram and sweep count every row once', async () => {
    await fc.assert(
      fc.asyncProperty(judgedRows, fc.double({ min: 0, max: 1, noNaN: true }), async ({ labels, scores }, threshold) => {
        const judged = await judgeScores(labels, scores, { threshold, bootstrapSamples: 0, seed: 1 })
        const rows = labels.length
        const positives = labels.reduce((sum, label) => sum + label, 0)
        const { truePositive, falsePositive, trueNegative, falseNegative } = judged.confusion
        expect(truePositive + falsePositive + trueNegative + falseNegative).toBe(rows)
        expect(truePositive + falseNegative).toBe(positives)
        expect(judged.calibration.reduce((sum, bin) => sum + bin.count, 0)).toBe(rows)
        expect(judged.calibration.reduce((sum, bin) => sum + bin.count * (bin.observed ?? 0), 0)).toBeCloseTo(positives, 9)
        expect(judged.scores.reduce((sum, bin) => sum + bin.positives, 0)).toBe(positives)
        expect(judged.thresholds.length).toBeLessThanOrEqual(200)
        const byHand = judged.calibration.reduce(
          (sum, { count, predicted, observed }) => sum + (count / rows) * Math.abs((predicted ?? 0) - (observed ?? 0)),
          0
        )
        expect(judged.metrics.calibration_error.value).toBeCloseTo(byHand, 12)
        for (const point of judged.thresholds) {
          const selected = [...scores.keys()].filter((row) => scores[row]! >= point.threshold)
          expect(point.selectionRate).toBeCloseTo(selected.length / rows, 12)
          const hits = selected.filter((row) => labels[row] === 1).length
          if (selected.length > 0) expect(point.precision).toBeCloseTo(hits / selected.length, 12)
          else expect(point.precision).toBeNull()
        }
      }),
      { numRuns: 50 }
    )
  })

  it('calls a calibrated model calibrated and an overconfident one not', () => {
    const { labels, scores } = calibratedRows(20_000, 3)
    const inside = calibrationBins(labels, scores).filter((bin) => bin.lower! <= bin.predicted! && bin.predicted! <= bin.upper!)
    expect(inside.length).toBeGreaterThanOrEqual(8)
    const sharpened = scores.map((score) => score ** 2 / (score ** 2 + (1 - score) ** 2))
    const stillInside = calibrationBins(labels, sharpened).filter((bin) => bin.lower! <= bin.predicted! && bin.predicted! <= bin.upper!)
    expect(stillInside.length).toBeLessThanOrEqual(4)
  })

  it('Wilson intervals have their published values', () => {
    // Newcombe 1998, table I: 81 of 263 and 0 of 20.
    expect(wilsonInterval(81, 263).lower).toBeCloseTo(0.2553, 4)
    expect(wilsonInterval(81, 263).upper).toBeCloseTo(0.3662, 4)
    expect(wilsonInterval(44, 72)).toEqual({ lower: expect.closeTo(0.4956, 4), upper: expect.closeTo(0.7153, 4) })
    expect(wilsonInterval(0, 20)).toEqual({ lower: 0, upper: expect.closeTo(0.1611, 4) })
  })

  it('refuses scores that are no probabilities', async () => {
    for (const scores of [[0.5, NaN], [0.5, 1.5], [0.5]]) {
      const work = judgeScores(Uint8Array.of(0, 1), Float64Array.from(scores), { threshold: 0.5, bootstrapSamples: 0, seed: 1 })
      await expect(work).rejects.toBeInstanceOf(WorkbenchError)
    }
  })
})

describe('bootstrap intervals', () => {
  afterEach(() => vi.restoreAllMocks())

  it('are the same for the same seed, hold the estimate, and have the width that theory gives', async () => {
    const { labels, scores } = calibratedRows(2000, 9)
    const options = { threshold: 0.5, bootstrapSamples: 2000, seed: 4 }
    const first = await judgeScores(labels, scores, options)
    expect((await judgeScores(labels, scores, options)).metrics).toEqual(first.metrics)
    expect((await judgeScores(labels, scores, { ...options, seed: 5 })).metrics).not.toEqual(first.metrics)
    for (const [key, { value, interval }] of Object.entries(first.metrics)) {
      if (key === 'calibration_error') {
        expect(interval).toBeNull() // Chance alone makes it larger, which no resampling of the same rows can take off.
        continue
      }
      expect(interval!.lower, key).toBeLessThanOrEqual(value!)
      expect(interval!.upper, key).toBeGreaterThan(value!)
      if (interval!.method === undefined) expect(interval!.samples).toBe(2000)
      else expect(interval!.samples).toBe(0)
    }
    // Accuracy is a mean of 0 and 1: its interval is that of a binomial share.
    const { value, interval } = first.metrics.accuracy
    const normal = 2 * 1.96 * Math.sqrt((value! * (1 - value!)) / 2000)
    expect((interval!.upper - interval!.lower) / normal).toBeGreaterThan(0.9)
    expect((interval!.upper - interval!.lower) / normal).toBeLessThan(1.1)
  })

  it('sort the rows once, however many resamples are drawn', async () => {
    const { labels, scores } = calibratedRows(1500, 11)
    const sorted: number[] = []
    const typedArray = Object.getPrototypeOf(Uint32Array.prototype) as Uint32Array
    const sort = typedArray.sort
    vi.spyOn(typedArray, 'sort').mockImplementation(function (this: Uint32Array, compare) {
      sorted.push(this.length)
      return sort.call(this, compare)
    })
    for (const bootstrapSamples of [40, 400]) {
      sorted.length = 0
      await judgeScores(labels, scores, { threshold: 0.5, bootstrapSamples, seed: 1 })
      expect(sorted.filter((length) => length === 1500)).toHaveLength(1)
      // Beside the rows only the drawn values are sorted, once for each of the three figures without an interval in closed form.
      expect(sorted.filter((length) => length === bootstrapSamples)).toHaveLength(3)
      expect(sorted).toHaveLength(4)
    }
  })

  it('cover the true value about as often as they say', async () => {
    // The Brier score of calibrated uniform probabilities is the mean of p (1 - p) = 1/6.
    let covered = 0
    for (let repeat = 0; repeat < 100; repeat++) {
      const { labels, scores } = calibratedRows(300, 1000 + repeat)
      const { metrics } = await judgeScores(labels, scores, { threshold: 0.5, bootstrapSamples: 300, seed: repeat })
      if (metrics.brier.interval!.lower <= 1 / 6 && 1 / 6 <= metrics.brier.interval!.upper) covered++
    }
    expect(covered).toBeGreaterThanOrEqual(86)
  })

  it('leave figures without a value empty', async () => {
    const judged = await judgeScores(new Uint8Array(20).fill(1), new Float64Array(20).fill(0.25), {
      threshold: 0.5,
      bootstrapSamples: 50,
      seed: 1
    })
    expect(judged.metrics.auc).toEqual({ value: null, interval: null })
    expect(judged.metrics.precision).toEqual({ value: null, interval: null })
    expect(judged.metrics.recall.value).toBe(0)
    expect(judged.metrics.log_loss.value).toBeCloseTo(Math.log(4), 12)
    expect(judged.roc).toEqual([])
  })
})

describe('targets of more than two values', () => {
  const frameOf = (column: Column, rows: number): Frame => ({ rows, columns: new Map([['size', column]]) })
  it('say what mends it: the positive value to name, or a column of yes and no to make', () => {
    const texts = frameOf({ kind: 'category', codes: Int32Array.of(0, 1, 2), categories: ['small', 'medium', 'large'] }, 3)
    expect(() => deriveTarget(texts, 'size')).toThrow(/"small", "medium", "large"\. Name the positive one; all others count as negative/)
    expect(deriveTarget(texts, 'size', { positive: 'large' })).toMatchObject({ positives: 1, positive: 'large' })
    const amounts = frameOf({ kind: 'number', values: Float64Array.from({ length: 40 }, (_, row) => row), outOfRange: 0 }, 40)
    expect(() => deriveTarget(amounts, 'size')).toThrow(/a number with 40 different values.*such as size > 20, and predict that/)
  })
})

it('the share of tied pairs is counted pair by pair', () => {
  fc.assert(
    fc.property(judgedRows, ({ labels, scores }) => {
      let [pairs, tied] = [0, 0]
      labels.forEach((a, i) => labels.forEach((b, j) => a === 1 && b === 0 && (pairs++, scores[i] === scores[j] && tied++)))
      const found = tiedPairs(labels, deriveRanking(scores))
      if (pairs === 0) expect(found).toBeNull()
      else expect(found).toBeCloseTo(tied / pairs, 12)
    })
  )
})
