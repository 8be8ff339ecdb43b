import { expect, it } from 'vitest'
import { explainableBoostingParametersSchema } from '../../../model/training-parameters/explainable-boosting'
import { settlePairs } from './pair-count'

it('gives tables of many rows fewer pairs, and what was asked for to all', () => {
  const pairsOf = (given: object, rows: number): number => settlePairs(explainableBoostingParametersSchema.parse(given), given, rows).pairs
  expect([pairsOf({}, 5000), pairsOf({}, 5001)]).toEqual([10, 5])
  expect([pairsOf({ pairs: 20 }, 100_000), pairsOf({ pairs: 0 }, 100_000)]).toEqual([20, 0])
})
