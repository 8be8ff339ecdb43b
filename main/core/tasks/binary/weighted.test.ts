import { describe, expect, it } from 'vitest'
import { deriveGroups } from '../../frames'
import { Random } from '../../numerics'
import { compareWithBaseRate } from './baseline'
import { deriveFairness } from './fairness'
import reference from './fixtures/weighted.json'
import { judgeScores } from './judge'
import { unitsOf } from '../resampling'

const of = ({ labels, scores, weights }: (typeof reference.cases)[number]) => ({
  labels: Uint8Array.from(labels),
  scores: Float64Array.from(scores),
  weights: Float64Array.from(weights)
})
const groupsOf = (names: readonly string[]) => {
  const categories = [...new Set(names)]
  return deriveGroups({ kind: 'category', codes: Int32Array.from(names, (name) => categories.indexOf(name)), categories })
}

describe('weighted rows against scikit-learn, fairlearn and statsmodels (fixtures/make-weighted.py)', () => {
  it.each(reference.cases.map((each) => [each.name, each] as const))('%s', async (_, each) => {
    const { labels, scores, weights } = of(each)
    const { threshold } = each
    const judged = await judgeScores(labels, scores, { threshold, weights, bootstrapSamples: 0, seed: 1 })
    for (const [key, value] of Object.entries(each.metrics))
      expect(judged.metrics[key as keyof typeof judged.metrics]!.value, key).toBeCloseTo(value, 10)
    for (const [key, value] of Object.entries(each.confusion))
      expect(judged.weightedConfusion![key as keyof typeof each.confusion], key).toBeCloseTo(value, 9)
    const theirs = new Map(each.roc.map(([x, y, cut]) => [cut, [x, y]]))
    for (const { threshold: cut, falsePositiveRate, truePositiveRate } of judged.roc) {
      if (!theirs.has(cut)) continue
      expect(falsePositiveRate).toBeCloseTo(theirs.get(cut)![0]!, 10)
      expect(truePositiveRate).toBeCloseTo(theirs.get(cut)![1]!, 10)
    }
    const { slope, intercept } = judged.reliability!
    const error = ({ interval }: typeof slope): number => (interval!.upper - interval!.lower) / 2 / 1.959963984540054
    expect([intercept.value, slope.value].map((value) => value!.toFixed(6))).toEqual(
      [each.recalibration.intercept, each.recalibration.slope].map((value) => value.toFixed(6))
    )
    expect(error(intercept)).toBeCloseTo(each.recalibration.errors[0]!, 6)
    expect(error(slope)).toBeCloseTo(each.recalibration.errors[1]!, 6)
    const counted = { weights, units: unitsOf(labels.length, null) }
    const rules = { minimumGroupSize: 1, minimumClassSize: 1, threshold }
    const fairness = deriveFairness('group', groupsOf([...each.groups]), labels, scores, rules, counted)
    const { groups, ...gaps } = each.fairness
    for (const [key, value] of Object.entries(gaps)) expect(fairness[key as keyof typeof gaps], key).toBeCloseTo(value, 10)
    for (const [name, rates] of Object.entries(groups)) {
      const own = fairness.groups.find(({ group }) => group === name)!
      for (const [key, value] of Object.entries(rates)) expect(own[key as keyof typeof rates], key).toBeCloseTo(value, 10)
    }
  })
})

/** Rows that come several times, as one row each with that weight and as so many rows. */
function repeated() {
  const { labels, scores, weights } = of(reference.cases[1]!)
  const rows = [...weights].flatMap((times, row) => Array.from({ length: times }, () => row))
  return {
    ...{ labels, scores, weights, rows },
    many: { labels: Uint8Array.from(rows, (row) => labels[row]!), scores: Float64Array.from(rows, (row) => scores[row]!) }
  }
}

