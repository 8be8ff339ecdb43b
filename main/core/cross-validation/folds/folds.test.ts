import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FoldDesign } from '../../../model/cross-validation'
import { sweep } from '../../../testing/deep'
import type { Column } from '../../frames'
import reference from '../fixtures/reference.json'
import { planFolds, readSpan, type Divided, type Fold } from './index'

const numbers = (values: readonly number[], kind: 'number' | 'timestamp' = 'number'): Column => ({
  kind,
  values: Float64Array.from(values),
  outOfRange: 0
})

interface Asked extends Partial<FoldDesign> {
  rows: number
  labels?: readonly number[]
  names?: readonly string[] | null
  values?: Column | null
  seed?: number
}

const plan = ({
  rows,
  labels = Array.from({ length: rows }, () => 0),
  names = null,
  values = null,
  seed = 1,
  ...design
}: Asked): Fold[] => {
  const divided: Divided = {
    ...{ rows, target: 'y', kinds: { codes: labels, names }, column: values, seed },
    design: { by: 'random', column: values ? 'when' : null, folds: 5, repeats: 1, ...design }
  }
  return planFolds(divided)
}

const sides = ({ training, test }: Fold) => [...training, ...test].sort((a, b) => a - b)

describe('folds by chance', () => {
  it('have the sizes of KFold, share no row and leave none out', () => {
    for (const { rows, folds, sizes } of reference.kFoldSizes) expect(plan({ rows, folds }).map(({ test }) => test.length)).toEqual(sizes)
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 2, max: 8 }),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(1e9),
        (rows, k, repeats, seed) => {
          const folds = Math.min(k, rows)
          const made = plan({ rows, folds, repeats, seed })
          const all = Array.from({ length: rows }, (_, row) => row)
          expect(made.map(({ repeat, fold }) => repeat * folds + fold)).toEqual([...made.keys()])
          for (const fold of made) expect(sides(fold)).toEqual(all)
          for (let repeat = 0; repeat < repeats; repeat++)
            expect(
              made
                .filter((fold) => fold.repeat === repeat)
                .flatMap(({ test }) => [...test])
                .sort((a, b) => a - b)
            ).toEqual(all)
          expect(plan({ rows, folds, repeats, seed })).toEqual(made)
        }
      ),
      sweep(60, 2000)
    )
  })

  it('differ from repeat to repeat and from seed to seed', () => {
    const [first, second] = [0, 1].map((repeat) => plan({ rows: 100, repeats: 2 }).filter((fold) => fold.repeat === repeat)[0]!.test)
    expect(first).not.toEqual(second)
    expect(plan({ rows: 100, seed: 2 })[0]!.test).not.toEqual(first)
  })

  it('hold as many rows of each class as StratifiedKFold', () => {
    for (const { labels, folds, counts } of reference.strata) {
      const names = counts[0]!.map((_, kind) => `"${kind}"`)
      const made = plan({ rows: labels.length, labels, names, by: 'stratified', folds })
      const found = made.map(({ test }) => names.map((_, kind) => [...test].filter((row) => labels[row] === kind).length))
      const sorted = (all: number[][]) => all.map((each) => each.join()).sort()
      expect(sorted(found).length).toBe(folds)
      for (const [kind] of names.entries())
        expect(found.map((each) => each[kind]!).sort()).toEqual(counts.map((each) => each[kind]!).sort())
      expect(made.map(({ test }) => test.length).sort()).toEqual(counts.map((each) => each.reduce((a, b) => a + b)).sort())
    }
  })

  it('are refused where a class has fewer rows than there are folds', () => {
    const labels = [...Array.from({ length: 20 }, () => 0), 1, 1, 1]
    expect(() => plan({ rows: 23, labels, names: ['"no"', '"yes"'], by: 'stratified' })).toThrow(
      'Only 3 rows have "yes" in the target "y", fewer than the 5 folds, so that some folds would lack it. Ask for at most 3 folds'
    )
    expect(() => plan({ rows: 4 })).toThrow('The target "y" has a value in 4 rows only, fewer than the 5 folds. Ask for at most 4 folds')
  })
})

describe('folds of groups', () => {
  it('are those of GroupKFold', () => {
    const values = numbers(Array.from({ length: 442 }, (_, row) => Math.min(20, Math.floor(Math.sqrt(row)))))
    const made = plan({ rows: 442, by: 'group', folds: reference.groups.folds, values })
    expect(made.map(({ test }) => [...test])).toEqual(reference.groups.test)
  })

  it('never divide a group, share no row and leave none out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constant(NaN)), { minLength: 2, maxLength: 80 }),
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        (groups, k, repeats) => {
          const different = new Set(groups).size
          fc.pre(different >= 2)
          const folds = Math.min(k, different)
          const made = plan({ rows: groups.length, by: 'group', folds, repeats, values: numbers(groups) })
          for (const fold of made) {
            expect(sides(fold)).toEqual([...groups.keys()])
            const of = (rows: Uint32Array) => new Set([...rows].map((row) => groups[row]))
            expect([...of(fold.test)].filter((group) => of(fold.training).has(group))).toEqual([])
            expect(fold.groups).toEqual({ training: of(fold.training).size, test: of(fold.test).size })
            expect(fold.test.length).toBeGreaterThan(0)
          }
        }
      ),
      sweep(80, 2000)
    )
  })

  it('are refused where there are fewer groups than folds', () => {
    expect(() => plan({ rows: 30, by: 'group', values: numbers(Array.from({ length: 30 }, (_, row) => row % 3)) })).toThrow(
      'The column "when" has 3 groups, fewer than the 5 folds. Ask for at most 3 folds, or bring rows of more groups.'
    )
  })
})

