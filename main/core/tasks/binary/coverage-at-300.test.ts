import { expect, it } from 'vitest'
import {
  clustered,
  clustersOf,
  countCovered,
  isOfLargerPart,
  judgedRows,
  missedFigures,
  normal,
  partWeights,
  trialsOf
} from '../../../testing/coverage'
import { normalShare, type Random } from '../../numerics'
import { judgeScores } from './judge'
import { compareScoredRuns } from './paired/compare-runs'
import type { ScoredRun } from './paired/scored-run'

/** What two models say of rows: latent scores of which the event lies higher by so much, one of which each model sees with noise of its own. */
interface World {
  name: string
  events: number
  clusters?: Uint32Array
  weights?: Float64Array
  /** The two latent scores of a row. */
  latent: (own: readonly [number, number], isEvent: boolean, row: number) => [number, number]
  truth: [number, number]
}

const separations = [1.3, 1.1] as const
const moved: World['latent'] = ([one, other], isEvent) => (isEvent ? [one + separations[0], other + separations[1]] : [one, other])
const areaOf = (separation: number): number => normalShare(separation / Math.SQRT2)
const usual: World['truth'] = [areaOf(separations[0]), areaOf(separations[1])]
/** Exponential scores of which those of events are so many times as large: the area is the share of both means (Hanley and McNeil 1982). */
const exponential = (own: number, mean: number): number => -mean * Math.log(1 - normalShare(own))
const skew = (mean: number): number => mean / (1 + mean)
/** In the smaller part of the population the second model is much worse. */
const smaller = [1.3, 0.5] as const

const worlds: World[] = [
  { name: 'normal scores, 30% events', events: 0.3, latent: moved, truth: usual },
  {
    name: 'exponential scores, 30% events',
    events: 0.3,
    latent: ([one, other], isEvent) => [exponential(one, isEvent ? 4 : 1), exponential(other, isEvent ? 3 : 1)],
    truth: [skew(4), skew(3)]
  },
  { name: 'normal scores, 10% events', events: 0.1, latent: moved, truth: usual },
  {
    name: 'weights of 1.6 and 0.4',
    events: 0.3,
    weights: partWeights(),
    latent: ([one, other], isEvent, row) => {
      const by = isOfLargerPart(row) ? separations : smaller
      return isEvent ? [one + by[0], other + by[1]] : [one, other]
    },
    truth: [usual[0], 0.8 * usual[1] + 0.2 * areaOf(smaller[1])]
  },
  { name: '100 clusters of 3 rows', events: 0.3, clusters: clustersOf(100), latent: moved, truth: usual },
  { name: '30 clusters of 10 rows', events: 0.3, clusters: clustersOf(30), latent: moved, truth: usual },
  { name: '12 clusters of 25 rows', events: 0.3, clusters: clustersOf(12), latent: moved, truth: usual }
]

function draw({ events, clusters, weights, latent }: World, random: Random): [ScoredRun, ScoredRun] {
  // Of clusters the outcomes too come together: some have thrice the events of others.
  const rates = clusters && Float64Array.from({ length: judgedRows }, () => (random.uniform() < 0.5 ? events / 2 : 1.5 * events))
  const labels = Uint8Array.from({ length: judgedRows }, (_, row) => (random.uniform() < (rates ? rates[clusters[row]!]! : events) ? 1 : 0))
  const alone = (): Float64Array => Float64Array.from(labels, () => normal(random))
  const parts = [0, 1, 2].map(() => (clusters ? clustered(clusters, 0.2, random) : alone()))
  const sees = (row: number, model: 1 | 2): number => Math.sqrt(0.8) * parts[0]![row]! + Math.sqrt(0.2) * parts[model]![row]!
  const pairs = Array.from(labels, (label, row) => latent([sees(row, 1), sees(row, 2)], label === 1, row))
  const runOf = (model: 0 | 1): ScoredRun => ({
    scores: {
      rows: Uint32Array.from(labels.keys()),
      labels,
      scores: Float64Array.from(pairs, (pair) => 1 / (1 + Math.exp(1 - pair[model]))),
      ...(clusters && { clusters }),
      ...(weights && { weights })
    },
    threshold: 0.5
  })
  return [runOf(0), runOf(1)]
}

it.each(worlds.map((world, at) => [world.name, world, at] as const))(
  'intervals of AUC and of the paired difference of AUC hold at 300 rows: %s',
  async (name, world, at) => {
    const found = await countCovered(
      { auc: world.truth[0], 'difference of auc': world.truth[0] - world.truth[1] },
      async (random, seed) => {
        const [one, other] = draw(world, random)
        const { labels, scores, weights = null, clusters } = one.scores
        const { metrics } = await judgeScores(labels, scores, {
          threshold: 0.5,
          bootstrapSamples: 0,
          seed,
          weights,
          clusters: clusters ? { by: 'group', column: 'house', codes: clusters } : null
        })
        // The difference of two AUCs has no resamples.
        const difference = (await compareScoredRuns([one, other], { samples: 1, seed })).difference('auc', 0, 1)
        const ends = difference?.interval(0.05)
        return { auc: metrics.auc.interval, 'difference of auc': ends && { lower: ends.low, upper: ends.high } }
      },
      { stream: 100 + at, trials: trialsOf(60) }
    )
    expect(missedFigures(name, found)).toEqual([])
  }
)
