import { describe, expect, it } from 'vitest'
import type { RunDetail, RunMetric } from '../../model/run'
import type { JudgedTogether } from './judged-together'
import { compareRuns as compareWith, type ComparisonChoices } from './run-comparison'
import { runDetail } from '../../testing/sample-runs'

const around = (value: number, reach: number): RunMetric => ({ value, low: value - reach, high: value + reach })

const aRun = (
  name: string,
  metrics: Record<string, RunMetric>,
  testData: string | null = 'a'.repeat(64),
  status: RunDetail['status'] = 'finished'
) => runDetail(name, { metrics, testData, status, trainingData: 'f'.repeat(64), environment: { 'hardware.cpu': 'one' } })
/** Runs whose evaluations kept no scores: nothing but their intervals tells. */
const apart: JudgedTogether = { places: new Map(), comparison: null, elsewhere: new Set(), warnings: [] }
const compareRuns = (runs: RunDetail[], choices: ComparisonChoices = {}) =>
  compareWith(runs, { baseline: runs[0]!.id, together: async () => apart, ...choices })
const metricOf = async (runs: RunDetail[], key: string) => (await compareRuns(runs)).metrics.find((metric) => metric.key === key)!
const warningsOf = async (runs: RunDetail[]) =>
  (await compareRuns(runs)).warnings.filter((warning) => !warning.includes('before the scores of single rows were kept'))

