import { describe, expect, it } from 'vitest'
import { differenceOf, isBeyondNoise } from './metric-difference'

const around = (value: number, reach: number) => ({ value, low: value - reach, high: value + reach })

describe('the difference of two metrics', () => {
  it('has the interval of independent estimates: widths add as squares', () => {
    const difference = differenceOf(around(0.85, 0.03), around(0.8, 0.04))
    expect(difference.value).toBeCloseTo(0.05, 12)
    expect(difference.low).toBeCloseTo(0, 12)
    expect(difference.high).toBeCloseTo(0.1, 12)
    expect(isBeyondNoise(differenceOf(around(0.8501, 0.03), around(0.8, 0.04)))).toBe(true)
    expect(isBeyondNoise(differenceOf(around(0.8499, 0.03), around(0.8, 0.04)))).toBe(false)
  })
  it('agrees with the published example of two proportions, 56/70 and 48/80 by Wilson intervals: 0.0524 to 0.3339', () => {
    const { low, high } = differenceOf({ value: 0.8, low: 0.6918, high: 0.8768 }, { value: 0.6, low: 0.4905, high: 0.7004 })
    expect(low).toBeCloseTo(0.0524, 3)
    expect(high).toBeCloseTo(0.3339, 3)
  })
  it('widens with the number of comparisons: by 2.638 over 1.960 for six', () => {
    const one = differenceOf(around(1, 1), around(0, 1))
    const six = differenceOf(around(1, 1), around(0, 1), 6)
    expect((six.high! - 1) / (one.high! - 1)).toBeCloseTo(2.638 / 1.96, 2)
  })
  it('is not beyond noise while its interval ends at zero', () => {
    for (const [low, high, isBeyond] of [
      [0, 1, false],
      [-1, 0, false],
      [Number.MIN_VALUE, 1, true],
      [-1, -Number.MIN_VALUE, true]
    ] as const)
      expect(isBeyondNoise({ value: 0.5, low, high }), `${low} to ${high}`).toBe(isBeyond)
  })
  it('has no interval where one of the two has none', () => {
    const difference = differenceOf(around(1, 0.1), { value: 3, low: null, high: null })
    expect(difference).toEqual({ value: -2, low: null, high: null })
    expect(isBeyondNoise(difference)).toBe(false)
  })
})
