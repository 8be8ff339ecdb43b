import { describe, expect, it } from 'vitest'
import { wilsonInterval } from '../../numerics'
import { effectiveShare, rareMeanInterval, unitsOf } from '.'

const range = { least: 0, most: 1 }
/** Values of which those at these places are 1 and all others 0. */
const dearAt = (rows: number, places: readonly number[]): Float64Array => {
  const values = new Float64Array(rows)
  for (const place of places) values[place] = 1
  return values
}
const first = (count: number, apart = 1): number[] => Array.from({ length: count }, (_, at) => at * apart)

describe('the interval of a mean of which few rows differ', () => {
  const clusters = unitsOf(
    1000,
    Uint32Array.from({ length: 1000 }, (_, row) => Math.floor(row / 50))
  )
  const ofClusters = (places: readonly number[]) => rareMeanInterval(dearAt(1000, places), range, { weights: null, units: clusters })!

  it('of clusters is as wide with one dear row as the clusters alone leave it', () => {
    // scipy: n = 20 * (norm.ppf(.975) / t.ppf(.975, 19)) ** 2 = 17.538; Wilson's upper end of 0 of n is z * z / (n + z * z).
    expect(ofClusters([])).toEqual({ lower: 0, upper: expect.closeTo(0.1796807, 6) as number })
    // statsmodels: proportion_confint(n / 1000, n, method='wilson'), the same n; by the spread of the one row it was 876 rows and 0.006.
    const one = ofClusters([0])
    expect(one.lower).toBeCloseTo(0.0000045242, 9)
    expect(one.upper).toBeCloseTo(0.1813168, 6)
  })

  it.each([
    ['in one cluster', 1],
    ['in clusters of their own', 50]
  ])('of clusters never gets surer of little by a dear row more, %s', (_, apart) => {
    let before = ofClusters([])
    for (let dear = 1; dear < 20; dear++) {
      const found = ofClusters(first(dear, apart))
      expect(found.upper).toBeGreaterThan(before.upper)
      expect(found.lower).toBeLessThanOrEqual(dear / 1000)
      before = found
    }
  })

  it('of weights is not made surer by one dear row of little weight', () => {
    const weights = Float64Array.from({ length: 1000 }, (_, row) => (row % 2 ? 1.9 : 0.1))
    const [none, light, heavy] = [[], [0], [1]].map((places) =>
      rareMeanInterval(dearAt(1000, places), range, { weights, units: unitsOf(1000, null) })!
    )
    // Kish: 1000 / 1.81 rows
    expect(none!.upper).toBeCloseTo(wilsonInterval(0, 1000 / 1.81).upper, 12)
    expect(light!.upper).toBeGreaterThan(none!.upper)
    expect(heavy!.upper).toBeGreaterThan(light!.upper)
  })

  it('is that of the rows that count, whatever rows of weight 0 hold', () => {
    const weights = Float64Array.from({ length: 55 }, (_, row) => (row < 25 ? 1 : 0))
    const values = Float64Array.from(weights, (weight) => 1 - weight)
    expect(rareMeanInterval(values, range, { weights, units: unitsOf(55, null) })).toEqual(
      rareMeanInterval(new Float64Array(25), range, { weights: null, units: unitsOf(25, null) })
    )
    // Nothing that counts says nothing.
    expect(rareMeanInterval(values, range, { weights: new Float64Array(55), units: unitsOf(55, null) })).toEqual({ lower: 0, upper: 1 })
  })

  it('goes by the spread of few clusters where enough rows differ, and is left to others where enough clusters do', () => {
    expect(rareMeanInterval(dearAt(1000, first(40, 25)), range, { weights: null, units: clusters })).toBeNull()
    const few = unitsOf(
      1000,
      Uint32Array.from({ length: 1000 }, (_, row) => Math.floor(row / 200))
    )
    const dear = dearAt(1000, first(90, 3))
    const { part, whole } = effectiveShare(dear, new Float64Array(1000).fill(1), few)
    const found = rareMeanInterval(dear, range, { weights: null, units: few })!
    const ends = wilsonInterval(part, whole)
    expect([found.lower, found.upper]).toEqual([expect.closeTo(ends.lower, 12), expect.closeTo(ends.upper, 12)])
  })
})
