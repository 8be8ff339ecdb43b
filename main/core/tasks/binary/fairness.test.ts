import { describe, expect, it } from 'vitest'
import { fairnessSchema } from '../../../model/tasks/binary/evaluation'
import { deriveGroups } from '../../frames'
import { deriveFairness } from './fairness'

/** Rows of one group: counts of selected positives, missed positives, selected negatives, rejected negatives. */
type Counts = [truePositive: number, falseNegative: number, falsePositive: number, trueNegative: number]

function rowsOf(groups: Record<string, Counts>): {
  column: { kind: 'category'; codes: Int32Array; categories: string[] }
  labels: Uint8Array
  scores: Float64Array
} {
  const codes: number[] = []
  const labels: number[] = []
  const scores: number[] = []
  Object.values(groups).forEach((counts, code) =>
    counts.forEach((count, kind) => {
      for (let i = 0; i < count; i++) {
        codes.push(code)
        labels.push(kind < 2 ? 1 : 0)
        scores.push(kind === 0 || kind === 2 ? 0.75 : 0.25)
      }
    })
  )
  const column = { kind: 'category' as const, codes: Int32Array.from(codes), categories: Object.keys(groups) }
  return { column, labels: Uint8Array.from(labels), scores: Float64Array.from(scores) }
}

const rules = { minimumGroupSize: 30, minimumClassSize: 10, threshold: 0.5 }

