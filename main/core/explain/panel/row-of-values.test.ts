import { expect, it } from 'vitest'
import { farthestSeconds } from '../../../model/point-in-time'
import { modelSignatureSchema } from '../../../model/training'
import { cellWords } from '../narrative'
import { rowOfValues } from './row-of-values'

const signature = modelSignatureSchema.parse({
  ...{ schema: 'drydock.model-signature', version: 1, task: 'binary-classification', algorithm: 'script', notes: [], outputs: [] },
  target: { name: 'y', kind: 'number', positive: 1, negatives: [0] },
  inputs: [{ name: 'seen', input: 'seen', kind: 'timestamp', tensor: 'float', missing: 'NaN', missingShare: 0 }]
})

it('takes points in time that a calendar reaches, refuses others by their column, and writes both', () => {
  expect(rowOfValues(signature, { seen: -farthestSeconds }).columns.get('seen')).toMatchObject({ kind: 'timestamp' })
  for (const seen of [1e30, -8.65e12]) expect(() => rowOfValues(signature, { seen })).toThrow(/no point in time that "seen" can have/)
  expect(cellWords(farthestSeconds, 'timestamp')).toBe('+275760-09-13')
  expect(cellWords(farthestSeconds - 1, 'timestamp')).toBe('+275760-09-12T23:59:59Z')
  expect(cellWords(1e30, 'timestamp')).toBe('\u2013')
})
