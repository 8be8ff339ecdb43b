import { expect, it } from 'vitest'
import { formatMetric, metricFormat, metricText, placedMetric, unitOf } from '../../evidence'
import { describeGaps } from './metrics-tab'

const points = (...values: number[]) => values.map((value, step) => ({ name: 'loss', value, step, at: '' }))

it('says which points of a curve are not drawn, in words', () => {
  expect(describeGaps(points(1, 2, 3))).toBeNull()
  expect(describeGaps(points(1, NaN, Infinity))).toBe('Not drawn: not a number at step 1, infinity at step 2.')
  expect(describeGaps(points(NaN, NaN, NaN, -Infinity, 1, NaN))).toMatch(/not a number at step 2, and 2 more\.$/)
})

it('shows a figure that is not finite in words, without a unit and without a place in a plot', () => {
  for (const key of ['loss', 'train_seconds', 'peak_memory', 'auc']) {
    const format = metricFormat(key)
    expect([formatMetric(format, NaN), metricText(key, Infinity), unitOf(format, NaN)]).toEqual(['not a number', 'infinity', undefined])
    expect(placedMetric(format, { value: -Infinity, low: null, high: null })).toEqual({ value: null, words: 'minus infinity' })
  }
  expect(unitOf(metricFormat('train_seconds'), 2)).toBe('s')
})
