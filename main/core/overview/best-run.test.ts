import { expect, it } from 'vitest'
import { plainMetrics, runSummary } from '../../testing/sample-runs'
import { bestRunOf } from './best-run'

const [train, test] = ['a'.repeat(64), 'b'.repeat(64)]
const run = (name: string, auc: number | null, testData: string | null, rowsShared: number | null = null) =>
  runSummary(name, { metrics: auc === null ? {} : plainMetrics({ auc }), testData, trainingData: train, rowsJudged: 1000, rowsShared })

it('is never one that was judged on its training rows, however good its figure is', () => {
  expect(bestRunOf([run('own', 1, train), run('good', 0.8, test), run('bad', 0.6, test)], 'auc')).toMatchObject({
    name: 'good',
    value: 0.8
  })
  expect(bestRunOf([run('own', 1, train), run('none', null, null)], 'auc')).toBeNull()
})

it('is never one of whose judged rows more than 1% stand in the training rows, but may be one that shares fewer', () => {
  expect(bestRunOf([run('many', 0.9, test, 11), run('few', 0.8, test, 10), run('none', 0.7, test, 0)], 'auc')?.name).toBe('few')
})

it('is never one whose groups are on both sides of its split, or which learned from later rows', () => {
  const group = { column: 'patient', role: 'group' as const, shared: 1, of: 40, rows: 3 }
  const time = { column: 'day', overlap: 1, of: 300, trainingEnds: '2024-02-01', judgedBegins: '2024-01-31' }
  const tied = (name: string, groups: (typeof group)[], times: (typeof time)[]) => ({
    ...run(name, 0.9, test, 0),
    splitCheck: { judgedRows: 1000, groups, times }
  })
  const apart = { ...tied('apart', [{ ...group, shared: 0, rows: 0 }], [{ ...time, overlap: 0 }]), metrics: plainMetrics({ auc: 0.7 }) }
  expect(bestRunOf([tied('known again', [group], []), tied('later', [], [time]), apart], 'auc')?.name).toBe('apart')
})

it('comes with its interval, its gate and its place, so that it is not called the best where others may be as good', () => {
  const auc = { value: 0.8, low: 0.75, high: 0.85 }
  const rank = { from: 1, to: 2, of: 2 }
  const gate = 'fail' as const
  expect(bestRunOf([{ ...run('good', 0.8, test), metrics: { auc }, rank, gate }], 'auc')).toMatchObject({ ...auc, rank, gate })
})

it('is never one of a program that logged the figure itself', () => {
  expect(bestRunOf([run('boast', 0.9999, null), run('good', 0.8, test)], 'auc')).toMatchObject({ name: 'good', value: 0.8 })
  expect(bestRunOf([run('boast', 0.9999, null)], 'auc')).toBeNull()
})
