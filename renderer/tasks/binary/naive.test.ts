import { expect, it } from 'vitest'
import type { BinaryEvaluation } from '../../../main/model/evaluation'
import { besideNaive } from './naive'

const judged = (auc: [number, number, number] | null, skill: [number, number, number]) => {
  const estimate = ([value, lower, upper]: [number, number, number]) => ({ value, interval: { lower, upper, level: 0.95 } })
  return {
    rows: { judged: 200, positives: 50 },
    metrics: { auc: auc ? estimate(auc) : { value: 0.6, interval: null }, brier_skill: estimate(skill) }
  } as unknown as BinaryEvaluation
}

it('says better or worse than a model that knows nothing only where the whole interval does', () => {
  expect(besideNaive(judged([0.7, 0.6, 0.8], [-0.1, -0.2, -0.01])).map(({ status, text }) => [status, text])).toEqual([
    ['ok', 'Ranks better than chance: AUC 0.700 (95% CI 0.600 to 0.800); 0.5 is chance.'],
    [
      'error',
      expect.stringMatching(/^Its probabilities say less than the base rate: Brier skill .0\.100 .*; 0 is stating 25\.0% for every row\.$/)
    ]
  ])
  expect(besideNaive(judged([0.55, 0.49, 0.61], [0.02, 0, 0.05])).map(({ status, text }) => [status, text.split(':')[0]])).toEqual([
    ['warn', 'Whether it ranks better than chance cannot be told'],
    ['warn', 'Whether its probabilities say more than the base rate cannot be told']
  ])
  expect(besideNaive(judged([0.4, 0.3, 0.49], [0.1, 0.05, 0.2]))[0]).toMatchObject({ status: 'error' })
  expect(besideNaive(judged(null, [0.1, 0.05, 0.2]))[0]?.text).toContain('has no interval')
})
