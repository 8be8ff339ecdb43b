import { expect, it } from 'vitest'
import type { EstimatedMetric } from '../../../../model/tasks'
import { rounds } from '../../../../testing/deep'
import { holdTogether, independentDifference, normalShare, Random } from '../../../numerics'
import { collectFigures, prepareRows } from '../figures'
import { judgeScores } from '../judge'
import { deriveRanking } from '../ranking'
import { compareScoredRuns } from './compare-runs'
import type { ScoredRun } from './scored-run'

/** A standard normal number (Box and Muller 1958). */
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform())
const event = 0.3

/** Runs that see the same latent score of each row, each with noise of its own; the AUC of each is known from how far apart it holds the outcomes. */
function draw(random: Random, rows: number, separations: readonly number[], own: number): ScoredRun[] {
  const labels = Uint8Array.from({ length: rows }, () => (random.uniform() < event ? 1 : 0))
  const common = Float64Array.from(labels, () => normal(random) * Math.sqrt(1 - own * own))
  return separations.map((separation) => ({
    scores: {
      rows: Uint32Array.from(labels.keys()),
      labels,
      scores: Float64Array.from(
        common,
        (latent, row) => 1 / (1 + Math.exp(1.4 - (latent + own * normal(random) + separation * labels[row]!)))
      )
    },
    threshold: 0.4
  }))
}
const aucOf = (separation: number): number => normalShare(separation / Math.SQRT2)
const metrics = ['auc', 'average_precision', 'log_loss', 'brier', 'accuracy', 'recall', 'f1'] as const satisfies readonly EstimatedMetric[]

it('paired power: intervals hold the true difference, and what independent intervals never see is seen', async () => {
  const trials = rounds(80, 2000)
  const separations = [1.276, 1.19]
  const random = new Random(71)
  const [one, other] = draw(new Random(72), 400_000, separations, 0.28).map(
    ({ scores: { labels, scores }, threshold }) =>
      collectFigures(prepareRows(labels, scores, deriveRanking(scores), threshold), null).figures
  )
  const truth = (metric: (typeof metrics)[number]): number =>
    metric === 'auc' ? aucOf(separations[0]!) - aucOf(separations[1]!) : one![metric]! - other![metric]!
  const held = new Map<string, number>()
  let [told, independently, ratio] = [0, 0, 0]
  for (let trial = 0; trial < trials; trial++) {
    const runs = draw(random, 400, separations, 0.28)
    const found = await compareScoredRuns(runs, { samples: 400, seed: trial })
    for (const metric of metrics) {
      const { low, high } = found.difference(metric, 0, 1)!.interval(0.05)
      if (low <= truth(metric) && truth(metric) <= high) held.set(metric, (held.get(metric) ?? 0) + 1)
    }
    const paired = found.difference('auc', 0, 1)!
    const ends = paired.interval(0.05)
    if (paired.p < 0.05) told++
    // As before: two intervals, as if the rows were different ones.
    const [a, b] = await Promise.all(
      runs.map(async ({ scores, threshold }) => {
        const { value, interval } = (await judgeScores(scores.labels, scores.scores, { threshold, bootstrapSamples: 0, seed: trial }))
          .metrics.auc
        return { value: value!, low: interval!.lower, high: interval!.upper }
      })
    )
    const apart = independentDifference(a!, b!)
    if (apart.p < 0.05) independently++
    ratio += (apart.interval(0.05).high - apart.interval(0.05).low) / (ends.high - ends.low) / trials
  }
  const shares = Object.fromEntries(metrics.map((metric) => [metric, (held.get(metric) ?? 0) / trials]))
  const words = Object.entries(shares).map(([metric, share]) => `${metric} ${(100 * share).toFixed(1)}%`)
  console.log(
    `paired power, ${trials} trials: coverage ${words.join(', ')}; power of DeLong ${((100 * told) / trials).toFixed(1)}%, of independent intervals ${((100 * independently) / trials).toFixed(1)}%, which are ${ratio.toFixed(1)} times as wide`
  )
  const noise = 3 * Math.sqrt((0.95 * 0.05) / trials)
  for (const [metric, share] of Object.entries(shares)) expect(Math.abs(share - 0.95), metric).toBeLessThan(0.015 + noise)
  // The share that DeLong has by calculation, 35%, and what is left of it without pairs.
  expect(Math.abs(told / trials - 0.35)).toBeLessThan(3 * Math.sqrt((0.35 * 0.65) / trials) + 0.02)
  expect(independently / trials).toBeLessThan(0.03)
  expect(ratio).toBeGreaterThan(2.5)
})

