import { describe, expect, it } from 'vitest'
import type { Coefficient } from '../../../model/coefficients'
import { deriveEncodings, encodeFeatures, type FeatureEncoding } from '../features'
import { fitLinear, type LinearSettings } from './fit-linear'
import reference from './fixtures/linear.json'
import { linearRows } from './fixtures/linear-rows'
import { outputsOf, type LinearModel } from './linear-model'
import type { LinearObjective } from './losses'

const features = ['load', 'age', 'count', 'noise', 'phase']
const drawn = linearRows(400, 21)
const encodings = deriveEncodings(drawn.frame, features, (counts) => counts.length)
const table = encodeFeatures(drawn.frame, encodings)
const objectives: LinearObjective[] = [
  { name: 'logistic' },
  { name: 'softmax', classes: 3 },
  { name: 'squared' },
  { name: 'poisson' },
  { name: 'gamma' }
]

const fitted = (objective: LinearObjective, isWeighted: boolean, change: Partial<LinearSettings>) =>
  fitLinear(objective, table, encodings, drawn.labels[objective.name], isWeighted ? drawn.weights : null, {
    penalty: 0,
    l1Ratio: 0,
    maxIterations: 5000,
    tolerance: 1e-10,
    imputation: 'median',
    ...change
  })

/** Weights by the names of the reference. */
function weightsOf({ intercept, terms }: LinearModel, own: readonly FeatureEncoding[]): Record<string, number> {
  const found: Record<string, number> = { intercept }
  own.forEach(({ name, kept, missingShare }, index) => {
    const term = terms[index]!
    if (term.type === 'number') {
      found[name] = term.weight
      if (missingShare > 0) found[`${name} missing`] = term.missingWeight
      return
    }
    kept.forEach((text, code) => (found[text] = term.weights[code]!))
    found[`${name} missing`] = term.weights[kept.length + 1]!
  })
  return found
}

const nameOf = ({ feature, term, level }: Coefficient): string =>
  level ?? (feature === null ? term : term === 'missing' ? `${feature} missing` : feature)

/** The same to a share of the larger one, or of 1. */
function expectNear(found: number | null | undefined, wanted: number, share: number, what: string): void {
  expect(Math.abs(found! - wanted) / Math.max(1, Math.abs(wanted)), `${what}: ${found} instead of ${wanted}`).toBeLessThan(share)
}

describe('linear fits beside statsmodels and scikit-learn (fixtures/make-linear.py)', () => {
  it('are of the same rows', () => {
    const sum = (values: Float64Array): number => values.reduce((all, value) => all + value, 0)
    const { labels, weights } = drawn
    expect(sum(labels.squared)).toBeCloseTo(reference.sums.amount, 8)
    expect([sum(labels.poisson), sum(labels.softmax)]).toEqual([reference.sums.count, reference.sums.class])
    expect(sum(labels.gamma)).toBeCloseTo(reference.sums.cost, 8)
    expect(sum(weights)).toBeCloseTo(reference.sums.weight, 8)
  })

  it.each(Object.keys(reference.unpenalised))('find the coefficients, standard errors and intervals of statsmodels: %s', async (key) => {
    const objective = objectives.find(({ name }) => key.startsWith(name))!
    const { coefficients, converged } = await fitted(objective, key.endsWith('weighted'), {})
    expect(converged).toBe(true)
    const wanted = reference.unpenalised[key as 'softmax'] as (typeof reference.unpenalised)['softmax']
    expect(coefficients).toHaveLength(wanted.length)
    for (const own of wanted) {
      const found = coefficients.find((each) => nameOf(each) === own.term && each.class === own.class)!
      expect(found.basis).toBe('likelihood')
      for (const part of ['estimate', 'error', 'low', 'high'] as const) expectNear(found[part], own[part], 1e-6, `${own.term} ${part}`)
      if (own.term !== 'intercept' && objective.name !== 'squared') expect(found.ratio!.high).toBeCloseTo(Math.exp(found.high!), 9)
      else expect(found.ratio).toBeUndefined()
    }
  })

  it.each(objectives)('find the weights of scikit-learn under an L2 penalty, with sample weights: $name', async (objective) => {
    const { model, coefficients } = await fitted(objective, true, { penalty: reference.penalty })
    const wanted = [reference.ridge[objective.name]].flat()
    outputsOf(model).forEach((output, k) => {
      const found = weightsOf(output, encodings)
      for (const [name, weight] of Object.entries(wanted[k]!)) expectNear(found[name], weight, 1e-7, `${name} of ${k}`)
    })
    expect(coefficients.every(({ basis, error }) => basis === 'ridge' && error! > 0)).toBe(true)
    const errors = reference.ridgeErrors[objective.name as 'squared']
    for (const [name, error] of Object.entries(errors ?? {}))
      expectNear(coefficients.find((each) => nameOf(each) === name)!.error, error, 1e-7, `error of ${name}`)
  })

  it.each(Object.keys(reference.sparse))('find the weights of scikit-learn under an L1 penalty: %s', async (key) => {
    const objective = objectives.find(({ name }) => key.startsWith(name))!
    const isLasso = key.endsWith('lasso')
    const { model, converged, coefficients } = await fitted(objective, false, {
      penalty: isLasso ? 30 : reference.penalty,
      l1Ratio: isLasso ? 1 : reference.l1Ratio
    })
    expect(converged).toBe(true)
    const wanted = [reference.sparse[key as 'softmax']].flat()
    let zeros = 0
    outputsOf(model).forEach((output, k) => {
      const found = weightsOf(output, encodings)
      for (const [name, weight] of Object.entries(wanted[k]!)) {
        expectNear(found[name], weight, 1e-7, `${name} of ${k}`)
        if (weight === 0) expect(found[name]).toBe(0)
        zeros += Number(weight === 0)
      }
    })
    expect(zeros).toBeGreaterThan(0)
    expect(coefficients.every(({ basis, error, low, high }) => basis === 'lasso' && error === null && low === null && high === null)).toBe(
      true
    )
  })
})
