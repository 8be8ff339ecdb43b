import { describe, expect, it } from 'vitest'
import { rounds } from '../../../testing/deep'
import { clustered, normal } from '../../../testing/coverage'
import { correlationOf, Random, type Difference } from '../../numerics'
import { deriveGroups } from '../../frames'
import { deriveClassFairness } from '../multiclass/fairness'
import { compareMeasured as compareClasses } from '../multiclass/paired/compare-runs'
import { measureRuns as measureClasses, type ScoredClassRun } from '../multiclass/paired/measure-runs'
import { deriveFairness } from '../regression/fairness'
import { compareMeasured as compareAmounts } from '../regression/paired/compare-runs'
import { measureRuns as measureAmounts } from '../regression/paired/measure-runs'
import type { ScoredRun } from '../regression/paired/scored-run'
import { unitsOf } from '../resampling'
import reference from './fixtures/group-gaps.json'

const rules = { column: 'g', minimumGroupSize: 30 }
const aim = { objective: 'squared' } as const
const classRules = { ...rules, minimumClassSize: 0 }

const rowsOf = ({ labels }: { labels: number[] }) => Uint32Array.from(labels.keys())
const amountRuns = (): ScoredRun[] => {
  const { labels, groups, weights, scores } = reference.amounts
  return scores.map((own) => ({
    scores: {
      rows: rowsOf(reference.amounts),
      labels: Float64Array.from(labels),
      scores: Float64Array.from(own),
      groups: Uint32Array.from(groups),
      weights: Float64Array.from(weights)
    },
    aim,
    groups: rules
  }))
}
const classRuns = (): ScoredClassRun[] => {
  const { labels, groups, weights, scores } = reference.classes
  return scores.map((own) => ({
    scores: {
      rows: rowsOf(reference.classes),
      labels: Uint16Array.from(labels),
      scores: Float64Array.from(own),
      groups: Uint32Array.from(groups),
      weights: Float64Array.from(weights)
    },
    groups: classRules
  }))
}

