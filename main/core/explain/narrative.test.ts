import { expect, it } from 'vitest'
import { modelSignatureSchema } from '../../model/training'
import { columnFrom } from './cells'
import { tellRow } from './narrative'
import { decisionPage } from './sheet'

const signature = modelSignatureSchema.parse({
  ...{ schema: 'drydock.model-signature', version: 1, task: 'binary-classification', algorithm: 'script', notes: [] },
  target: { name: 'y', kind: 'number', positive: 1, negatives: [0] },
  inputs: [{ name: 'a', input: 'a', kind: 'number', tensor: 'float', missing: 'NaN', missingShare: 0 }],
  outputs: [{ name: 'probabilities', tensor: 'float', shape: '[N, 2]', description: '' }]
})
const frame = { rows: 1, columns: new Map([['a', columnFrom('number', [3])]]) }
/** A margin of 0.4, which would be a probability of 0.6; the calibrated model states 0.03. */
const found = {
  rows: 1,
  contributions: Float64Array.of(0.3),
  margins: Float64Array.of(0.4),
  scores: Float64Array.of(0.03),
  errors: null
}
const tell = (calibrated: boolean, space: 'log-odds' | 'probability' = 'log-odds') =>
  tellRow({ features: ['a'], outputs: ['1'], base: Float64Array.of(0.1), calibrated }, { signature, frame, found, row: 0 }, space, null)

it('a corrected probability is not said to be the margin from before the correction', () => {
  expect(tell(true).narrative[0]).toBe(
    'The model gives row 1 a probability of 0.03 that "y" is 1. Before its probabilities were corrected it gave, in log-odds, 0.4; rows get 0.1 on average.'
  )
  expect(tell(false).narrative[0]).toMatch(/In log-odds that is 0\.4; rows get 0\.1 on average\.$/)
  const pageOf = (isCalibrated: boolean) =>
    decisionPage({
      ...{ row: tell(isCalibrated), signature, at: '2026-01-01T00:00:00.000Z' },
      explanation: {
        ...{ model: { sha256: 'a'.repeat(64) as never }, target: 'y', space: 'log-odds', method: 'interventional' },
        ...(isCalibrated && { calibrated: true }),
        background: { rows: 5, from: 'training rows' }
      }
    })
  expect(pageOf(true)).toContain('This row, before the correction')
  expect(pageOf(false)).not.toContain('before the correction')
})

it('an answer that contributions add up to is told once', () => {
  expect(tell(false, 'probability').narrative[0]).toBe(
    'The model gives row 1 a probability of 0.03 that "y" is 1; rows get 0.1 on average.'
  )
})
