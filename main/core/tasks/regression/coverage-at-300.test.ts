import { expect, it } from 'vitest'
import {
  asked,
  clustered,
  clustersOf,
  countCovered,
  isOfLargerPart,
  judgedRows,
  missedFigures,
  normal,
  outlying,
  partWeights,
  skewed,
  trialsOf
} from '../../../testing/coverage'
import { rounds } from '../../../testing/deep'
import type { Random } from '../../numerics'
import { judgeAmounts } from './judge'
import { compareScoredRuns } from './paired/compare-runs'
import type { ScoredRun } from './paired/scored-run'

const samples = rounds(400, 500)
/** The first model sees all but the error; the second one adds noise of its own. */
const noises = [0.3, 0.7] as const
/** Variance of what both can know. */
const known = 4

interface World {
  name: string
  /** Errors of all rows, of mean 0. */
  errors: (random: Random) => Float64Array
  /** Mean square of the errors, by weight. */
  square: number
  clusters?: Uint32Array
  weights?: Float64Array
}
const alone = (draw: (random: Random, row: number) => number) => (random: Random) =>
  Float64Array.from({ length: judgedRows }, (_, row) => draw(random, row))
const together = (count: number): World => ({
  name: `${count} clusters of ${judgedRows / count} rows`,
  errors: (random) => clustered(clustersOf(count), 0.5, random),
  square: 1,
  clusters: clustersOf(count)
})
const worlds: World[] = [
  { name: 'normal errors', errors: alone(normal), square: 1 },
  { name: 'exponential errors', errors: alone(skewed), square: 1 },
  { name: 'one error in ten three times as large', errors: alone(outlying), square: 1 },
  {
    name: 'weights of 1.6 and 0.4',
    errors: alone((random, row) => (isOfLargerPart(row) ? 1 : 2) * normal(random)),
    square: 0.8 + 0.2 * 4,
    weights: partWeights()
  },
  together(100),
  together(30),
  together(12)
]

function draw({ errors, clusters, weights }: World, random: Random): [ScoredRun, ScoredRun] {
  const own = errors(random)
  const knowable = own.map(() => Math.sqrt(known) * normal(random))
  const labels = own.map((error, row) => knowable[row]! + error)
  const runOf = (noise: number): ScoredRun => ({
    scores: {
      rows: Uint32Array.from(labels.keys()),
      labels,
      scores: knowable.map((value) => value - noise * normal(random)),
      ...(clusters && { clusters }),
      ...(weights && { weights })
    },
    aim: { objective: 'squared' }
  })
  return [runOf(noises[0]), runOf(noises[1])]
}

it.each(worlds.map((world, at) => [world.name, world, at] as const))(
  'intervals of RMSE, R2 and of the paired difference of RMSE hold at 300 rows: %s',
  { timeout: 3_600_000 },
  async (name, world, at) => {
    const squares = noises.map((noise) => world.square + noise ** 2)
    const [own, others] = [Math.sqrt(squares[0]!), Math.sqrt(squares[1]!)]
    const found = await countCovered(
      { rmse: own, r2: 1 - squares[0]! / (known + world.square), 'difference of rmse': own - others },
      async (random, seed) => {
        const [one, other] = draw(world, random)
        const { labels, scores, weights = null, clusters } = one.scores
        const { metrics } = await judgeAmounts({ objective: 'squared' }, { labels, weights }, scores, {
          bootstrapSamples: samples,
          seed,
          clusters: clusters ? { by: 'group', column: 'house', codes: clusters } : null
        })
        const difference = (await compareScoredRuns([one, other], { samples, seed })).difference('rmse', 0, 1)
        const ends = difference?.interval(0.05)
        return { rmse: metrics.rmse.interval, r2: metrics.r2.interval, 'difference of rmse': ends && { lower: ends.low, upper: ends.high } }
      },
      { stream: 200 + at, trials: trialsOf(15) }
    )
    // With so few clusters the evaluation says that its intervals say less than they seem to (`clusterWarning`).
    const bounds = world.clusters && new Set(world.clusters).size < 30 ? { ...asked, least: 0.92 } : asked
    expect(missedFigures(name, found, bounds)).toEqual([])
  }
)
