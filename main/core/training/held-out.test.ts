import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sweep } from '../../testing/deep'
import type { Column, Frame } from '../frames'
import { Random } from '../numerics'
import { holdBack, strataOf } from './held-out'

const frameOf = (name: string, column: Column, rows: number): Frame => ({ rows, columns: new Map([[name, column]]) })
const numbers = (values: readonly number[]): Column => ({ kind: 'number', values: Float64Array.from(values), outOfRange: 0 })
const outcomes = (rows: number, seed: number, share = 0.4): Uint8Array => {
  const random = new Random(seed)
  return Uint8Array.from({ length: rows }, () => (random.uniform() < share ? 1 : 0))
}
const drawn = fc.record({
  rows: fc.integer({ min: 40, max: 400 }),
  keys: fc.integer({ min: 6, max: 60 }),
  seed: fc.integer({ min: 0, max: 1e6 })
})

describe('rows held back to watch a fit', () => {
  it('are the latest ones of a split by time, with rows of equal time together', () => {
    fc.assert(
      fc.property(drawn, ({ rows, keys, seed }) => {
        const random = new Random(seed, 5)
        const times = Array.from({ length: rows }, () => random.below(keys))
        const frame = frameOf('at', numbers(times), rows)
        const { training, validation } = holdBack(frame, strataOf(outcomes(rows, seed), { name: 'logistic' }), 0.15, seed, {
          by: 'time',
          column: 'at'
        })
        expect(training.length + validation.length).toBe(rows)
        if (validation.length === 0) return
        const last = Math.max(...[...training].map((row) => times[row]!))
        const first = Math.min(...[...validation].map((row) => times[row]!))
        expect(first).toBeGreaterThan(last)
      }),
      sweep(40, 1000)
    )
  })

  it('are whole groups of a split by group, about as many rows as asked for, and others with another seed', () => {
    const chosen = new Set<string>()
    fc.assert(
      fc.property(drawn, ({ rows, keys, seed }) => {
        const random = new Random(seed, 5)
        const codes = Int32Array.from({ length: rows }, () => random.below(keys + 1) - 1)
        const column: Column = { kind: 'category', codes, categories: Array.from({ length: keys }, (_, key) => `g${key}`) }
        const { training, validation } = holdBack(
          frameOf('who', column, rows),
          strataOf(outcomes(rows, seed), { name: 'logistic' }),
          0.15,
          seed,
          {
            by: 'group',
            column: 'who'
          }
        )
        const held = new Set([...validation].map((row) => codes[row]))
        expect([...training].some((row) => held.has(codes[row]))).toBe(false)
        if (validation.length > 0) expect(validation.length).toBeLessThanOrEqual(rows / 2)
        chosen.add([...held].sort().join())
      }),
      sweep(40, 1000)
    )
    expect(chosen.size).toBeGreaterThan(10)
    const codes = Int32Array.from({ length: 400 }, (_, row) => row % 40)
    const column: Column = { kind: 'category', codes, categories: Array.from({ length: 40 }, (_, key) => `g${key}`) }
    const { validation } = holdBack(frameOf('who', column, 400), strataOf(outcomes(400, 1), { name: 'logistic' }), 0.15, 1, {
      by: 'group',
      column: 'who'
    })
    expect(validation).toHaveLength(60)
  })

  it('have both outcomes, as the others have, or there are none', () => {
    // Only the oldest rows are positive: no end of the rows has both outcomes.
    const labels = Uint8Array.from({ length: 100 }, (_, row) => (row < 20 ? 1 : 0))
    const at = numbers(Array.from({ length: 100 }, (_, row) => row))
    expect(
      holdBack(frameOf('at', at, 100), strataOf(labels, { name: 'logistic' }), 0.15, 1, { by: 'time', column: 'at' }).validation
    ).toHaveLength(0)
    // With the last positive among the newest half, more rows are held back than asked for.
    labels[60] = 1
    expect(
      holdBack(frameOf('at', at, 100), strataOf(labels, { name: 'logistic' }), 0.15, 1, { by: 'time', column: 'at' }).validation
    ).toHaveLength(40)
  })
})