describe('weights and clusters', () => {
  const choices = { threshold: 0.35, bootstrapSamples: 0, seed: 1 }
  it('whole weights give the figures, curves and thresholds of rows that come so often', async () => {
    const { labels, scores, weights, many } = repeated()
    const judged = await judgeScores(labels, scores, { ...choices, weights })
    const plain = await judgeScores(many.labels, many.scores, choices)
    for (const [key, { value }] of Object.entries(plain.metrics))
      if (key !== 'calibration_debiased') expect(judged.metrics[key as keyof typeof plain.metrics]!.value, key).toBeCloseTo(value!, 12)
    expect(judged.tiedPairs).toBeCloseTo(plain.tiedPairs!, 12)
    expect(judged.weightedConfusion).toEqual(plain.confusion)
    const near = (points: readonly object[]) => points.map((point) => Object.values(point).map((value: number | null) => value?.toFixed(9)))
    expect(near(judged.precisionRecall.slice(-1))).toEqual(near(plain.precisionRecall.slice(-1)))
    // Thresholds that crowd are quantiles of the rows; those in even steps are the same.
    const even = ({ threshold }: { threshold: number }): boolean => Number.isInteger(threshold * 100)
    expect(near(judged.thresholds.filter(even))).toEqual(near(plain.thresholds.filter(even)))
  })

  it('rows that only repeat others say no more than these, where they come in clusters', async () => {
    const { rows, many, labels, scores, weights } = repeated()
    const clusters = { by: 'group' as const, column: 'g', codes: Uint32Array.from(rows) }
    const once = await judgeScores(labels, scores, { ...choices, weights, bootstrapSamples: 400 })
    const whole = await judgeScores(many.labels, many.scores, { ...choices, clusters, bootstrapSamples: 400 })
    const apart = await judgeScores(many.labels, many.scores, { ...choices, bootstrapSamples: 400 })
    const width = (
      judged: typeof once,
      key: 'auc' | 'accuracy' | 'recall' | 'log_loss' | 'brier' | 'brier_skill' | 'average_precision'
    ) => {
      const { lower, upper } = judged.metrics[key]!.interval!
      return upper - lower
    }
    for (const key of ['auc', 'accuracy', 'recall', 'log_loss', 'brier', 'brier_skill', 'average_precision'] as const) {
      expect(width(whole, key) / width(once, key), key).toBeGreaterThan(0.95)
      expect(width(whole, key) / width(once, key), key).toBeLessThan(1.05)
      expect(width(whole, key) / width(apart, key), key).toBeGreaterThan(1.2)
    }
    for (const [bin, { count, lower, upper }] of whole.calibration.entries()) {
      if (count === 0) continue
      const alone = apart.calibration[bin]!
      expect(upper! - lower!, `bin ${bin}`).toBeGreaterThan(alone.upper! - alone.lower!)
    }
    for (const { lower, upper } of whole.gains!) expect([lower, upper]).toEqual([null, null])
    expect(whole.bootstrap.clusters).toEqual({ by: 'group', column: 'g', count: 240 })
    const gains = [
      compareWithBaseRate({ labels, weights }, scores, 0.3),
      compareWithBaseRate({ labels: many.labels, weights: null }, many.scores, 0.3, { clusters })
    ]
    expect(gains[0]!.gain.value).toBeCloseTo(gains[1]!.gain.value, 12)
    expect(gains[0]!.gain.lower).toBeCloseTo(gains[1]!.gain.lower!, 10)
  })

  it('weights of one size change no figure', async () => {
    const random = new Random(3)
    const scores = Float64Array.from({ length: 400 }, () => random.uniform())
    const labels = Uint8Array.from(scores, (score) => (random.uniform() < score ? 1 : 0))
    const plain = await judgeScores(labels, scores, choices)
    const weighted = await judgeScores(labels, scores, { ...choices, weights: new Float64Array(400).fill(2.5) })
    for (const [key, { value, interval }] of Object.entries(plain.metrics)) {
      const own = weighted.metrics[key as keyof typeof plain.metrics]!
      expect(own.value, key).toBeCloseTo(value!, 10)
      if (interval && own.interval) {
        expect(Math.abs(own.interval.lower - interval.lower), key).toBeLessThan(0.005)
        expect(Math.abs(own.interval.upper - interval.upper), key).toBeLessThan(0.005)
      }
    }
  })
})