describe('windows in time', () => {
  it('are those of TimeSeriesSplit, with gap and limited training, whatever the order of the rows', () => {
    for (const { rows, folds, gap, history, windows } of reference.series) {
      const times = Array.from({ length: rows }, (_, row) => (row * 7) % rows)
      const isPermutation = new Set(times).size === rows
      expect(isPermutation).toBe(true)
      const made = plan({ rows, by: 'time', folds, gap, history, values: numbers(times) })
      const ends = (side: Uint32Array) => {
        const own = [...side].map((row) => times[row]!).sort((a, b) => a - b)
        expect(own.at(-1)! - own[0]! + 1).toBe(own.length)
        return [own[0], own.at(-1)]
      }
      expect(made.map(({ training, test }) => [...ends(training), ...ends(test)])).toEqual(windows)
    }
  })

  it('learn from no row that is later than a judged one, of the same time, or within the gap before it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 6, maxLength: 80 }),
        fc.integer({ min: 2, max: 4 }),
        fc.integer({ min: 0, max: 10 }),
        fc.option(fc.integer({ min: 1, max: 30 })),
        (times, folds, gap, history) => {
          let made: Fold[]
          try {
            made = plan({ rows: times.length, by: 'time', folds, gap, history, values: numbers(times) })
          } catch (error) {
            expect((error as Error).message).toContain('"when"')
            return
          }
          const judged = made.flatMap(({ test }) => [...test])
          expect(new Set(judged).size).toBe(judged.length)
          for (const { training, test, window } of made) {
            const first = Math.min(...[...test].map((row) => times[row]!))
            for (const row of training) {
              expect(times[row]!).toBeLessThan(first - gap)
              if (history !== null) expect(times[row]!).toBeGreaterThanOrEqual(first - gap - history)
            }
            expect(window).toMatchObject({ testFrom: first, trainingUntil: Math.max(...[...training].map((row) => times[row]!)) })
          }
        }
      ),
      sweep(150, 4000)
    )
  })

  it('are refused with the column, the cause and a next step', () => {
    const day = 86_400
    const days = numbers(
      Array.from({ length: 60 }, (_, row) => row * day),
      'timestamp'
    )
    const refused = (more: Partial<Asked>) => () => plan({ rows: 60, by: 'time', values: days, ...more })
    expect(refused({ gap: 400 * day })).toThrow('The gap of 400 days is no shorter than the time that "when" spans, 59 days.')
    expect(refused({ gap: 15 * day })).toThrow(
      'Window 1 of 5 in "when" has no rows to learn from: all earlier rows are within the gap of 15 days.'
    )
    expect(refused({ values: numbers(Array.from({ length: 60 }, (_, row) => (row < 45 ? 1 : row))) })).toThrow(
      /Window \d of 5 in "when" has no rows to (judge|learn from)/
    )
    expect(refused({ rows: 60, values: numbers([NaN, ...Array.from({ length: 59 }, (_, row) => row)]) })).toThrow(
      '1 of 60 rows have no value'
    )
    expect(refused({ values: { kind: 'category', codes: new Int32Array(60), categories: ['a'] } })).toThrow(
      'is text, which has no order in time'
    )
    expect(() => plan({ rows: 4, by: 'time', values: numbers([1, 2, 3, 4]) })).toThrow('Ask for fewer windows, or bring more rows')
  })
})

it('a length of time is read in the unit of its column', () => {
  expect(readSpan('7 days', 'gap', 'day', 'timestamp')).toBe(604_800)
  expect(readSpan('1.5 hours', 'gap', 'day', 'timestamp')).toBe(5400)
  expect(readSpan('0', 'gap', 'day', 'timestamp')).toBe(0)
  expect(readSpan('12', 'history', 'week', 'number')).toBe(12)
  expect(() => readSpan('12', 'gap', 'day', 'timestamp')).toThrow(
    'has no unit, and "day" holds points in time. Write one, such as "12 days".'
  )
  expect(() => readSpan('12 days', 'gap', 'week', 'number')).toThrow('has the unit days, and "week" holds plain numbers')
  expect(() => readSpan('soon', 'gap', 'day', 'timestamp')).toThrow('is no length of time')
})
