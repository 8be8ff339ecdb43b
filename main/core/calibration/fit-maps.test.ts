import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ProbabilityMap } from '../../model/calibration'
import { applyMaps } from './apply-maps'
import { compareLosses, crossFit, fitMaps, reliabilityCurve } from './cross-fit'
import { fitMap, fitTemperature, isFalling } from './fit-maps'

interface Reference {
  stated: number[]
  outcomes: number[]
  weights: number[]
  grid: number[]
  isotonic: number[]
  isotonicWeighted: number[]
  platt: { slope: number; intercept: number }
  plattByRegression: { slope: number; intercept: number }
  beta: { a: number; b: number; c: number }
  betaWeighted: { a: number; b: number; c: number }
  flip: number[]
  flipFull: number[]
  flipSingle: number[]
  many: number[]
  labels: number[]
  byClass: number[]
  temperature: number
  eventTemperature: number
}
const reference = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'calibration.json'), 'utf8')) as Reference
const probabilities = Float64Array.from(reference.stated)
const rows = { probabilities, outcomes: reference.outcomes, weights: null }
const weighted = { ...rows, weights: reference.weights }
const largest = (own: ArrayLike<number>, other: readonly number[]): number =>
  other.reduce((most, value, at) => Math.max(most, Math.abs(own[at]! - value)), 0)
const fitted = <M extends ProbabilityMap['method']>(map: ProbabilityMap | null, method: M): Extract<ProbabilityMap, { method: M }> => {
  expect(map?.method).toBe(method)
  return map as Extract<ProbabilityMap, { method: M }>
}

describe('calibration maps against other software', () => {
  it('isotonic regression is that of scikit-learn, weighted or not', () => {
    const grid = Float64Array.from(reference.grid)
    expect(largest(applyMaps([fitMap('isotonic', rows)!], grid, 1), reference.isotonic)).toBeLessThan(1e-12)
    expect(largest(applyMaps([fitMap('isotonic', weighted)!], grid, 1), reference.isotonicWeighted)).toBeLessThan(1e-12)
  })

  it('Platt scaling is the sigmoid of scikit-learn on log odds, and logistic regression on his targets', () => {
    const { slope, intercept } = fitted(fitMap('platt', rows), 'platt')
    expect(slope).toBeCloseTo(reference.platt.slope, 6)
    expect(intercept).toBeCloseTo(reference.platt.intercept, 6)
    expect(slope).toBeCloseTo(reference.plattByRegression.slope, 6)
    expect(intercept).toBeCloseTo(reference.plattByRegression.intercept, 6)
  })

  it('beta calibration is logistic regression on both logarithms, weighted or not', () => {
    const plain = fitted(fitMap('beta', rows), 'beta')
    const other = fitted(fitMap('beta', weighted), 'beta')
    for (const name of ['a', 'b', 'c'] as const) {
      expect(plain[name]).toBeCloseTo(reference.beta[name], 8)
      expect(other[name]).toBeCloseTo(reference.betaWeighted[name], 8)
    }
  })

  it('beta calibration leaves out a coefficient that would turn the ranking around', () => {
    expect(reference.flipFull[0]).toBeLessThan(0)
    const { a, b, c } = fitted(fitMap('beta', { ...rows, outcomes: reference.flip }), 'beta')
    expect(a).toBe(0)
    expect(b).toBeCloseTo(reference.flipSingle[0]!, 8)
    expect(c).toBeCloseTo(reference.flipSingle[1]!, 8)
  })

  it('a temperature is the one of least loss, of several classes and of one event', () => {
    const many = Float64Array.from(reference.many)
    expect(fitted(fitTemperature(many, 3, reference.labels, null), 'temperature').temperature).toBeCloseTo(reference.temperature, 5)
    expect(fitted(fitTemperature(probabilities, 1, reference.outcomes, null), 'temperature').temperature).toBeCloseTo(
      reference.eventTemperature,
      5
    )
  })

  it('classes are corrected one against the rest and add up to 1, as in scikit-learn', () => {
    const known = { scores: Float64Array.from(reference.many), width: 3, labels: reference.labels, weights: null }
    const maps = fitMaps('isotonic', known) as ProbabilityMap[]
    expect(maps).toHaveLength(3)
    expect(largest(applyMaps(maps, known.scores, 3), reference.byClass)).toBeLessThan(1e-12)
  })
})

