import { expect, it } from 'vitest'
import type { CrossValidation } from '../../../main/model/cross-validation'
import { timeWriter } from './fold-times'

const written = (testFrom: number, kind?: 'timestamp' | 'number'): string =>
  timeWriter({
    design: { by: 'time', column: 'day', folds: 2, repeats: 1, kind },
    folds: [{ window: { testFrom } }] as CrossValidation['folds']
  })(testFrom)

it('writes points in time as days and numbers as numbers, however large', () => {
  expect(written(1_704_067_200, 'timestamp')).toBe('2024-01-01')
  expect(written(86_400, 'timestamp')).toBe('1970-01-02')
  expect(written(1_704_067_200, 'number')).toBe('1704067200')
})

it('takes large numbers of older documents for seconds, but not beyond what a date can be', () => {
  expect(written(1_704_067_200)).toBe('2024-01-01')
  expect(written(12)).toBe('12')
  expect(written(1_704_067_200_000_000)).toBe('1704067200000000')
})
