import { expect, it } from 'vitest'
import { RunId } from '../../model/reference'
import type { RunSummary } from '../../model/run'
import { bestRunOf } from './best-run'

const [train, test] = ['a'.repeat(64), 'b'.repeat(64)]
const run = (name: string, auc: number | null, testData: string | null): RunSummary => ({
  id: RunId.parse(Buffer.from(name).toString('hex').padStart(32, '0')),
  experiment: 'e',
  name,
  status: 'finished',
  algorithm: 'a',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  duration: null,
  pipeline: null,
  pipelineRun: null,
  parameters: {},
  metrics: auc === null ? {} : { auc: { value: auc, low: null, high: null } },
  tags: {},
  registered: [],
  gate: null,
  testData,
  trainingData: train
})

it('is never one that was judged on its training rows, however good its figure is', () => {
  expect(bestRunOf([run('own', 1, train), run('good', 0.8, test), run('bad', 0.6, test)], 'auc')).toMatchObject({
    name: 'good',
    value: 0.8
  })
  expect(bestRunOf([run('own', 1, train), run('none', null, null)], 'auc')).toBeNull()
})
