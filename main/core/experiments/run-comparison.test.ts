import { describe, expect, it } from 'vitest'
import type { RunDetail, RunMetric } from '../../model/run'
import { compareRuns } from './run-comparison'
import { runDetail } from '../../testing/sample-runs'

const around = (value: number, reach: number): RunMetric => ({ value, low: value - reach, high: value + reach })

const aRun = (
  name: string,
  metrics: Record<string, RunMetric>,
  testData: string | null = 'a'.repeat(64),
  status: RunDetail['status'] = 'finished'
) => runDetail(name, { metrics, testData, status, trainingData: 'f'.repeat(64), environment: { 'hardware.cpu': 'one' } })
const metricOf = (runs: RunDetail[], key: string) => compareRuns(runs).metrics.find((metric) => metric.key === key)!

describe('the comparison of runs', () => {
  it('calls a run best beyond noise only against every other one, and more strictly the more there are', () => {
    const clear = [aRun('a', { auc: around(0.8, 0.03) }), aRun('b', { auc: around(0.85, 0.03) })]
    expect(metricOf(clear, 'auc')).toMatchObject({ best: 1, separated: true, comparable: [true, true] })
    // The same gap among twenty: the best of many looks better than it is.
    const many = [...clear, ...Array.from({ length: 18 }, (_, n) => aRun(`c${n}`, { auc: around(0.8, 0.03) }))]
    expect(metricOf(many, 'auc')).toMatchObject({ best: 1, separated: false })
    expect(metricOf([...clear, aRun('d', { auc: { value: 0.5, low: null, high: null } })], 'auc')).toMatchObject({
      best: 1,
      separated: false
    })
  })

  it('takes the lower end for a loss, and neither for a metric of which nobody said', () => {
    const runs = [
      aRun('a', { log_loss: around(0.3, 0.01), rmse: around(3, 0.1) }),
      aRun('b', { log_loss: around(0.2, 0.01), rmse: around(1, 0.1) })
    ]
    expect(metricOf(runs, 'log_loss')).toMatchObject({ direction: 'lower', best: 1, separated: true })
    expect(metricOf(runs, 'rmse')).toMatchObject({ direction: null, best: null, separated: false, differs: true })
  })

  it('does not compare figures of other test data, but still times and sizes', () => {
    const metrics = (auc: number, seconds: number) => ({ auc: around(auc, 0.01), train_seconds: around(seconds, 0) })
    const runs = [aRun('a', metrics(0.7, 3)), aRun('b', metrics(0.9, 2), 'b'.repeat(64)), aRun('c', metrics(0.8, 4))]
    expect(metricOf(runs, 'auc')).toMatchObject({ comparable: [true, false, true], best: 2, separated: true })
    expect(metricOf(runs, 'train_seconds')).toMatchObject({ comparable: [true, true, true], best: 1 })
    expect(compareRuns(runs).warnings.join()).toContain('1 of 3 runs was judged on other test data')
    expect(metricOf(runs.slice(0, 2), 'auc')).toMatchObject({ best: null, separated: false })
  })

  it('compares over the rows of the baseline, and over those of the first judged run where it was not judged', () => {
    const [one, two] = ['a'.repeat(64), 'b'.repeat(64)]
    const judged = (name: string, rows: string | null) => aRun(name, { auc: around(0.8, 0.01) }, rows)
    const comparable = (...rows: (string | null)[]) =>
      metricOf(
        rows.map((each, at) => judged(`r${at}`, each)),
        'auc'
      ).comparable
    expect(comparable(one, two, two)).toEqual([true, false, false])
    expect(comparable(two, one, two)).toEqual([true, false, true])
    expect(comparable(null, two, one, two)).toEqual([false, true, false, true])
    expect(comparable(null, null)).toEqual([true, true])
    expect(compareRuns([judged('a', null), judged('b', two), judged('c', one)]).warnings.join()).toContain(
      '1 of 3 runs was judged on other test data'
    )
  })

  it('says which run was judged on the rows that it was trained on', () => {
    const { warnings } = compareRuns([aRun('a', {}, 'f'.repeat(64)), aRun('b', {}), aRun('c', {}, null)])
    expect(warnings.filter((warning) => warning.includes('trained on'))).toEqual([
      'a: Judged on the rows that the model was trained on: these figures say nothing about new rows.'
    ])
  })

  it('says which run was judged on rows of its training in part, and calls it best only where these are few', () => {
    const sharing = (rowsShared: number | null) => ({
      ...aRun('a', { auc: around(0.9, 0.01), train_seconds: around(1, 0) }),
      rowsJudged: 1000,
      rowsShared
    })
    const others = [
      aRun('b', { auc: around(0.8, 0.01), train_seconds: around(2, 0) }),
      aRun('c', { auc: around(0.7, 0.01), train_seconds: around(3, 0) })
    ]
    const said = (rowsShared: number | null) => compareRuns([sharing(rowsShared), ...others]).warnings
    expect(said(11)).toEqual(['a: 11 of the judged rows (1.1%) stand in the training rows too: these figures say little about new rows.'])
    expect(said(10)).toEqual(['a: 10 of the judged rows (1.0%) stand in the training rows too.'])
    expect([said(0), said(null)]).toEqual([[], []])
    const best = (rowsShared: number, key: string) => metricOf([sharing(rowsShared), ...others], key).best
    expect([best(10, 'auc'), best(11, 'auc'), best(11, 'train_seconds')]).toEqual([0, 1, 0])
  })

  it('says which runs did not finish or were not judged', () => {
    const { warnings } = compareRuns([aRun('a', {}), aRun('b', {}, null, 'failed')])
    expect(warnings.join()).toMatch(/not evaluated on test data.*1 of 2 runs did not finish/)
  })
})
