import { describe, expect, it } from 'vitest'
import { Random } from '../../numerics'
import { drawUnits, estimateRatio, opennessOf, prepareRatio, studentisedIntervals, sumsByUnit, timesOfRows, unitsOf } from '.'

const random = new Random(3)
const losses = Float64Array.from({ length: 60 }, () => random.uniform() ** 2)
const ones = new Float64Array(60).fill(1)
const options = { samples: 400, seed: 5, level: 0.95 }

describe('units of rows', () => {
  it('are the rows, or whole clusters whatever their numbers', () => {
    expect(unitsOf(4, null)).toEqual({ count: 4, of: null })
    const units = unitsOf(5, Uint32Array.of(70, 9, 70, 9, 4_000_000_000))
    expect(units).toEqual({ count: 3, of: Uint32Array.of(0, 1, 0, 1, 2) })
    expect([...sumsByUnit(Float64Array.of(1, 2, 3, 4, 5), units)]).toEqual([4, 6, 5])
    expect([...timesOfRows(Uint32Array.of(2, 0, 1), units, new Uint32Array(5))]).toEqual([2, 0, 2, 0, 1])
  })

  it('are drawn as often as there are, and put together beyond a bound', () => {
    const times = new Uint32Array(50)
    drawUnits(times, new Random(1))
    expect(times.reduce((sum, each) => sum + each)).toBe(50)
    expect(times.some((each) => each > 1)).toBe(true)
    expect(unitsOf(7, null, 3)).toEqual({ count: 3, of: Uint32Array.of(0, 1, 2, 0, 1, 2, 0), areRows: true })
    // They still stand for themselves: nothing is as open as with few clusters.
    expect([opennessOf(unitsOf(7, null, 3)), opennessOf(unitsOf(7, null))]).toEqual([1, 1])
    expect(opennessOf(unitsOf(7, Uint32Array.of(0, 1, 2, 0, 1, 2, 0)))).toBeGreaterThan(2)
    expect(unitsOf(4, Uint32Array.of(5, 6, 7, 8), 2)).toEqual({ count: 2, of: Uint32Array.of(0, 1, 0, 1) })
  })
})

describe('a ratio of sums', () => {
  it('has the standard error of a mean where the divisor counts rows', () => {
    const { value, error } = estimateRatio(prepareRatio({ numerator: losses, denominator: ones, scale: 'plain' }, unitsOf(60, null)), null)
    const mean = losses.reduce((sum, each) => sum + each) / 60
    const variance = losses.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 59
    expect(value).toBeCloseTo(mean, 14)
    expect(error).toBeCloseTo(Math.sqrt(variance / 60), 14)
    const logged = estimateRatio(prepareRatio({ numerator: losses, denominator: ones, scale: 'log' }, unitsOf(60, null)), null)
    expect(logged).toEqual({ value: Math.log(value), error: expect.closeTo(error / value, 14) as number })
  })
})

describe('the studentised bootstrap', () => {
  it('holds the estimate, is the same for a seed, and has about the width of theory', async () => {
    const figure = { numerator: losses, denominator: ones, scale: 'log' } as const
    const { mean } = await studentisedIntervals({ mean: figure }, unitsOf(60, null), { ...options, samples: 4000 })
    const { value, error } = estimateRatio(prepareRatio({ ...figure, scale: 'plain' }, unitsOf(60, null)), null)
    expect(mean!.lower).toBeLessThan(value)
    expect(mean!.upper).toBeGreaterThan(value)
    expect((mean!.upper - mean!.lower) / (2 * 1.96 * error)).toBeGreaterThan(0.9)
    expect((mean!.upper - mean!.lower) / (2 * 1.96 * error)).toBeLessThan(1.25)
    expect(await studentisedIntervals({ mean: figure }, unitsOf(60, null), { ...options, samples: 4000 })).toEqual({ mean })
  })

  it('gives for rows that repeat in clusters what it gives for each of them once', async () => {
    const repeated = Float64Array.from({ length: 240 }, (_, row) => losses[row % 60]!)
    const many = new Float64Array(240).fill(1)
    const clusters = Uint32Array.from({ length: 240 }, (_, row) => row % 60)
    const once = await studentisedIntervals({ mean: { numerator: losses, denominator: ones, scale: 'log' } }, unitsOf(60, null), options)
    const figure = { numerator: repeated, denominator: many, scale: 'log' } as const
    const whole = await studentisedIntervals({ mean: figure }, unitsOf(240, clusters), options)
    expect(whole.mean!.lower).toBeCloseTo(once.mean!.lower, 12)
    expect(whole.mean!.upper).toBeCloseTo(once.mean!.upper, 12)
    const apart = await studentisedIntervals({ mean: figure }, unitsOf(240, null), options)
    expect(apart.mean!.upper - apart.mean!.lower).toBeLessThan(0.7 * (whole.mean!.upper - whole.mean!.lower))
  })

  it('gives no interval where nothing varies, for a single unit, and from too few resamples', async () => {
    const same = { numerator: ones, denominator: ones, scale: 'log' } as const
    const varied = { numerator: losses, denominator: ones, scale: 'log' } as const
    expect(await studentisedIntervals({ same }, unitsOf(60, null), options)).toEqual({ same: null })
    expect(await studentisedIntervals({ varied }, unitsOf(60, new Uint32Array(60)), options)).toEqual({ varied: null })
    expect(await studentisedIntervals({ varied }, unitsOf(60, null), { ...options, samples: 39 })).toEqual({ varied: null })
    const signal = AbortSignal.abort()
    await expect(studentisedIntervals({ varied }, unitsOf(60, null), { ...options, signal })).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})
