import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isBeyondChance, MAX_ROWS_OF_KIND, type Meetings } from './shared-rows-chance'

/** Rows that are all different, of these kinds. */
function meet(training: readonly number[], judged: readonly number[]): Meetings {
  const sizes = new Map<number, number>()
  for (const kind of training) sizes.set(kind, (sizes.get(kind) ?? 0) + 1)
  const count = (numbers: number[]): number[] =>
    Array.from({ length: MAX_ROWS_OF_KIND }, (_, index) => numbers.filter((n) => n === index + 1).length)
  const met = [...new Set(judged)].map((kind) => sizes.get(kind) ?? 0)
  return { rows: training.length, kinds: count([...sizes.values()]), fresh: judged.length, met: count(met) }
}

/** From a handful of kinds to millions, even or with a few that are frequent. */
const draws = fc.record({
  seed: fc.integer(),
  magnitude: fc.double({ min: 0, max: 7, noNaN: true }),
  skew: fc.constantFrom(1, 2, 4, 8),
  training: fc.integer({ min: 30, max: 3000 }),
  judged: fc.integer({ min: 10, max: 3000 })
})
function drawn({ seed, magnitude, skew }: { seed: number; magnitude: number; skew: number }, count: number): number[] {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), 1 | state)
    word ^= word + Math.imul(word ^ (word >>> 7), 61 | word)
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32
  }
  return Array.from({ length: count }, () => Math.floor(next() ** skew * 10 ** magnitude))
}

describe('rows that meet as a model sees them', () => {
  it('meet by chance where both tables are drawn from one source, however coarse or fine', () => {
    fc.assert(
      fc.property(draws, (source) => {
        const rows = drawn(source, source.training + source.judged)
        expect(isBeyondChance(meet(rows.slice(0, source.training), rows.slice(source.training)))).toBe(false)
      }),
      { numRuns: 600, seed: 5 }
    )
  })

  it('do not where the judged rows are those of the training, which can be told apart, once, twice or three times', () => {
    let told = 0
    fc.assert(
      fc.property(draws, fc.integer({ min: 1, max: 3 }), (source, times) => {
        const rows = drawn({ ...source, magnitude: 6, skew: 1 }, source.training + 150)
        if (meet(rows, rows).kinds[0]! > 0.9 * rows.length) told++
        expect(isBeyondChance(meet(Array.from({ length: times }, () => rows).flat(), rows))).toBe(true)
      }),
      { numRuns: 60, seed: 6 }
    )
    expect(told).toBe(60)
  })

  it('meet by chance where nothing was learned or judged', () => {
    expect(isBeyondChance(meet([], []))).toBe(false)
    expect(isBeyondChance(meet([], [1, 2]))).toBe(false)
    expect(isBeyondChance(meet([1, 2], []))).toBe(false)
  })

  it('are no alarm where only rows of a frequent sort are judged', () => {
    const rows = Array.from({ length: 2000 }, (_, row) => (row % 2 ? row : 0))
    expect(isBeyondChance(meet(rows, new Array<number>(500).fill(0)))).toBe(false)
  })

  it('are told from a share of a tenth upwards in a fine table', () => {
    const rows = Array.from({ length: 1000 }, (_, row) => row)
    const judged = (known: number): number[] => rows.slice(0, 300).map((row) => (row < known ? row : -row))
    expect(isBeyondChance(meet(rows, judged(10)))).toBe(false)
    expect(isBeyondChance(meet(rows, judged(30)))).toBe(true)
  })
})