describe('the comparison of runs', () => {
  it('calls a run best beyond noise only against every other one, and more strictly the more there are', async () => {
    const clear = [aRun('a', { auc: around(0.8, 0.03) }), aRun('b', { auc: around(0.85, 0.03) })]
    expect(await metricOf(clear, 'auc')).toMatchObject({ best: 1, separated: true, comparable: [true, true] })
    // The same gap among twenty: the best of many looks better than it is.
    const many = [...clear, ...Array.from({ length: 18 }, (_, n) => aRun(`c${n}`, { auc: around(0.8, 0.03) }))]
    expect(await metricOf(many, 'auc')).toMatchObject({ best: 1, separated: false })
    expect(await metricOf([...clear, aRun('d', { auc: { value: 0.5, low: null, high: null } })], 'auc')).toMatchObject({
      best: 1,
      separated: false
    })
  })

  it('tells no runs apart whose rows come in too few clusters, but still times', async () => {
    const runs = [
      aRun('a', { auc: around(0.7, 0.01), train_seconds: around(3, 0) }),
      aRun('b', { auc: around(0.9, 0.01), train_seconds: around(2, 0) })
    ]
    const comparison = { rows: 90, areFewClusters: true, value: () => NaN, difference: () => null }
    const together = async () => ({ ...apart, places: new Map(runs.map(({ id }, place) => [id, place])), comparison })
    const { metrics } = await compareRuns(runs, { together })
    const verdictOf = (key: string) => metrics.find((metric) => metric.key === key)!.pairs[1]!.verdict
    expect([verdictOf('auc'), verdictOf('train_seconds')]).toEqual(['cannot-be-told', 'better'])
  })

  it('holds no costs or gaps of other rules against each other, however far apart their intervals are, and those of the same it does', async () => {
    const metrics = (cost: number) => ({ decision_cost: around(cost, 0.01), accuracy: around(cost, 0.01) })
    const runs = [aRun('a', metrics(0.5)), aRun('b', metrics(0.3)), aRun('c', metrics(0.1))]
    const together = async (): Promise<JudgedTogether> => ({
      ...apart,
      whyApart: (key, ...two) => (key === 'decision_cost' && two.includes(runs[2]!.id) ? 'counted by other costs' : null)
    })
    const { metrics: found } = await compareRuns(runs, { together })
    const cost = found.find(({ key }) => key === 'decision_cost')!
    expect(cost).toMatchObject({ best: 1, separated: true, rival: { run: 0, pair: { verdict: 'better' } } })
    const none = { difference: null, p: null, method: 'none', verdict: 'not-comparable', why: 'counted by other costs' }
    expect(cost.pairs[2]).toMatchObject(none)
    expect(found.find(({ key }) => key === 'accuracy')!.pairs[2]!.verdict).toBe('worse')
    const { metrics: two } = await compareRuns([runs[0]!, runs[2]!], { together })
    expect(two.find(({ key }) => key === 'decision_cost')).toMatchObject({ best: null, separated: false, pairs: [null, none] })
  })

  it('takes the lower end for a loss, and neither for a metric of which nobody said', async () => {
    const runs = [
      aRun('a', { log_loss: around(0.3, 0.01), own_score: around(3, 0.1) }),
      aRun('b', { log_loss: around(0.2, 0.01), own_score: around(1, 0.1) })
    ]
    expect(await metricOf(runs, 'log_loss')).toMatchObject({ direction: 'lower', best: 1, separated: true })
    expect(await metricOf(runs, 'own_score')).toMatchObject({ direction: null, best: null, separated: false, differs: true })
  })

  it('does not compare figures of other test data, but still times and sizes', async () => {
    const metrics = (auc: number, seconds: number) => ({ auc: around(auc, 0.01), train_seconds: around(seconds, 0) })
    const runs = [aRun('a', metrics(0.7, 3)), aRun('b', metrics(0.9, 2), 'b'.repeat(64)), aRun('c', metrics(0.8, 4))]
    expect(await metricOf(runs, 'auc')).toMatchObject({ comparable: [true, false, true], best: 2, separated: true })
    expect(await metricOf(runs, 'train_seconds')).toMatchObject({ comparable: [true, true, true], best: 1 })
    expect((await warningsOf(runs)).join()).toContain('1 of 3 runs was judged on other test data')
    expect(await metricOf(runs.slice(0, 2), 'auc')).toMatchObject({ best: null, separated: false })
  })

  it('says of runs of several kinds of question which is which, and that nothing tells the better one', async () => {
    const [yes, amount] = [aRun('a', { auc: around(0.8, 0.01) }), aRun('b', { rmse: around(3, 0.1) }, 'b'.repeat(64))]
    const classes = aRun('c', { log_loss: around(0.3, 0.01), balanced_accuracy: around(0.8, 0.01) }, 'c'.repeat(64))
    const said = (await warningsOf([yes, amount, classes])).join()
    expect(said).toContain('different kinds of question: "a" (yes or no); "c" (one of several classes); "b" (an amount).')
    expect(said).not.toContain('Evaluate all of them on the same split')
    // What several kinds have does not tell which one it is.
    expect((await warningsOf([yes, aRun('d', { log_loss: around(0.3, 0.01) })])).join()).not.toContain('kinds of question')
  })

  it('compares over the rows of the baseline, and over those of the first judged run where it was not judged', async () => {
    const [one, two] = ['a'.repeat(64), 'b'.repeat(64)]
    const judged = (name: string, rows: string | null) => aRun(name, { auc: around(0.8, 0.01) }, rows)
    const comparable = async (...rows: (string | null)[]) =>
      (
        await metricOf(
          rows.map((each, at) => judged(`r${at}`, each)),
          'auc'
        )
      ).comparable
    expect(await comparable(one, two, two)).toEqual([true, false, false])
    expect(await comparable(two, one, two)).toEqual([true, false, true])
    expect(await comparable(null, two, one, two)).toEqual([false, true, false, true])
    expect(await comparable(null, null)).toEqual([true, true])
    expect((await warningsOf([judged('a', null), judged('b', two), judged('c', one)])).join()).toContain(
      '1 of 3 runs was judged on other test data'
    )
  })

  it('says which run was judged on the rows that it was trained on', async () => {
    const warnings = await warningsOf([aRun('a', {}, 'f'.repeat(64)), aRun('b', {}), aRun('c', {}, null)])
    expect(warnings.filter((warning) => warning.includes('trained on'))).toEqual([
      'a: Judged on the rows that the model was trained on: these figures say nothing about new rows.'
    ])
  })

  it('says which run was judged on rows of its training in part, and calls it best only where these are few', async () => {
    const sharing = (rowsShared: number | null) => ({
      ...aRun('a', { auc: around(0.9, 0.01), train_seconds: around(1, 0) }),
      rowsJudged: 1000,
      rowsShared
    })
    const others = [
      aRun('b', { auc: around(0.8, 0.01), train_seconds: around(2, 0) }),
      aRun('c', { auc: around(0.7, 0.01), train_seconds: around(3, 0) })
    ]
    const said = (rowsShared: number | null) => warningsOf([sharing(rowsShared), ...others])
    expect(await said(11)).toEqual([
      'a: 11 of the judged rows (1.1%) stand in the training rows too: these figures say little about new rows.'
    ])
    expect(await said(10)).toEqual(['a: 10 of the judged rows (1.0%) stand in the training rows too.'])
    expect([await said(0), await said(null)]).toEqual([[], []])
    const best = async (rowsShared: number, key: string) => (await metricOf([sharing(rowsShared), ...others], key)).best
    expect([await best(10, 'auc'), await best(11, 'auc'), await best(11, 'train_seconds')]).toEqual([0, 1, 0])
  })

  it('says which runs did not finish or were not judged', async () => {
    const warnings = await warningsOf([aRun('a', {}), aRun('b', {}, null, 'failed')])
    expect(warnings.join()).toMatch(/not evaluated on test data.*1 of 2 runs did not finish/)
  })

  it('has no line for what only repeats an end of an interval, and names runs in the trash and runs that nobody judged', async () => {
    const runs = [aRun('a', { auc: around(0.8, 0.03), auc_lower: around(0.77, 0) }), aRun('b', { auc: around(0.85, 0.03) }, null)]
    const comparison = await compareRuns([{ ...runs[0]!, trashedAt: '2026-01-02T00:00:00.000Z' }, runs[1]!])
    expect(comparison.metrics.map(({ key }) => key)).toEqual(['auc'])
    expect(comparison.warnings.join()).toMatch(/"b": not evaluated on test data; what its training recorded .+"a": in the trash/)
    await expect(compareWith([])).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('No run was named') })
  })

  it('gives one verdict for each run beside the baseline, and best, rival and colours follow from it', async () => {
    const runs = [
      aRun('a', { auc: around(0.8, 0.01) }),
      aRun('b', { auc: around(0.9, 0.01) }),
      aRun('c', { auc: around(0.901, 0.01) }),
      aRun('d', { auc: around(0.7, 0.01) }),
      aRun('e', { auc: { value: 0.8, low: null, high: null } }),
      aRun('f', { auc: around(0.99, 0.01) }, 'b'.repeat(64)),
      aRun('g', {})
    ]
    const auc = await metricOf(runs, 'auc')
    expect(auc.pairs.map((pair) => pair && [pair.verdict, pair.method, pair.why])).toEqual([
      null,
      ['better', 'independent', null],
      ['better', 'independent', null],
      ['worse', 'independent', null],
      ['cannot-be-told', 'none', 'no interval'],
      ['not-comparable', 'none', 'judged on other rows'],
      null
    ])
    expect(auc).toMatchObject({ best: 2, separated: false, rival: { run: 0, pair: { verdict: 'better' } } })
    for (const pair of auc.pairs.flatMap((each) => (each && each.p !== null ? [each] : [])))
      expect(pair.low! > 0 || pair.high! < 0).toBe(pair.p! < 0.05)
    // Held against another run the same pair has the same verdict, turned round.
    const turned = (await compareRuns(runs, { baseline: runs[1]!.id })).metrics.find(({ key }) => key === 'auc')!
    const [there, back] = [auc.pairs[1]!, turned.pairs[1]!]
    expect([back.difference, back.low, back.high, back.p, back.verdict]).toEqual([
      -there.difference!,
      -there.high!,
      -there.low!,
      there.p,
      'worse'
    ])
  })

  it('says of the same difference nothing of a run that learned from judged rows, nor of a metric whose direction nobody said', async () => {
    const runs = [
      aRun('a', { auc: around(0.7, 0.01), mine: around(1, 0.01) }),
      aRun('b', { auc: around(0.9, 0.01), mine: around(2, 0.01) })
    ]
    runs[1] = { ...runs[1]!, rowsJudged: 100, rowsShared: 50 }
    const verdict = async (key: string) => (await metricOf(runs, key)).pairs[1]
    expect(await verdict('auc')).toMatchObject({
      verdict: 'cannot-be-told',
      why: 'the judged rows of one of the two are not apart from its training'
    })
    expect(await verdict('mine')).toMatchObject({ verdict: 'cannot-be-told' })
  })

  it('gives no verdict before the rows were looked at', async () => {
    const comparison = await compareWith([aRun('a', { auc: around(0.7, 0.01) }), aRun('b', { auc: around(0.9, 0.01) })])
    expect(comparison).toMatchObject({ isJudged: false, metrics: [{ pairs: [null, null], separated: false, best: 1 }] })
  })
})

describe('the baseline', () => {
  const at = (name: string, minute: number, change: Partial<RunDetail> = {}): RunDetail => ({
    ...aRun(name, {}),
    startedAt: `2026-01-01T00:0${minute}:00.000Z`,
    ...change
  })
  const [late, early, failed] = [at('late', 3), at('early', 2), at('failed', 1, { status: 'failed', testData: null })]
  const found = async (runs: RunDetail[], baseline?: RunDetail) => {
    const comparison = await compareWith(runs, { baseline: baseline?.id })
    return [comparison.runs.map(({ name }) => name).join(' '), comparison.baseline.reason]
  }
  it('is the one started first, wherever it stands, and none that has no figures', async () => {
    expect(await found([late, early])).toEqual(['early late', 'first'])
    expect(await found([failed, late, early])).toEqual(['early failed late', 'first'])
    expect(await found([failed])).toEqual(['failed', 'first'])
  })
  it('is a registered one before that, and a chosen one before all', async () => {
    const registered = at('known', 4, { registered: ['tides@1'] })
    expect(await found([late, early, registered])).toEqual(['known late early', 'registered'])
    expect(await found([late, early, registered], late)).toEqual(['late early known', 'chosen'])
    await expect(found([early], late)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})
