import { WorkbenchError } from '../../../model/errors'
import type { Labels } from '../objective'
import type { LinearObjective } from './losses'
import { weightedMean } from './terms'

export interface ScaledTarget {
  /** What is fitted: (label - mean) / scale. */
  labels: Labels
  mean: number
  scale: number
}

/** Amounts are standardised before a least-squares fit, so that penalty and tolerance mean the same in any unit. */
export function scaleTarget({ name }: LinearObjective, labels: Labels, weights: Float64Array): ScaledTarget {
  if (name !== 'squared') return { labels, mean: 0, scale: 1 }
  const amounts = Float64Array.from(labels)
  const mean = weightedMean(amounts, weights)
  const scale =
    Math.sqrt(
      weightedMean(
        amounts.map((amount) => (amount - mean) ** 2),
        weights
      )
    ) || 1
  return { labels: amounts.map((amount) => (amount - mean) / scale), mean, scale }
}

const bad = (message: string): WorkbenchError => new WorkbenchError('INVALID_INPUT', message)

/** @throws WorkbenchError INVALID_INPUT where outcomes or weights have no likelihood under the objective */
export function assertFittable(objective: LinearObjective, labels: Labels, weights: Float64Array): void {
  const isWrong = (weight: number): boolean => !(weight >= 0 && weight < Infinity)
  if (weights.some(isWrong))
    throw bad(`The weight of training row ${weights.findIndex(isWrong) + 1} is no number from 0 on. Correct the column of weights.`)
  const counting = [...labels.keys()].filter((row) => weights[row]! > 0)
  if (counting.length === 0)
    throw bad('The weight of every training row is zero, so there is nothing to learn from. Correct the column of weights.')
  const { name } = objective
  if (name === 'poisson' || name === 'gamma') {
    const row = counting.find((each) => !(name === 'gamma' ? labels[each]! > 0 : labels[each]! >= 0))
    if (row !== undefined)
      throw bad(
        name === 'gamma'
          ? `The target of training row ${row + 1} is ${labels[row]!}, but gamma regression needs amounts above zero. Leave such rows out, or choose the Poisson or squared objective.`
          : `The target of training row ${row + 1} is ${labels[row]!}, but Poisson regression needs counts from zero on. Correct the column, or choose the squared objective.`
      )
  }
  if (name === 'poisson' && counting.every((row) => labels[row] === 0))
    throw bad('Every count in the target is zero, so no rate can be learned. Use rows of a longer time, or another target.')
  if (name === 'logistic' && counting.every((row) => labels[row] === labels[counting[0]!]))
    throw bad(
      'All training rows with a weight above zero have the same outcome. Correct the column of weights, or add rows of the other one.'
    )
}
