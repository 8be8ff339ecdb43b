import { expect, it } from 'vitest'
import type { Reproduction } from '../model/reproduction'
import { describeReproduction } from './reproduce-work'

const found = (change: Partial<Reproduction>): Reproduction => ({
  ...{ schema: 'drydock.reproduction', version: 1, of: 'loans@1', same: true, differences: [], compared: [] },
  ...{ leftOut: [], ran: true, environment: [], seconds: 2, ...change }
})
const head = (change: Partial<Reproduction>): string => describeReproduction(found(change))[0]!

it('names what was compared, and no more', () => {
  const compared = ['input dataset (loans)', 'model.onnx', 'signature.json', 'metric auc', 'metric brier', 'row scores']
  expect(head({ compared })).toBe('The same: 1 input, model.onnx, signature.json, row scores, 2 metrics (2.0 s).')
  expect(head({ compared: ['metric auc'], same: false })).toBe(
    'Not shown to be the same: the record names no model to compare. Compared and the same: 1 metric.'
  )
  expect(head({ compared, same: false, differences: [{ what: 'metric auc', recorded: '1', fresh: '2' }] })).toBe(
    'Not the same: 1 of 6 things compared.'
  )
})
