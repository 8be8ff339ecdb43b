import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { deriveGroups } from '../../frames'
import { Random } from '../../numerics'
import { compareWithBaseRate } from './baseline'
import { deriveFairness } from './fairness'
import { judgeScores } from './judge'
import { compareScoredRuns } from './paired/compare-runs'

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)

/** Probabilities on a grid, so that scores tie, and outcomes that come by them. */
function draw(seed: number, rows: number) {
  const random = new Random(seed)
  const scores = Float64Array.from({ length: rows }, () => Math.round(random.uniform() ** 2 * 300) / 300)
  const other = scores.map((score) => Math.min(1, Math.max(0, score + (random.uniform() - 0.5) / 4)))
  const labels = Uint8Array.from(scores, (score) => (random.uniform() < score ? 1 : 0))
  const groups = Uint32Array.from(scores, () => random.below(3))
  return { scores, other, labels, groups }
}

// Digests of what programs made before rows could count by weight or come in clusters: nothing of it may change.
it('rows that count the same and stand for themselves have the figures they always had, to the last bit', async () => {
  const { scores, other, labels, groups } = draw(11, 700)
  // Gains and lift came later.
  const { gains, ...judged } = await judgeScores(labels, scores, { threshold: 0.4, bootstrapSamples: 200, seed: 4 })
  const column = { kind: 'category' as const, codes: Int32Array.from(groups), categories: ['a', 'b', 'c'] }
  const rules = { minimumGroupSize: 30, minimumClassSize: 10, threshold: 0.4 }
  const fairness = deriveFairness('group', deriveGroups(column), labels, scores, rules)
  const baseline = compareWithBaseRate({ labels, weights: null }, scores, 0.3)
  const rows = Uint32Array.from(labels.keys())
  const runs = [scores, other].map((own) => ({
    scores: { rows, labels, scores: own, groups },
    threshold: 0.4,
    baseRate: 0.3,
    groups: { column: 'group', minimumGroupSize: 30, minimumClassSize: 10 }
  }))
  const compared = await compareScoredRuns(runs, { samples: 200, seed: 3 })
  const differences = ['auc', 'log_loss', 'accuracy', 'calibration_debiased', 'disparate_impact', 'f1'].map((metric) => {
    const found = compared.difference(metric, 0, 1)
    return found && [metric, found.value, found.p, found.method, found.interval(0.05)]
  })
  expect(gains).toBeDefined()
  expect([digest(judged), digest(fairness), digest(baseline), digest(differences)]).toEqual([
    '2823fabcf2754db1',
    '4bd6950e7a1f2046',
    '0c7c139817dafb63',
    '112f1b910d4afd17'
  ])
})
