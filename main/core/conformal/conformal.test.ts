import { describe, expect, it } from 'vitest'
import { boundsOf, measuredWords, rankFor, setOf, type SignedIntervals } from '../../model/conformal'
import type { Sha256 } from '../../model/reference'
import type { ModelSignature } from '../../model/training'
import { Random } from '../numerics'
import { heldRows, measureIntervals, type AnsweredRows } from '../tasks'
import { rounds } from '../../testing/deep'
import { settleIntervals, type IntervalChoice } from './conform-model'
import { expectedCoverage, fewestFor } from './expected-coverage'

const digest = 'a'.repeat(64) as Sha256
const outputsOf = (name: string) => [{ name, tensor: 'float' as const, shape: '', description: '' }]
const about = (task: string, target: object, output: string): ModelSignature =>
  ({ task, target, inputs: [], outputs: outputsOf(output), notes: [], algorithm: '' }) as unknown as ModelSignature
const amounts = about('regression', { name: 'y', objective: 'squared' }, 'prediction')
const counts = about('regression', { name: 'y', objective: 'poisson' }, 'prediction')
const quantile = about('regression', { name: 'y', objective: 'quantile', quantile: 0.8 }, 'prediction')
const classes = about('multiclass-classification', { name: 'y', classes: ['a', 'b', 'c', 'd'] }, 'probabilities')
const yes = about('binary-classification', { name: 'y', positive: 'yes', negatives: ['no'] }, 'probabilities')

const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform())

/** Predictions with errors that grow with them. */
function amountRows(random: Random, rows: number): AnsweredRows {
  const scores = Float64Array.from({ length: rows }, () => 1 + 9 * random.uniform())
  return { scores, width: 1, labels: Float64Array.from(scores, (score) => score + 0.3 * score * normal(random)) }
}
/** Probabilities of four classes that are overconfident. */
function classRows(random: Random, rows: number): AnsweredRows {
  const scores = new Float64Array(rows * 4)
  const labels = new Uint16Array(rows)
  for (let row = 0; row < rows; row++) {
    const margins = Array.from({ length: 4 }, () => normal(random))
    const shares = (power: number): number[] => {
      const powers = margins.map((margin) => Math.exp(power * margin))
      const sum = powers.reduce((a, b) => a + b)
      return powers.map((each) => each / sum)
    }
    shares(2.5).forEach((p, k) => (scores[row * 4 + k] = Math.fround(p)))
    let draw = random.uniform()
    labels[row] = Math.min(
      3,
      Math.max(
        0,
        shares(1).findIndex((p) => (draw -= p) < 0)
      )
    )
  }
  return { scores, width: 4, labels }
}
function yesRows(random: Random, rows: number): AnsweredRows {
  const scores = Float64Array.from({ length: rows }, () => Math.fround(random.uniform()))
  return { scores, width: 1, labels: Uint8Array.from(scores, (p) => (random.uniform() < p ? 1 : 0)) }
}

const cases: [string, ModelSignature, IntervalChoice, (random: Random, rows: number) => AnsweredRows][] = [
  ['absolute', amounts, { coverage: 0.9 }, amountRows],
  ['normalised', counts, { score: 'normalised', coverage: 0.8, power: 1 }, amountRows],
  ['quantile', quantile, {}, amountRows],
  ['lac', classes, { coverage: 0.9 }, classRows],
  ['lac of a yes or no', yes, { coverage: 0.9 }, yesRows]
]

describe('split-conformal prediction in simulations', () => {
  const tables = rounds(200, 2000)
  const [calibrating, fresh] = [60, 40]

  it.each(cases)('%s holds its promise, no more and no less', (_, signature, choice, drawn) => {
    const random = new Random(11)
    let held = 0
    let rank = 0
    for (let table = 0; table < tables; table++) {
      const intervals = settleIntervals(signature, choice, drawn(random, calibrating), digest)
      rank = rankFor(calibrating, intervals.coverage)
      held += heldRows(intervals, drawn(random, fresh)).isHeld.reduce((sum, each) => sum + each, 0)
    }
    // Without ties the number held of each table is beta-binomial with these two parameters, exactly: its mean and variance bound the sum.
    const [a, b] = [rank, calibrating + 1 - rank]
    const mean = (fresh * a) / (a + b)
    const variance = (fresh * a * b * (a + b + fresh)) / ((a + b) ** 2 * (a + b + 1))
    const far = 4 * Math.sqrt(variance / tables)
    expect(Math.abs(held / tables - mean)).toBeLessThan(far)
  })

  it('aps holds at least its promise: the likeliest class is always in the set', () => {
    const random = new Random(12)
    let [held, rows] = [0, 0]
    for (let table = 0; table < tables; table++) {
      const intervals = settleIntervals(classes, { score: 'aps', coverage: 0.8 }, classRows(random, calibrating), digest)
      held += heldRows(intervals, classRows(random, fresh)).isHeld.reduce((sum, each) => sum + each, 0)
      rows += fresh
    }
    expect(held / rows).toBeGreaterThan(0.8 - 0.015)
  })
})