/** Calibrated probabilities of which each run sees a part, stated as they are or overconfident; two groups that a run may select unlike. */
function drawJudged(random: Random, rows: number, slopes: readonly number[], shifts: readonly number[]): ScoredRun[] {
  const groups = Uint32Array.from({ length: rows }, (_, row) => row % 2)
  const odds = Float64Array.from(groups, () => -0.8 + 1.2 * normal(random))
  const labels = Uint8Array.from(odds, (x) => (random.uniform() < 1 / (1 + Math.exp(-x)) ? 1 : 0))
  return slopes.map((slope, run) => ({
    scores: {
      rows: Uint32Array.from(labels.keys()),
      labels,
      scores: odds.map((x, row) => 1 / (1 + Math.exp(-(slope * (x + 0.8) - 0.8 + 0.15 * normal(random) + shifts[run]! * groups[row]!)))),
      groups
    },
    threshold: 0.4,
    baseRate: 0.35,
    groups: { column: 'g', minimumGroupSize: 30, minimumClassSize: 10 }
  }))
}
const others = [
  'log_loss_skill',
  'brier_skill',
  'calibration_debiased',
  'disparate_impact',
  'demographic_parity_difference',
  'equal_opportunity_difference',
  'equalised_odds_difference'
] as const

it.each([
  ['alike', [1, 1], [0, 0]],
  ['overconfident and unlike to groups', [1.8, 1], [0.8, 0]]
] as const)('intervals of skill, calibration and gaps hold the true difference: %s', async (name, slopes, shifts) => {
  const trials = rounds(20, 300)
  const known = await compareScoredRuns(drawJudged(new Random(75), 100_000, slopes, shifts), { samples: 1 })
  const random = new Random(76)
  const [held, told] = [new Map<string, number>(), new Map<string, number>()]
  for (let trial = 0; trial < trials; trial++) {
    const found = await compareScoredRuns(drawJudged(random, 500, slopes, shifts), { samples: 400, seed: trial })
    for (const metric of others) {
      const truth = name === 'alike' && !/skill/.test(metric) ? 0 : known.value(metric, 0) - known.value(metric, 1)
      const { p, interval } = found.difference(metric, 0, 1)!
      const { low, high } = interval(0.05)
      if (low <= truth && truth <= high) held.set(metric, (held.get(metric) ?? 0) + 1)
      if (p < 0.05) told.set(metric, (told.get(metric) ?? 0) + 1)
    }
  }
  const share = (of: Map<string, number>, metric: string): number => (of.get(metric) ?? 0) / trials
  const words = others.map(
    (metric) => `${metric} ${(100 * share(held, metric)).toFixed(1)}% (told in ${(100 * share(told, metric)).toFixed(1)}%)`
  )
  console.log(`paired intervals, ${name}, ${trials} trials: coverage ${words.join(', ')}`)
  const noise = 3 * Math.sqrt((0.95 * 0.05) / trials)
  for (const metric of others) {
    expect(share(held, metric), metric).toBeGreaterThan(0.94 - noise)
    if (name === 'alike') expect(share(told, metric), metric).toBeLessThan(0.06 + noise)
  }
  // A real difference of skill and calibration is seen in most of so few rows.
  if (name !== 'alike') for (const metric of others.slice(0, 3)) expect(share(told, metric), metric).toBeGreaterThan(0.5)
})

it('five runs that are alike are called different in no more than 5% of trials, whichever pair and whichever figure', async () => {
  const trials = rounds(80, 2000)
  const random = new Random(73)
  const wrong = new Map<string, number>()
  for (let trial = 0; trial < trials; trial++) {
    const found = await compareScoredRuns(draw(random, 300, [1.2, 1.2, 1.2, 1.2, 1.2], 0.5), { samples: 400, seed: trial })
    for (const metric of metrics) {
      const pairs = [0, 1, 2, 3, 4].flatMap((a) => [0, 1, 2, 3, 4].slice(0, a).map((b) => found.difference(metric, a, b)!))
      if (holdTogether(pairs).some(({ p }) => p < 0.05)) wrong.set(metric, (wrong.get(metric) ?? 0) + 1)
    }
  }
  const shares = metrics.map((metric) => [metric, (wrong.get(metric) ?? 0) / trials] as const)
  console.log(
    `family-wise errors of five equal runs, ${trials} trials: ${shares.map(([metric, share]) => `${metric} ${(100 * share).toFixed(1)}%`).join(', ')}`
  )
  for (const [metric, share] of shares) expect(share, metric).toBeLessThanOrEqual(0.055 + 3 * Math.sqrt((0.05 * 0.95) / trials))
})