describe('group fairness', () => {
  it('counts a row as selected from the threshold on, and not a hair below it', () => {
    const { column, labels } = rowsOf({ a: [1, 0, 0, 1], b: [1, 0, 0, 1] })
    const below = 0.4 - Number.EPSILON
    const { groups } = deriveFairness('name', deriveGroups(column), labels, Float64Array.of(0.4, below, 0.4, 0.4), {
      ...rules,
      threshold: 0.4
    })
    expect(groups.map(({ group, selectionRate }) => [group, selectionRate])).toEqual([
      ['a', 0.5],
      ['b', 1]
    ])
  })

  it('equals the figures worked out by hand', () => {
    const { column, labels, scores } = rowsOf({ a: [30, 10, 10, 50], b: [12, 8, 6, 24], tiny: [1, 0, 0, 1] })
    const fairness = fairnessSchema.parse(deriveFairness('group', deriveGroups(column), labels, scores, rules))
    const [a, b, tiny] = fairness.groups
    expect(a).toMatchObject({
      group: 'a',
      count: 100,
      positives: 40,
      selected: 40,
      selectionRate: 0.4,
      truePositiveRate: 0.75,
      precision: 0.75,
      accuracy: 0.8
    })
    expect(a!.falsePositiveRate).toBeCloseTo(10 / 60, 12)
    expect(a!.auc).toBeCloseTo((30 * 50 + 0.5 * (30 * 10 + 10 * 50)) / (40 * 60), 12)
    expect(a!.meanProbability).toBeCloseTo(0.45, 12)
    expect(a!.calibrationGap).toBeCloseTo(0.05, 12)
    expect(b).toMatchObject({ group: 'b', count: 50, selectionRate: 0.36, truePositiveRate: 0.6, falsePositiveRate: 0.2 })
    expect(b!.selectionRatio).toBeCloseTo(0.9, 12)
    expect(tiny).toMatchObject({
      compared: false,
      selectionRatio: null,
      excludedBecause: 'only 2 of the needed 30 rows',
      selectionRate: 0.5
    })
    expect(fairness.disparateImpact).toBeCloseTo(0.9, 12)
    expect(fairness.demographicParityDifference).toBeCloseTo(0.04, 12)
    expect(fairness.equalOpportunityDifference).toBeCloseTo(0.15, 12)
    expect(fairness.falsePositiveRateDifference).toBeCloseTo(0.2 - 1 / 6, 12)
    expect(fairness.equalisedOddsDifference).toBeCloseTo(0.15, 12)
  })

  it('says why a comparison has no value', () => {
    const alone = rowsOf({ a: [20, 20, 20, 20], b: [1, 1, 1, 1] })
    const one = deriveFairness('group', deriveGroups(alone.column), alone.labels, alone.scores, rules)
    expect(one).toMatchObject({ disparateImpact: null, demographicParityDifference: null, equalOpportunityDifference: null })
    expect(one.notes.join()).toMatch(/Fewer than two groups/)
    const nobody = rowsOf({ a: [0, 20, 0, 20], b: [0, 2, 0, 40] })
    const none = deriveFairness('group', deriveGroups(nobody.column), nobody.labels, nobody.scores, rules)
    expect(none).toMatchObject({
      disparateImpact: null,
      demographicParityDifference: 0,
      equalOpportunityDifference: null,
      falsePositiveRateDifference: 0
    })
    expect(none.notes.join()).toMatch(/No row of the compared groups is selected/)
    expect(none.notes.join()).toMatch(/1 compared group has fewer than 10 positive rows and is left out/)
    const third = rowsOf({ a: [0, 20, 0, 20], b: [0, 2, 0, 40], c: [0, 2, 0, 40] })
    const left = deriveFairness('group', deriveGroups(third.column), third.labels, third.scores, rules)
    expect(left.notes.join()).toMatch(/2 compared groups have fewer than 10 positive rows and are left out/)
  })

  it('groups truth values, few numbers, many numbers and missing ones', () => {
    const names = (kind: 'number' | 'boolean' | 'timestamp', values: number[]) =>
      deriveGroups({ kind, values: Float64Array.from(values), outOfRange: 0 })
    expect(names('boolean', [1, 0, NaN]).names).toEqual(['true', 'false', '(missing)'])
    expect(names('number', [3, 5, 3]).names).toEqual(['3', '5'])
    const many = names('number', [NaN, ...Array.from({ length: 101 }, (_, i) => i)])
    expect(many.names).toEqual(['(missing)', 'up to 25', 'above 25 to 50', 'above 50 to 75', 'above 75'])
    const sizes = many.names.map((_, code) => many.codes.filter((own) => own === code).length)
    expect(sizes).toEqual([1, 26, 25, 25, 25])
    expect(deriveGroups({ kind: 'category', codes: Int32Array.of(0, -1), categories: ['x'] }).names).toEqual(['x', '(missing)'])
  })

  it('keeps a text apart from missing values, and names groups truly where one value prevails or no calendar reaches', () => {
    const texts = deriveGroups({ kind: 'category', codes: Int32Array.of(0, -1, 1), categories: ['(missing)', '((missing))'] })
    expect(texts.names).toEqual(['(missing)', '(((missing)))', '((missing))'])
    const mostly = Float64Array.from({ length: 100 }, (_, row) => Math.min(row, 20))
    const numbers = deriveGroups({ kind: 'number', values: mostly, outOfRange: 0 })
    expect(numbers.names).toEqual(['up to 19', 'above 19'])
    expect([...numbers.codes].filter((code) => code === 0)).toHaveLength(20)
    const times = deriveGroups({ kind: 'timestamp', values: Float64Array.of(0, 1e30), outOfRange: 0 })
    expect(times.names).toEqual(['1970-01-01T00:00:00.000Z', '1e+30 s'])
  })

  it('takes more groups than a call takes arguments', () => {
    const rows = 200_000
    const column = { kind: 'category' as const, codes: Int32Array.from({ length: rows }, (_, row) => row), categories: [] as string[] }
    column.categories = Array.from(column.codes, (code) => `g${code}`)
    const labels = Uint8Array.from(column.codes, (code) => code & 1)
    const fairness = deriveFairness('id', deriveGroups(column), labels, Float64Array.from(labels), {
      minimumGroupSize: 1,
      minimumClassSize: 1,
      threshold: 0.5
    })
    expect(fairness).toMatchObject({
      disparateImpact: 0,
      demographicParityDifference: 1,
      equalOpportunityDifference: 0,
      unlistedGroups: 199_800
    })
    // A group of one outcome has no rate for the other one.
    for (const { positives, truePositiveRate, falsePositiveRate, auc, precision } of fairness.groups) {
      expect([truePositiveRate, falsePositiveRate, precision]).toEqual(positives ? [1, null, 1] : [null, 0, null])
      expect(auc).toBeNull()
    }
  })
})
