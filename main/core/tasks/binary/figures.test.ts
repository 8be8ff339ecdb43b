import { describe, expect, it } from 'vitest'
import reference from './fixtures/figures.json'
import { deriveGroups } from '../../frames'
import { percentileInterval } from './bootstrap'
import { deriveFairness } from './fairness'
import { judgeScores } from './judge'

const rowsOf = (labels: number[], scores: number[]) => [Uint8Array.from(labels), Float64Array.from(scores)] as const

describe('figures against scikit-learn, scipy and numpy (fixtures/make-figures.py)', () => {
  it.each(reference.cases.map((each) => [each.name, each] as const))('%s', async (_, { labels, scores, threshold, ...expected }) => {
    const judged = await judgeScores(...rowsOf(labels, scores), { threshold, bootstrapSamples: 0, seed: 1 })
    for (const [key, value] of Object.entries(expected.figures)) {
      const found = judged.metrics[key as keyof typeof judged.metrics]!.value
      if (value === null) expect(found, key).toBeNull()
      else expect(found, key).toBeCloseTo(value, 10)
    }
    const { truePositive, falsePositive, trueNegative, falseNegative } = judged.confusion
    expect([truePositive, falsePositive, trueNegative, falseNegative]).toEqual(expected.confusion)
    judged.calibration.forEach((bin, index) => {
      expect([bin.from, bin.to]).toEqual([index / 10, (index + 1) / 10])
      const found = [bin.count, bin.predicted, bin.observed, bin.lower, bin.upper]
      found.forEach((value, at) => {
        const wanted = expected.calibration[index]![at]!
        if (wanted === null) expect(value).toBeNull()
        else expect(value, `bin ${index}`).toBeCloseTo(wanted, 8)
      })
    })
    const roc = judged.roc.map((point) => [point.falsePositiveRate, point.truePositiveRate, point.threshold])
    // Points on a straight run are left out, so each of ours must be one of theirs, ends and order included.
    const theirs = expected.roc.map((point) => point.map((value) => value?.toFixed(9)).join())
    const at = roc.map((point) => theirs.indexOf(point.map((value) => value?.toFixed(9)).join()))
    expect(at).toEqual([...at].sort((a, b) => a - b))
    expect([at[0], at[at.length - 1]]).toEqual(theirs.length > 0 ? [0, theirs.length - 1] : [undefined, undefined])
  })

  it('percentile bounds are those of numpy', () => {
    const { values, level, lower, upper } = reference.percentiles
    const interval = percentileInterval(values, level)!
    expect(interval.lower).toBeCloseTo(lower, 12)
    expect(interval.upper).toBeCloseTo(upper, 12)
    expect(interval.samples).toBe(101)
    expect(percentileInterval(values.slice(0, 40), level)).not.toBeNull()
    expect(percentileInterval(values.slice(0, 39), level)).toBeNull()
  })

  it('group rates, gaps and disparate impact, with groups of one row, one outcome and nobody selected', () => {
    const { rows, groups, ...gaps } = reference.fairness
    const names = [...new Set(rows.map(([name]) => String(name)))]
    const column = { kind: 'category' as const, codes: Int32Array.from(rows, ([name]) => names.indexOf(String(name))), categories: names }
    const [labels, scores] = rowsOf(
      rows.map((row) => Number(row[1])),
      rows.map((row) => Number(row[2]))
    )
    const rules = { minimumGroupSize: 30, minimumClassSize: 10, threshold: 0.5 }
    const fairness = deriveFairness('name', deriveGroups(column), labels, scores, rules)
    for (const wanted of groups) {
      const found = fairness.groups.find(({ group }) => group === wanted.group)!
      expect(found.compared).toBe(wanted.count >= 30)
      for (const [key, value] of Object.entries(wanted)) {
        const own = found[key as keyof typeof found]
        if (typeof value === 'number') expect(own, `${wanted.group} ${key}`).toBeCloseTo(value, 8)
        else expect(own, `${wanted.group} ${key}`).toBe(value)
      }
    }
    for (const [key, value] of Object.entries(gaps)) expect(fairness[key as keyof typeof gaps], key).toBeCloseTo(value, 12)
  })
})

describe('what resampling cannot say', () => {
  it('one row has figures, and shares an interval that says how little that is', async () => {
    const { metrics } = await judgeScores(...rowsOf([1], [0.75]), { threshold: 0.5, bootstrapSamples: 200, seed: 1 })
    expect(metrics.accuracy).toEqual({
      value: 1,
      interval: { lower: expect.closeTo(0.2065, 4), upper: 1, level: 0.95, samples: 0, method: 'Wilson' }
    })
    expect(metrics.brier.interval).toBeNull()
    expect(metrics.auc).toEqual({ value: null, interval: null })
  })

  it('too few resamples with a value give no interval, and their number is stated', async () => {
    // One positive among 30 rows: a resample misses it with a chance of (29 / 30)^30 = 0.36.
    const [labels, scores] = rowsOf([1, ...new Array<number>(29).fill(0)], [0.51, ...Array.from({ length: 29 }, (_, i) => i / 40)])
    const options = { threshold: 0.5, seed: 1 }
    expect((await judgeScores(labels, scores, { ...options, bootstrapSamples: 39 })).metrics.brier.interval).toBeNull()
    const { metrics } = await judgeScores(labels, scores, { ...options, bootstrapSamples: 1000 })
    expect(metrics.brier.interval!.samples).toBe(1000)
    expect(metrics.average_precision.interval!.samples).toBeGreaterThan(570)
    expect(metrics.average_precision.interval!.samples).toBeLessThan(710)
    // Its closed form needs the errors of two rows of each outcome.
    expect(metrics.brier_skill).toEqual({ value: expect.any(Number), interval: null })
  })
})
