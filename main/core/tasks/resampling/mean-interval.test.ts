import { describe, expect, it } from 'vitest'
import { Random } from '../../numerics'
import { meanWithInterval, unitsOf } from '.'

const random = new Random(21)
const rows = 60
const values = Float64Array.from({ length: rows }, () => random.uniform() ** 2)
const weights = Float64Array.from({ length: rows }, () => Math.max(0, random.uniform() - 0.8))
const clusters = Uint32Array.from({ length: rows }, (_, row) => row % 20)
const counting = Uint32Array.from(weights.keys()).filter((row) => weights[row]! > 0)
const pick = (of: Float64Array): Float64Array => Float64Array.from(counting, (row) => of[row]!)

describe('the interval of a mean', () => {
  it('is that of the rows that count, whatever rows of weight 0 hold', () => {
    const other = values.map((value, row) => (weights[row]! > 0 ? value : 1e6))
    const all = meanWithInterval(other, weights, unitsOf(rows, null))
    expect(all).toEqual(meanWithInterval(pick(values), pick(weights), unitsOf(counting.length, null)))
    expect(all.freedom).toBe(counting.length - 1)
  })

  it('rests on the clusters that count', () => {
    const own = Uint32Array.from(counting, (row) => clusters[row]!)
    const found = meanWithInterval(values, weights, unitsOf(rows, clusters))
    expect(found).toEqual(meanWithInterval(pick(values), pick(weights), unitsOf(counting.length, own)))
    expect(found.freedom).toBe(new Set(own).size - 1)
  })

  it('is as wide as scipy has it, and none of a single row that counts', () => {
    // scipy 1.17: t.interval(0.95, 3, loc=mean, scale=sem) of 1, 2, 4, 9
    const { lower, upper } = meanWithInterval(Float64Array.of(1, 2, 4, 9, 7, 7), Float64Array.of(1, 1, 1, 1, 0, 0), unitsOf(6, null))
    expect([lower, upper]).toEqual([expect.closeTo(-1.6632047, 5), expect.closeTo(9.6632047, 5)])
    expect(
      meanWithInterval(
        values,
        Float64Array.from({ length: rows }, (_, row) => (row === 3 ? 1 : 0)),
        unitsOf(rows, null)
      )
    ).toMatchObject({
      value: values[3],
      lower: null,
      upper: null,
      freedom: 0
    })
  })
})
