import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { RegressionObjective } from '../../../model/tasks/regression'
import { studentQuantile } from '../../numerics'
import { unitsOf } from '../resampling'
import { deriveFairness } from './fairness'
import { judgeAmounts } from './judge'

interface Case {
  objective: RegressionObjective
  quantile: number | null
  labels: number[]
  scores: number[]
  weights: number[] | null
  groups: number[]
  metrics: Record<string, number>
  line: { slope: number; intercept: number; slopeError: number; interceptError: number }
  gaps: { mae: number; rmse: number; distance: number | null }
}

const { cases } = JSON.parse(readFileSync(new URL('fixtures/figures.json', import.meta.url), 'utf8')) as { cases: Case[] }

describe.each(cases)('$objective, weights: $weights.length', (each) => {
  const aim = { objective: each.objective, ...(each.quantile !== null && { quantile: each.quantile }) }
  const labels = Float64Array.from(each.labels)
  const scores = Float64Array.from(each.scores)
  const weights = each.weights && Float64Array.from(each.weights)

  it('has the metrics of scikit-learn and the line of statsmodels', async () => {
    const { metrics, reliability } = await judgeAmounts(aim, { labels, weights }, scores, { bootstrapSamples: 0, seed: 1 })
    const found = Object.fromEntries(Object.entries(metrics).map(([key, estimate]) => [key, estimate?.value]))
    expect(Object.keys(found).sort()).toEqual(Object.keys(each.metrics).sort())
    for (const [key, value] of Object.entries(each.metrics)) expect(found[key]! / value, key).toBeCloseTo(1, 11)
    if (!reliability.slope || !reliability.intercept) {
      expect(['absolute', 'quantile']).toContain(each.objective)
      return
    }
    expect(reliability.slope.value).toBeCloseTo(each.line.slope, 10)
    expect(reliability.intercept.value).toBeCloseTo(each.line.intercept, 10)
    const reach = studentQuantile(0.975, labels.length - 2)
    expect((reliability.slope.interval!.upper - reliability.slope.value!) / reach).toBeCloseTo(each.line.slopeError, 8)
    expect((reliability.intercept.interval!.upper - reliability.intercept.value!) / reach).toBeCloseTo(each.line.interceptError, 8)
  })

  it('has the gaps between groups of fairlearn and the distance of scipy', () => {
    const grouping = { codes: Int32Array.from(each.groups), names: ['a', 'b', 'c'] }
    const judged = { aim, labels, scores, weights, units: unitsOf(labels.length, null) }
    const fairness = deriveFairness('region', grouping, judged, 30)
    expect(fairness.groups.every(({ compared }) => compared)).toBe(true)
    expect(fairness.maeDifference).toBeCloseTo(each.gaps.mae, 10)
    expect(fairness.rmseDifference).toBeCloseTo(each.gaps.rmse, 10)
    if (each.gaps.distance !== null) expect(fairness.statisticalParityDistance).toBeCloseTo(each.gaps.distance, 10)
  })
})
