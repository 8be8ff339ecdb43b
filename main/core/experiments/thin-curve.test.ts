import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { thinCurve } from './thin-curve'

describe('thinCurve', () => {
  it('keeps both ends and both extremes, stays in order and within the limit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 3000 }),
        fc.integer({ min: 4, max: 500 }),
        (values, limit) => {
          const points = values.map((value, step) => ({ step, value }))
          const { points: kept, exact } = thinCurve(points, limit)
          expect(exact).toBe(points.length <= limit)
          expect(kept.length).toBeLessThanOrEqual(limit)
          expect(kept[0]).toEqual(points[0])
          expect(kept.at(-1)).toEqual(points.at(-1))
          const valuesKept = kept.map((p) => p.value)
          expect(valuesKept).toContain(values.reduce((a, b) => Math.max(a, b)))
          expect(valuesKept).toContain(values.reduce((a, b) => Math.min(a, b)))
          expect(kept.map((p) => p.step)).toEqual([...kept.map((p) => p.step)].sort((a, b) => a - b))
        }
      )
    )
  })
})
