import { expect, it } from 'vitest'
import type { FoldResult } from '../../model/cross-validation'
import { summarise } from './summarise'

const fold = (at: number, metrics: FoldResult['metrics']): FoldResult => ({
  ...{ repeat: 1, fold: at, training: 40, test: 20, parameters: {}, iterations: 1 },
  metrics
})

it('keeps an interval within what the figure can be: no share is below nothing, and skill can be', () => {
  const found = summarise([
    fold(1, { recall: 0.02, auc: 0.99, log_loss: 0.01, log_loss_skill: -0.3, r2: 0.1 }),
    fold(2, { recall: 0.4, auc: 0.5, log_loss: 0.9, log_loss_skill: 0.3, r2: -0.5 })
  ])
  expect(found.recall).toMatchObject({ lower: 0 })
  expect(found.auc).toMatchObject({ upper: 1 })
  expect(found.log_loss).toMatchObject({ lower: 0 })
  expect(found.log_loss_skill!.lower).toBeLessThan(-0.3)
  expect(found.r2!.lower).toBeLessThan(-0.5)
})
