import { expect, it } from 'vitest'
import { noSurerThan, Random, type Difference } from '../../numerics'
import { boundedDifference, type BoundedFigure } from './bounded-difference'

const random = new Random(17)
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform())
const figure = (value: number, below: number, above: number, clusters?: number): BoundedFigure => ({
  value,
  bounds: { lower: value - below, upper: value + above, ...(clusters !== undefined && { clusters }) },
  draws: Float64Array.from({ length: 200 }, () => value + ((below + above) / 4) * normal())
})
const isFarFrom = ({ interval }: Difference, level: number): boolean => {
  const { low, high } = interval(level)
  return low > 0 || high < 0
}
const mayBeNone = ({ lower }: { lower: number }): boolean => lower <= 0

// scipy.stats.t.ppf(1 - level / 2, freedom) / scipy.stats.t.ppf(0.975, freedom), and of norm
const wider = [
  { clusters: 5, level: 0.005, ratio: 2.0160919 },
  { clusters: 12, level: 0.005, ratio: 1.5886587 },
  { clusters: 12, level: 0.0005, ratio: 2.2096165 },
  { clusters: null, level: 0.005, ratio: 1.4321864 }
]

it.each(wider)('of $clusters clusters is $ratio times as wide at the level $level as at that of its ends', ({ clusters, level, ratio }) => {
  const difference = boundedDifference(figure(0.4, 0.1, 0.12), figure(0.3, 0.08, 0.1), { clusters, mayBeNone })
  const [usual, surer] = [difference.interval(0.05), difference.interval(level)]
  for (const end of ['low', 'high'] as const) expect((surer[end] - 0.1) / (usual[end] - 0.1), end).toBeCloseTo(ratio, 6)
  // The ends themselves are as the evaluations state them, however many clusters there are.
  const plain = boundedDifference(figure(0.4, 0.1, 0.12), figure(0.3, 0.08, 0.1), { clusters: null, mayBeNone: () => true })
  const open = boundedDifference(figure(0.4, 0.1, 0.12), figure(0.3, 0.08, 0.1), { clusters, mayBeNone: () => true })
  expect(open.interval(0.05).low).toBeCloseTo(plain.interval(0.05).low, 12)
})

it('goes by the group that lies in the fewest clusters', () => {
  const [one, other] = [figure(0.4, 0.1, 0.1), figure(0.2, 0.1, 0.1)]
  const few = { ...one, bounds: { ...one.bounds, clusters: 5 } }
  const [whole, own, least] = [
    boundedDifference(one, other, { clusters: 40, mayBeNone }),
    boundedDifference(few, other, { clusters: 40, mayBeNone }),
    boundedDifference(one, other, { clusters: 5, mayBeNone })
  ]
  expect(own.p).toBe(least.p)
  expect(own.p).toBeGreaterThan(whole.p)
  expect(own.interval(0.01)).toEqual(least.interval(0.01))
})

it('is told by its p exactly at the levels at which its interval leaves out zero, whatever the clusters and the counts of rows', () => {
  let [told, untold] = [0, 0]
  for (let trial = 0; trial < 4000; trial++) {
    const clusters = [null, 2, 3, 12, 40, 900][random.below(6)]!
    const side = (): number => 0.01 + 0.2 * random.uniform()
    const [one, other] = [figure(random.uniform(), side(), side()), figure(random.uniform(), side(), side())]
    const plain = boundedDifference(one, other, { clusters, mayBeNone })
    const found = random.below(3) === 0 ? noSurerThan(plain, 2 ** -random.below(12)) : plain
    const drawn = Math.exp(Math.log(1e-9) * random.uniform())
    // Far out the distributions of more than 400 clusters are known to fewer digits, for p and for the interval.
    const farthest = clusters === 900 ? 1e-4 : 1e-9
    for (const level of [drawn, 0.05, Math.min(0.999, found.p * 1.001), found.p * 0.999]) {
      if (!(level > farthest) || Math.abs(level / found.p - 1) < 1e-4) continue
      const isTold = found.p < level
      if (isTold) told++
      else untold++
      expect(isFarFrom(found, level), `${found.value} with p ${found.p} at ${level}, ${clusters} clusters`).toBe(isTold)
    }
  }
  expect(told).toBeGreaterThan(2000)
  expect(untold).toBeGreaterThan(2000)
})
