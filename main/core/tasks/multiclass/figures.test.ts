import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { metricsOf } from '../../../model/tasks/multiclass/metrics'
import { deriveClassFairness } from './fairness'
import { judgeClasses } from './judge'

interface Case {
  name: string
  classes: number
  labels: number[]
  parts: number[][]
  weights: number[] | null
  groups: number[]
  figures: Record<string, number>
  perClass: Record<'precision' | 'recall' | 'f1' | 'auc', (number | null)[]>
  confusion: number[][]
  weightedConfusion: number[][]
  fairness: { accuracy: number; accuracyByGroup: number[]; selection: number[]; truePositive: number[]; odds: number[] }
}

const cases = JSON.parse(readFileSync(new URL('fixtures/figures.json', import.meta.url), 'utf8')) as Case[]
const inputs = ({ labels, weights, parts, classes }: Case) => ({
  outcomes: { labels: Uint16Array.from(labels), weights: weights && Float64Array.from(weights) },
  scores: Float64Array.from(parts.flat(), (part) => part / 1024),
  classes: Array.from({ length: classes }, (_, place) => `c${place}`)
})

describe.each(cases)('$name', (reference) => {
  const { outcomes, scores, classes } = inputs(reference)

  it('has the figures of scikit-learn', async () => {
    const judged = await judgeClasses(outcomes, scores, { classes, bootstrapSamples: 0, seed: 1 })
    for (const [key, value] of Object.entries(reference.figures))
      expect(judged.metrics[key as keyof typeof judged.metrics]!.value, key).toBeCloseTo(value, 12)
    for (const rate of ['precision', 'recall', 'f1', 'auc'] as const)
      for (const [place, value] of reference.perClass[rate].entries()) {
        const own = judged.classes[place]![rate].value
        if (value === null) expect(own, `${rate} of ${place}`).toBeNull()
        else expect(own, `${rate} of ${place}`).toBeCloseTo(value, 12)
      }
    expect(judged.confusion).toEqual(reference.confusion)
    if (reference.weights)
      for (const [row, counts] of reference.weightedConfusion.entries())
        for (const [column, sum] of counts.entries()) expect(judged.weightedConfusion![row]![column]).toBeCloseTo(sum, 10)
    else expect(judged.weightedConfusion).toBeUndefined()
  })

  it('has the gaps between groups of fairlearn', () => {
    const names = [...new Set(reference.groups)].sort().map(String)
    const codes = Int32Array.from(reference.groups)
    const rules = { minimumGroupSize: 1, minimumClassSize: 0, bootstrapSamples: 9 }
    const found = deriveClassFairness('g', { codes, names }, { ...outcomes, classes }, scores, rules)
    const { fairness } = reference
    expect(Object.keys(found)).not.toContain('bootstrapSamples')
    expect(found.accuracyDifference).toBeCloseTo(fairness.accuracy, 12)
    for (const group of found.groups) expect(group.accuracy).toBeCloseTo(fairness.accuracyByGroup[Number(group.group)]!, 12)
    for (const [place, gap] of fairness.selection.entries()) expect(found.classes[place]!.selection).toBeCloseTo(gap, 12)
    const occurring = found.classes.filter((_, place) => reference.labels.includes(place))
    for (const [place, gap] of fairness.truePositive.entries()) expect(occurring[place]!.truePositive).toBeCloseTo(gap, 12)
    for (const [place, gap] of fairness.odds.entries())
      expect(Math.max(occurring[place]!.truePositive!, occurring[place]!.falsePositive!)).toBeCloseTo(gap, 12)
    expect(found.demographicParityDifference).toBeCloseTo(Math.max(...fairness.selection), 12)
    expect(found.equalOpportunityDifference).toBeCloseTo(Math.max(...fairness.truePositive), 12)
    expect(found.equalisedOddsDifference).toBeCloseTo(Math.max(...fairness.odds), 12)
  })
})