describe('the band of the coverage', () => {
  it('is that of the beta distribution, by scipy.stats.beta.ppf', () => {
    // beta.ppf([0.025, 0.975], 91, 10); n = 100, 90%
    expect(expectedCoverage(100, rankFor(100, 0.9)).lower).toBeCloseTo(0.8360177, 6)
    expect(expectedCoverage(100, rankFor(100, 0.9)).upper).toBeCloseTo(0.9509953, 6)
  })

  it('says how many rows a promise needs', () => {
    expect(fewestFor(0.9)).toBe(9)
    expect(rankFor(9, 0.9)).toBe(9)
    expect(rankFor(99, 0.99)).toBe(99)
  })
})

describe('what lies around an answer', () => {
  const signed = { method: 'split-conformal' as const, coverage: 0.9, rows: 100, table: digest }

  it('is an interval, a bound or a set', () => {
    expect(boundsOf({ ...signed, score: 'absolute', quantile: 2 }, 5)).toEqual({ lower: 3, upper: 7 })
    expect(boundsOf({ ...signed, score: 'normalised', quantile: 2, power: 0.5, floor: 1 }, 4)).toEqual({ lower: 0, upper: 8 })
    expect(boundsOf({ ...signed, score: 'quantile', quantile: -1, side: 'upper' }, 4)).toEqual({ lower: null, upper: 3 })
    expect(setOf({ ...signed, score: 'lac', quantile: 0.7 }, [0.1, 0.6, 0.3])).toEqual([1, 2])
    expect(setOf({ ...signed, score: 'aps', quantile: 0.95 }, [0.1, 0.6, 0.3])).toEqual([1, 2])
    expect(setOf({ ...signed, score: 'aps', quantile: 0.2 }, [0.1, 0.6, 0.3])).toEqual([1])
    expect(boundsOf({ ...signed, score: 'absolute', quantile: 2 }, NaN)).toEqual({ lower: null, upper: null })
  })

  it('is judged as too little where fewer outcomes lie within than promised', () => {
    const random = new Random(5)
    const narrow: SignedIntervals = { ...signed, score: 'absolute', quantile: 0.2 }
    const found = measureIntervals(narrow, amountRows(random, 500), ['y'])!
    expect(found.verdict).toBe('too few')
    expect(found.parts.reduce((sum, { rows }) => sum + rows, 0)).toBe(500)
    // The errors grow with the predictions, which one width does not follow.
    expect(found.parts[0]!.covered).toBeGreaterThan(found.parts.at(-1)!.covered)
  })

  it('is measured by weight and cluster, and then without a verdict', () => {
    const intervals: SignedIntervals = { ...signed, score: 'absolute', quantile: 1 }
    const rows = {
      scores: new Float64Array(400),
      width: 1,
      labels: Float64Array.from({ length: 400 }, (_, row) => (row % 4 === 0 ? 2 : 0))
    }
    const plain = measureIntervals(intervals, rows, ['y'])!
    expect(plain).toMatchObject({ covered: 0.75, verdict: 'too few' })
    const weights = Float64Array.from({ length: 400 }, (_, row) => (row % 4 === 0 ? 3 : 1))
    const weighted = measureIntervals(intervals, rows, ['y'], { weights })!
    expect(weighted.covered).toBeCloseTo(0.5, 12)
    expect(weighted.verdict).toBeUndefined()
    // Rows of a cluster are all held or none is: they say as much as one.
    const clustered = measureIntervals(intervals, rows, ['y'], { clusters: Uint32Array.from({ length: 400 }, (_, row) => row % 40) })!
    expect(clustered.covered).toBeCloseTo(0.75, 12)
    expect(clustered.upper - clustered.lower).toBeGreaterThan(2.5 * (plain.upper - plain.lower))
    expect(clustered.verdict).toBeUndefined()
    expect(measuredWords(clustered)).toContain('no verdict')
  })

  it('counts a class that the model does not know as missed', () => {
    const rows = { scores: Float64Array.of(0.7, 0.1, 0.1, 0.1), width: 4, labels: [4] }
    expect(heldRows({ ...signed, score: 'lac', quantile: 1 }, rows).isHeld[0]).toBe(0)
  })
})