describe('gaps between groups of two models, against fairlearn and resamples of numpy (fixtures/make-group-gaps.py)', () => {
  it.each([
    ['amounts', async () => measureAmounts(amountRuns(), { samples: 3000 }), compareAmounts, reference.amounts],
    ['classes', async () => measureClasses(classRuns(), { samples: 3000 }), compareClasses, reference.classes]
  ] as const)('of %s', async (_, measure, compare, { figures, correlations }) => {
    const measured = structuredClone(await measure())
    const runs = Array.isArray(measured.drawn) ? measured.drawn : measured.drawn!.runs
    const { value, difference } = (compare as (found: object) => ReturnType<typeof compareAmounts>)(measured)
    for (const [key, together] of Object.entries(correlations)) {
      const [one, other] = figures.map((own) => (own as Record<string, number>)[key]!) as [number, number]
      expect(value(key, 0), key).toBeCloseTo(one, 9)
      expect(value(key, 1), key).toBeCloseTo(other, 9)
      const found = difference(key, 0, 1)!
      expect(found.value, key).toBeCloseTo(one - other, 9)
      expect(found.method).toBe('paired-intervals')
      expect(difference(key, 1, 0)!.value, key).toBeCloseTo(other - one, 9)
      // Two correlations of thousands of resamples differ by less than this by chance.
      expect(Math.abs(correlationOf(runs[0]!.draws[key]!, runs[1]!.draws[key]!) - together), key).toBeLessThan(0.06)
    }
  })

  it('are bounded by the intervals that the evaluations state', async () => {
    const [one, other] = amountRuns()
    const { difference } = compareAmounts(await measureAmounts([one!, other!], { samples: 400 }))
    const grouping = deriveGroups({ kind: 'number', values: Float64Array.from(reference.amounts.groups), outOfRange: 0 })
    const bounds = [one!, other!].map(
      ({ scores: { labels, scores, weights = null } }) =>
        deriveFairness('g', grouping, { aim, labels, scores, weights, units: unitsOf(labels.length, null) }, 30).comparisons.rmse
    )
    const { low, high } = difference('rmse_difference', 0, 1)!.interval(0.05)
    // With a correlation of one they would be as near as the arms differ; with none as far as both together.
    expect(low).toBeGreaterThan(bounds[0]!.lower! - bounds[1]!.upper!)
    expect(high).toBeLessThan(bounds[0]!.upper! - bounds[1]!.lower!)

    const [first] = classRuns()
    const { labels, scores, weights = null } = first!.scores
    const outcomes = { labels, weights, classes: ['a', 'b', 'c'] }
    const groups = deriveGroups({ kind: 'number', values: Float64Array.from(reference.classes.groups), outOfRange: 0 })
    const { comparisons } = deriveClassFairness('g', groups, outcomes, scores, classRules)
    const { drawn } = await measureClasses(classRuns(), { samples: 1 })
    const { lower, upper } = comparisons.accuracy
    expect(drawn!.runs[0]!.bounds.accuracy_difference).toEqual({ lower, upper })
  })

  it('do not differ by what is left of adding up in another order', async () => {
    const [one] = amountRuns()
    const shifted = { ...one!, scores: { ...one!.scores, scores: one!.scores.scores.map((score) => score + 0.1) } }
    const { value, difference } = compareAmounts(await measureAmounts([one!, shifted], { samples: 400 }))
    const [own, others] = [0, 1].map((run) => value('mean_error_difference', run)) as [number, number]
    expect(own).not.toBe(others)
    expect(others).toBeCloseTo(own, 9)
    expect(difference('mean_error_difference', 1, 0)).toMatchObject({ value: 0, p: 1 })
    expect(difference('rmse_difference', 1, 0)!.value).not.toBe(0)
  })

  it('of rows in clusters are as open at the level of a family as the fewest clusters of a group leave them', async () => {
    const inClusters = <Run extends { scores: { labels: ArrayLike<number>; groups?: Uint32Array } }>(run: Run): Run => {
      // The rows of the first group lie in four clusters, those of the others in twelve.
      const clusters = Uint32Array.from(run.scores.groups!, (group, row) => (group === 0 ? row % 4 : row % 12))
      return { ...run, scores: { ...run.scores, clusters } }
    }
    const amounts = await measureAmounts(amountRuns().map(inClusters), { samples: 400 })
    const classes = await measureClasses(classRuns().map(inClusters), { samples: 400 })
    expect(amounts.drawn![0]!.bounds.rmse_difference!.clusters).toBe(4)
    expect(classes.drawn!.runs[0]!.bounds.accuracy_difference!.clusters).toBe(4)
    for (const found of [
      compareAmounts(amounts).difference('rmse_difference', 0, 1)!,
      compareClasses(classes).difference('accuracy_difference', 0, 1)!
    ]) {
      const [usual, surer] = [found.interval(0.05), found.interval(0.005)]
      // scipy: t.ppf(0.9975, 3) / t.ppf(0.975, 3); of a normal distribution it is 1.43.
      expect((surer.high - found.value) / (usual.high - found.value)).toBeCloseTo(2.3420092, 5)
      for (const level of [found.p * 0.999, found.p * 1.001].filter((each) => each < 1)) {
        const { low, high } = found.interval(level)
        expect(low > 0 || high < 0).toBe(found.p < level)
      }
    }
  })

  it('are not compared where the runs were judged by other groups, and a run does not differ from itself', async () => {
    const [one, other] = amountRuns()
    const stranger = { ...other!, groups: { ...rules, column: 'h' } }
    const amounts = compareAmounts(await measureAmounts([one!, stranger, one!], { samples: 400 }))
    expect(amounts.difference('rmse_difference', 0, 1)).toBeNull()
    expect(amounts.difference('rmse', 0, 1)).not.toBeNull()
    expect(amounts.difference('rmse_difference', 0, 2)).toMatchObject({ value: 0, p: 1, method: 'paired-intervals' })
    const [first, second] = classRuns()
    const classes = compareClasses(await measureClasses([first!, { ...second!, groups: undefined }, first!], { samples: 400 }))
    expect(classes.difference('accuracy_difference', 0, 1)).toBeNull()
    expect(classes.difference('accuracy_difference', 0, 2)).toMatchObject({ value: 0, p: 1, method: 'paired-intervals' })
  })
})