it('bounds the gaps between groups more widely where rows only repeat others of their cluster', () => {
  const { outcomes, scores, classes } = inputs(cases[0]!)
  const [count, times] = [outcomes.labels.length, 4]
  const of = Array.from({ length: count * times }, (_, row) => row % count)
  const repeated = { labels: Uint16Array.from(of, (row) => outcomes.labels[row]!), weights: null, classes }
  const probabilities = Float64Array.from(of.flatMap((row) => [...scores.subarray(row * classes.length, (row + 1) * classes.length)]))
  const groups = { codes: Int32Array.from(of, (row) => cases[0]!.groups[row]!), names: [...new Set(cases[0]!.groups)].sort().map(String) }
  const rules = { minimumGroupSize: 1, minimumClassSize: 0, bootstrapSamples: 9 }
  const apart = deriveClassFairness('g', groups, repeated, probabilities, rules)
  const together = deriveClassFairness('g', groups, repeated, probabilities, rules, Uint32Array.from(of))
  for (const key of ['accuracy', 'selection', 'truePositive', 'falsePositive'] as const) {
    const [one, other] = [apart.comparisons[key], together.comparisons[key]]
    expect(other.upper! - other.lower!, key).toBeGreaterThan(1.2 * (one.upper! - one.lower!))
  }
  for (const [place, { accuracy, accuracyLower, accuracyUpper }] of together.groups.entries()) {
    expect(accuracy).toBeCloseTo(apart.groups[place]!.accuracy, 12)
    expect(accuracyUpper - accuracyLower).toBeGreaterThan(apart.groups[place]!.accuracyUpper - apart.groups[place]!.accuracyLower)
  }
  expect(together.accuracyDifference).toBeCloseTo(apart.accuracyDifference!, 12)
})

it('gives every figure that has a value an interval that holds it, and runs their metrics by name', async () => {
  const { outcomes, scores, classes } = inputs(cases[1]!)
  const judged = await judgeClasses(outcomes, scores, { classes, bootstrapSamples: 200, seed: 1 })
  for (const [key, { value, interval }] of Object.entries(judged.metrics)) {
    if (key === 'calibration_classwise') continue
    expect(interval, key).not.toBeNull()
    expect(interval!.lower, key).toBeLessThanOrEqual(value!)
    expect(interval!.upper, key).toBeGreaterThanOrEqual(value!)
  }
  const latency = { calls: 1, p50: 1, p99: 2, mean: 1, batchRows: 1, rowsPerSecond: 3, peakMemory: 4 }
  const flat = metricsOf({ ...judged, latency, trainingSeconds: null, fairness: null })
  expect(Object.keys(flat).slice(0, 4)).toEqual(['log_loss', 'log_loss_upper', 'accuracy', 'accuracy_lower'])
  expect(flat.accuracy_lower).toBe(judged.metrics.accuracy.interval!.lower)
})

it('a class that is ranked without a mistake makes the mean of the AUCs of clusters no surer than its few mistakes', async () => {
  const labels = Uint16Array.from({ length: 240 }, (_, row) => row % 3)
  const stated = [
    [0.9, 0.05, 0.05],
    [0, 0.8, 0.2],
    [0, 0.2, 0.8]
  ]
  const scores = Float64Array.from([...labels].flatMap((label, row) => stated[row === 1 ? 2 : label]!))
  const clusters = { by: 'group' as const, column: 'house', codes: Uint32Array.from(labels, (_, row) => Math.floor(row / 10)) }
  const { metrics, classes: found } = await judgeClasses({ labels, weights: null }, scores, {
    classes: ['a', 'b', 'c'],
    bootstrapSamples: 0,
    seed: 1,
    clusters
  })
  expect(found[0]!.auc.value).toBe(1)
  const { value, interval } = metrics.auc_ovr
  expect(interval!.method).toBe('mean of the intervals of the classes')
  expect(interval!.upper - value!).toBeGreaterThan(0)
  expect(value! - interval!.lower).toBeGreaterThan(0.01)
})