describe('what a correction brings', () => {
  const known = { scores: probabilities, width: 1, labels: reference.outcomes, weights: null }

  it('is told by rows that did not correct themselves', () => {
    const crossed = crossFit('platt', known)!
    expect(crossed.folds).toBe(5)
    const { gain, before, after } = compareLosses(known, { ...known, scores: crossed.scores }, crossed.folds)
    // The rows were made overconfident.
    expect(gain.lower).toBeGreaterThan(0)
    expect(before.logLoss - after.logLoss).toBeCloseTo(gain.value, 12)
    const own = applyMaps(fitMaps('platt', known) as ProbabilityMap[], probabilities, 1)
    const self = compareLosses(known, { ...known, scores: own }, 5)
    expect(self.gain.value).toBeGreaterThan(gain.value)
  })

  it('is drawn in bins that hold every row once, equal probabilities together', () => {
    const curve = reliabilityCurve(known)
    expect(curve.reduce((sum, { count }) => sum + count, 0)).toBe(known.labels.length)
    expect(curve.length).toBeGreaterThan(7)
    for (const { observed, lower, upper } of curve) expect(lower <= observed && observed <= upper).toBe(true)
  })

  it('is told for a temperature where a class has a single row', () => {
    const own = reference.labels.flatMap((label, row) => (label === 2 ? [] : [row]))
    const rows = [...own, reference.labels.indexOf(2)]
    const scores = Float64Array.from(rows.flatMap((row) => reference.many.slice(3 * row, 3 * row + 3)))
    const rare = { scores, width: 3, labels: rows.map((row) => reference.labels[row]!), weights: null }
    const crossed = crossFit('temperature', rare)!
    expect(crossed.folds).toBe(5)
    for (let row = 0; row < rows.length; row++)
      expect(crossed.scores.subarray(3 * row, 3 * row + 3).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9)
  })

  it('counts rows by their weights in the bins', () => {
    const two = { ...known, weights: Float64Array.from(reference.outcomes, (outcome) => (outcome ? 3 : 1)) }
    for (const [at, { predicted, observed }] of reliabilityCurve(known).entries()) {
      const own = reliabilityCurve(two)[at]!
      expect(own.observed).toBeCloseTo((3 * observed) / (3 * observed + 1 - observed), 9)
      expect(own.lower <= own.observed && own.observed <= own.upper).toBe(true)
      expect(Math.abs(own.predicted - predicted)).toBeLessThan(0.1)
    }
    const same = { ...known, weights: new Float64Array(known.labels.length).fill(0.1) }
    for (const [at, { observed, lower }] of reliabilityCurve(known).entries()) {
      expect(reliabilityCurve(same)[at]!.observed).toBeCloseTo(observed, 9)
      expect(reliabilityCurve(same)[at]!.lower).toBeCloseTo(lower, 1)
    }
  })

  it('is refused where the curve of a class would turn the ranking around', () => {
    const wrong = { ...rows, outcomes: reference.outcomes.map((outcome) => 1 - outcome) }
    for (const method of ['platt', 'beta'] as const) {
      expect(isFalling(fitMap(method, wrong)!)).toBe(true)
      expect(isFalling(fitMap(method, rows)!)).toBe(false)
    }
  })

  it('stays open where the model states one thing for all rows, or parts the outcomes without a mistake', () => {
    const same = { probabilities: new Float64Array(20).fill(0.3), outcomes: Array.from({ length: 20 }, (_, row) => row % 2), weights: null }
    expect(fitMap('platt', same)).toBeNull()
    const parted = { ...same, probabilities: Float64Array.from(same.outcomes, (each, row) => (each ? 0.6 : 0.2) + row / 100) }
    expect(fitMap('beta', parted)).toBeNull()
    // Platt's targets keep his curve finite.
    expect(fitMap('platt', parted)).not.toBeNull()
  })
})

it('takes a beta calibration that is level for one that corrects nothing, as a slope of zero is', () => {
  const probabilities = Float64Array.of(0.2, 0.2, 0.5, 0.5, 0.8, 0.8)
  const level = fitMap('beta', { probabilities, outcomes: [0, 1, 0, 1, 0, 1], weights: null })!
  expect(level).toEqual({ method: 'beta', a: 0, b: 0, c: expect.closeTo(0, 12) })
  expect(isFalling(level)).toBe(true)
  expect(isFalling({ method: 'beta', a: 0, b: 1e-3, c: 0 })).toBe(false)
})