/** Rows of two groups of which each model is off further in the second one, by so much. */
function drawAmounts(random: Random, scales: readonly number[]): ScoredRun[] {
  const groups = Uint32Array.from({ length: 400 }, (_, row) => row % 2)
  const labels = Float64Array.from(groups, () => 3 * normal(random))
  const shared = Float64Array.from(groups, () => normal(random))
  return scales.map((scale) => ({
    scores: {
      rows: Uint32Array.from(groups.keys()),
      labels,
      scores: labels.map(
        (label, row) => label + (1 + scale * groups[row]!) * (Math.sqrt(0.7) * shared[row]! + Math.sqrt(0.3) * normal(random))
      ),
      groups
    },
    aim,
    groups: rules
  }))
}

/** Rows of two groups of which each model decides so many rightly. */
function drawClasses(random: Random, right: readonly (readonly [number, number])[]): ScoredClassRun[] {
  const groups = Uint32Array.from({ length: 400 }, (_, row) => row % 2)
  const labels = Uint16Array.from(groups, () => Math.floor(3 * random.uniform()))
  const shared = clustered(Uint32Array.from(groups.keys()), 1, random)
  return right.map((shares) => {
    const scores = new Float64Array(1200).fill(0.2)
    labels.forEach((label, row) => {
      // What both find hard is the same, up to a part of their own.
      const ease = 0.5 + Math.atan(0.9 * shared[row]! + 0.4 * normal(random)) / Math.PI
      const isRight = ease < shares[groups[row]!]!
      scores[row * 3 + (isRight ? label : (label + 1 + Math.floor(2 * random.uniform())) % 3)] = 0.6
    })
    return { scores: { rows: Uint32Array.from(groups.keys()), labels, scores, groups }, groups: { ...rules, minimumClassSize: 10 } }
  })
}

it('intervals of the difference of two gaps hold the true one, and gaps that are alike are rarely called different', async () => {
  const trials = rounds(6, 1000)
  const worlds = [
    [
      'amounts, alike',
      'rmse_difference',
      0,
      async (random: Random) => compareAmounts(await measureAmounts(drawAmounts(random, [0, 0]), { samples: 400 }))
    ],
    [
      'amounts, gaps of 0.8 and 0.2',
      'rmse_difference',
      0.6,
      async (random: Random) => compareAmounts(await measureAmounts(drawAmounts(random, [0.8, 0.2]), { samples: 400 }))
    ],
    [
      'classes, alike',
      'accuracy_difference',
      0,
      async (random: Random) =>
        compareClasses(
          await measureClasses(
            drawClasses(random, [
              [0.6, 0.6],
              [0.6, 0.6]
            ]),
            { samples: 400 }
          )
        )
    ]
  ] as const
  for (const [name, metric, truth, compare] of worlds) {
    let [held, told] = [0, 0]
    for (let trial = 0; trial < trials; trial++) {
      const { p, interval } = (await compare(new Random(trial, 51))).difference(metric, 0, 1) as Difference
      const { low, high } = interval(0.05)
      if (low <= truth && truth <= high) held++
      if (p < 0.05) told++
    }
    const percent = (count: number): string => ((100 * count) / trials).toFixed(1)
    console.log(`difference of gaps, ${name}, ${trials} trials: held in ${percent(held)}%, told in ${percent(told)}%`)
    const noise = 3 * Math.sqrt((0.95 * 0.05) / trials)
    expect(held / trials, name).toBeGreaterThan(0.94 - noise)
    if (truth === 0) expect(told / trials, name).toBeLessThan(0.06 + noise)
    else expect(told / trials, name).toBeGreaterThan(0.5)
  }
})
