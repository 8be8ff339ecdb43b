import { expect, it } from 'vitest'
import { rounds } from '../../../testing/deep'
import { Random } from '../../numerics'
import { unitsOf } from '../resampling'
import { judgeScores } from './judge'
import { deriveRanking } from './ranking'
import { weightedAucInterval } from './weighted-intervals'

const [houses, rowsEach] = [30, 40]
const rows = houses * rowsEach
const clusters = Uint32Array.from({ length: rows }, (_, row) => Math.floor(row / rowsEach))
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform())
/** Of normal scores of unit variance whose means are one apart: the normal distribution at the root of one half. */
const right = 0.7602499

it.each([1, 2, 5])('the interval of an AUC holds it where all events are in %i of 30 clusters', (withEvents) => {
  const times = rounds(150, 2000)
  const labels = Uint8Array.from(clusters, (house) => (house < withEvents ? 1 : 0))
  let held = 0
  for (let round = 0; round < times; round++) {
    const random = new Random(round, 79)
    const shared = Float64Array.from({ length: houses }, () => 0.8 * normal(random))
    const scores = Float64Array.from(clusters, (house, row) => labels[row]! + shared[house]! + 0.6 * normal(random))
    const found = weightedAucInterval(labels, deriveRanking(scores), { weights: null, units: unitsOf(rows, clusters, Infinity) })!
    if (found.lower <= right && right <= found.upper) held++
  }
  expect(held / times).toBeGreaterThan(0.9)
})

it('an average precision has no interval where all events are in one cluster, and a wider one the fewer have some', async () => {
  const random = new Random(5)
  const widthOf = async (withEvents: number): Promise<number | null> => {
    const labels = Uint8Array.from(clusters, (house, row) => (house < withEvents && row % 4 === 0 ? 1 : 0))
    const scores = Float64Array.from(labels, (label) => Math.min(1, 0.5 * random.uniform() + 0.3 * label))
    const about = { by: 'group' as const, column: 'house', codes: clusters }
    const { metrics } = await judgeScores(labels, scores, { threshold: 0.5, bootstrapSamples: 200, seed: 1, clusters: about })
    const { interval } = metrics.average_precision
    return interval && interval.upper - interval.lower
  }
  expect(await widthOf(1)).toBeNull()
  expect((await widthOf(2))!).toBeGreaterThan(2 * (await widthOf(20))!)
})
