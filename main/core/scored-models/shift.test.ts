import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SignatureInput } from '../../model/training'
import type { Column } from '../frames'
import { binsOf, chanceIndex, countInto, judgeShift, ShiftMeter, stabilityIndex } from './shift'

interface Case {
  name: string
  training: (number | null)[]
  here: (number | null)[]
  edges: number[]
  before: number[]
  after: number[]
  psi: number
  bins: number
  chance: number
}
/** Written by fixtures/make-shift.py with numpy and scipy. */
const { cases, drawn } = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'shift.json'), 'utf8')) as {
  cases: Case[]
  drawn: { training: number; here: number; bins: number; percentile95: number }
}
const numbers = (values: (number | null)[]): Column => ({
  kind: 'number',
  values: Float64Array.from(values, (value) => value ?? NaN),
  outOfRange: 0
})
const texts = (...categories: (string | null)[]): Column => {
  const known = [...new Set(categories.filter((text) => text !== null))]
  return { kind: 'category', categories: known, codes: Int32Array.from(categories, (text) => (text === null ? -1 : known.indexOf(text))) }
}
const input = (kind: 'number' | 'category'): SignatureInput => ({
  ...{ name: 'x', input: 'x', kind, missingShare: 0 },
  tensor: kind === 'number' ? 'float' : 'string',
  missing: kind === 'number' ? 'NaN' : 'empty string'
})

describe('the distance from training', () => {
  it.each(cases)('has the bins and the index of numpy: $name', ({ training, here, edges, before, after, psi, bins, chance }) => {
    const made = binsOf(input('number'), numbers(training))
    expect(made.edges).toEqual(edges)
    expect(made.training).toEqual(before)
    const counts = countInto(made, numbers(here), new Float64Array(before.length))
    expect([...counts]).toEqual(after)
    expect(stabilityIndex(made.training, counts)).toBeCloseTo(psi, 12)
    expect(Math.abs(chanceIndex(bins, training.length, here.length) / chance - 1)).toBeLessThan(0.005)
  })

  it('says of an index what chance gives in one of twenty comparisons', () => {
    const chance = chanceIndex(drawn.bins, drawn.training, drawn.here)
    expect(Math.abs(chance / drawn.percentile95 - 1)).toBeLessThan(0.06)
  })

  it('counts few values, and texts, apart, and what training never had with the others', () => {
    const few = binsOf(input('number'), numbers([1, 0, 1, null]))
    expect([few.values, few.training]).toEqual([
      [0, 1],
      [1, 2, 0, 1]
    ])
    expect([...countInto(few, numbers([0, 5, 5]), new Float64Array(4))]).toEqual([1, 0, 2, 0])
    const words = binsOf(input('category'), texts('b', 'a', 'b', null))
    expect([words.texts, words.training]).toEqual([
      ['b', 'a'],
      [2, 1, 0, 1]
    ])
    expect([...countInto(words, texts('c', 'a', null), new Float64Array(4))]).toEqual([0, 1, 1, 1])
  })

  it('is called what the bounds say, and cannot be told where chance gives as much as a large shift', () => {
    expect(judgeShift(0.09, 0.02)).toBe('stable')
    expect(judgeShift(0.11, 0.02)).toBe('moderate')
    expect(judgeShift(0.11, 0.12)).toBe('stable')
    expect(judgeShift(0.26, 0.02)).toBe('large')
    expect(judgeShift(0.3, 0.6)).toBe('cannot-be-told')
    expect(judgeShift(0.9, 0.6)).toBe('large')
  })

  it('is found over batches as over the whole, the farthest column first', () => {
    const moved = cases.find(({ name }) => name === 'moved')!
    const same = cases.find(({ name }) => name === 'same')!
    const columns = [same, moved].map(({ name, training }) => ({ ...binsOf(input('number'), numbers(training)), column: name }))
    const meter = new ShiftMeter({ rows: 1200, columns })
    for (const [from, to] of [
      [0, 250],
      [250, 500]
    ])
      meter.add({
        rows: to! - from!,
        columns: new Map([same, moved].map(({ name, here }) => [name, numbers(here.slice(from, to))]))
      })
    const result = meter.result()
    if (!result.told) throw new Error(result.why)
    expect(result.columns.map(({ column, verdict }) => [column, verdict])).toEqual([
      ['moved', 'large'],
      ['same', 'stable']
    ])
    expect(result.columns[0]!.psi).toBeCloseTo(moved.psi, 12)
    for (const side of ['training', 'here'] as const)
      expect(result.columns[0]!.bins.reduce((sum, bin) => sum + bin[side], 0)).toBeCloseTo(1, 12)
  })
})
