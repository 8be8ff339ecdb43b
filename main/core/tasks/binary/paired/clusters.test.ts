import { describe, expect, it } from 'vitest'
import { Random, studentQuantile, z95 } from '../../../numerics'
import { errorOf } from '../influence'
import { deriveRanking } from '../ranking'
import { compareScoredRuns } from './compare-runs'
import { influencesOf } from './delong'
import type { ScoredRun } from './scored-run'

const random = new Random(8)
const rows = 240
const labels = Uint8Array.from({ length: rows }, () => (random.uniform() < 0.4 ? 1 : 0))
/** Closer to the outcome by `skill`, of 0 to 1. */
const scored = (skill: number, clusters: Uint32Array | null): ScoredRun => ({
  scores: {
    rows: Uint32Array.from({ length: rows }, (_, row) => row),
    labels,
    scores: Float64Array.from(labels, (label) => 0.5 + (label - 0.5) * skill * 0.5 + 0.4 * (random.uniform() - 0.5)),
    clusters
  },
  threshold: 0.5
})
const inClusters = (count: number) => Uint32Array.from({ length: rows }, (_, row) => row % count)
const given = (run: ScoredRun, clusters: Uint32Array | null): ScoredRun => ({ ...run, scores: { ...run.scores, clusters } })
const [good, poor] = [scored(0.6, null), scored(0.2, null)]

describe('runs on rows that come in clusters', () => {
  it.each([1, 9])('are not told apart by %d of them', async (count) => {
    const clusters = inClusters(count)
    const compared = await compareScoredRuns([given(good, clusters), given(poor, clusters)], { samples: 400 })
    expect(compared.areFewClusters).toBe(true)
    for (const metric of ['auc', 'accuracy', 'log_loss']) expect(compared.difference(metric, 0, 1), metric).toBeNull()
  })

  it('are not told apart where the events are in one of many of them', async () => {
    const clusters = inClusters(24)
    const own = Uint8Array.from(clusters, (cluster) => (cluster === 3 ? 1 : 0))
    // The scores of a cluster go up and down together, otherwise in each run: neither is better.
    const drift = () => {
      const shared = Float64Array.from({ length: 24 }, () => random.uniform())
      return Float64Array.from(clusters, (cluster) => 0.8 * shared[cluster]! + 0.2 * random.uniform())
    }
    const runs = [drift(), drift()].map((scores) => ({ ...good, scores: { ...good.scores, labels: own, scores, clusters } }))
    const compared = await compareScoredRuns(runs, { samples: 400 })
    expect(compared.areFewClusters).toBe(true)
    for (const metric of ['auc', 'accuracy', 'log_loss']) expect(compared.difference(metric, 0, 1), metric).toBeNull()
  })

  it('differ in AUC by as much as few clusters leave open', async () => {
    const clusters = inClusters(12)
    const compared = await compareScoredRuns([given(good, clusters), given(poor, clusters)], { samples: 400 })
    const [own, others] = [good, poor].map(({ scores }) => influencesOf(labels, deriveRanking(scores.scores), null).influence)
    const error = errorOf(
      own!.map((each, row) => each - others![row]!),
      clusters
    )
    const { low, high } = compared.difference('auc', 0, 1)!.interval(0.05)
    expect((high - low) / 2 / error).toBeCloseTo(studentQuantile(0.975, 11), 6)
    expect((high - low) / 2 / error).toBeGreaterThan(1.1 * z95)
  })

  it('are held against each other by the clusters that any of them knows, whichever comes first', async () => {
    const [clustered, plain] = [given(good, inClusters(12)), poor]
    const first = await compareScoredRuns([clustered, plain], { samples: 400 })
    const last = await compareScoredRuns([plain, clustered], { samples: 400 })
    for (const metric of ['auc', 'accuracy', 'log_loss', 'calibration_debiased']) {
      const [one, other] = [first.difference(metric, 0, 1)!, last.difference(metric, 1, 0)!]
      expect(one.p, metric).toBe(other.p)
      expect(one.interval(0.05), metric).toEqual(other.interval(0.05))
      expect(one.method).not.toBe('mcnemar')
    }
  })

  it('differ in no more than the clusters they differ in: rows of one cannot be exchanged one by one', async () => {
    const clusters = inClusters(12)
    const moved = good.scores.scores.map((score, row) => (clusters[row]! < 3 ? 1 - score : score))
    const other: ScoredRun = { ...good, scores: { ...good.scores, scores: moved, clusters } }
    const compared = await compareScoredRuns([given(good, clusters), other], { samples: 400 })
    // Sixty rows differ, of three clusters: signs of three differences fall alike in one of four.
    for (const metric of ['auc', 'accuracy', 'log_loss']) expect(compared.difference(metric, 0, 1)!.p, metric).toBeGreaterThanOrEqual(0.25)
    const plain = await compareScoredRuns([given(good, null), given(other, null)], { samples: 400 })
    expect(plain.difference('auc', 0, 1)!.p).toBeLessThan(0.01)
  })
})
