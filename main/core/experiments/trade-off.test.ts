import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MOST_COMPARED, type ComparedPair, type PairVerdict, type RunSummary } from '../../model/run'
import { plainMetrics, runDetail, runSummary } from '../../testing/sample-runs'
import type { JudgedMetric } from './compare-metric'
import type { JudgedTogether } from './judged-together'
import { compareRuns } from './run-comparison'
import { deriveTradeOff, standingsOf } from './trade-off'

const run = (index: number, metrics: Record<string, number>) => runSummary(`run ${index}`, { metrics: plainMetrics(metrics) })
/** Runs whose evaluations kept no scores: their own intervals tell. */
const apart: JudgedTogether = { places: new Map(), comparison: null, elsewhere: new Set(), warnings: [] }
const standings = async (runs: RunSummary[], x: string, y: string, isJudged = true) =>
  (await deriveTradeOff(runs, [x, y], isJudged ? { together: async () => apart } : {})).points.map((point) => point.standing)

/** A metric of known values, and of verdicts that a test draws for each pair that has different values. */
function axis(
  key: string,
  direction: 'higher' | 'lower' | null,
  values: readonly number[],
  tells: (a: number, b: number) => boolean
): JudgedMetric {
  const sign = direction === 'lower' ? -1 : 1
  const verdictOf = (a: number, b: number): PairVerdict => {
    const gain = sign * (values[a]! - values[b]!)
    return direction === null || !tells(Math.min(a, b), Math.max(a, b))
      ? 'cannot-be-told'
      : gain > 0
        ? 'better'
        : gain < 0
          ? 'worse'
          : 'same'
  }
  return {
    key,
    direction,
    values: values.map((value) => ({ value, low: null, high: null })),
    comparable: values.map(() => true),
    isSound: values.map(() => true),
    pair: (a, b) => ({ verdict: verdictOf(a, b) }) as ComparedPair
  }
}

describe('how runs stand between two metrics', () => {
  const small = fc.integer({ min: 0, max: 6 })
  it('leads exactly who is not beaten in the values, by direction, and behind is exactly whom verdicts put there (against all pairs)', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(small, small), { minLength: 1, maxLength: 25 }), fc.integer(), (pairs, salt) => {
        const tells = (key: number) => (a: number, b: number) => ((a * 31 + b * 17 + key * 7 + salt) >>> 1) % 3 !== 0
        const [auc, brier] = [pairs.map(([value]) => value), pairs.map(([, value]) => value)]
        const axes = [axis('auc', 'higher', auc, tells(1)), axis('brier', 'lower', brier, tells(2))] as const
        const found = standingsOf(pairs.length, axes)
        for (const a of pairs.keys()) {
          const isBeaten = [...pairs.keys()].some(
            (b) => auc[b]! >= auc[a]! && brier[b]! <= brier[a]! && (auc[b]! > auc[a]! || brier[b]! < brier[a]!)
          )
          const isBehind = [...pairs.keys()].some((b) => {
            const told = axes.map(({ pair }) => pair(b, a)!.verdict)
            return told.includes('better') && told.every((verdict) => verdict === 'better' || verdict === 'same')
          })
          expect(found[a]).toBe(!isBeaten ? 'leads' : isBehind ? 'behind' : 'open')
        }
      })
    )
  })

  it('no run that cannot be told from another is behind it, and a time counts by its value only beside a verdict', () => {
    const never = () => false
    const seconds = [1, 2, 3]
    const lies = (auc: number[], tells: (a: number, b: number) => boolean) =>
      standingsOf(3, [axis('latency_p50', 'lower', seconds, never), axis('auc', 'higher', auc, tells)])
    expect(lies([0.9, 0.8, 0.7], never)).toEqual(['leads', 'open', 'open'])
    // The third is told from the first, which is also faster; the second from nobody.
    expect(lies([0.9, 0.8, 0.7], (a, b) => a === 0 && b === 2)).toEqual(['leads', 'open', 'behind'])
    // A better one that is slower leaves nobody behind.
    expect(lies([0.7, 0.8, 0.9], () => true)).toEqual(['leads', 'leads', 'leads'])
    const times = [axis('latency_p50', 'lower', seconds, never), axis('latency_p99', 'lower', seconds, never)] as const
    expect(standingsOf(3, times)).toEqual(['leads', 'open', 'open'])
    // Nobody said which way is better: nobody leads, nobody is behind.
    expect(standingsOf(3, [axis('mine', null, [1, 2, 3], () => true), axis('auc', 'higher', [1, 2, 3], () => true)])).toEqual([
      'open',
      'open',
      'open'
    ])
  })
})

describe('trade-off of two metrics', () => {
  const around = (value: number, reach: number) => ({ value, low: value - reach, high: value + reach })
  const rows = 'b'.repeat(64)
  const judged = (index: number, auc: number, brier: number, change: Partial<RunSummary> = {}) =>
    runSummary(`run ${index}`, { metrics: { auc: around(auc, 0.02), brier: around(brier, 0.02) }, testData: rows, ...change })

  it('says the word of the comparison of the same runs: behind is whom the first is better than beyond chance', async () => {
    const runs = [judged(0, 0.9, 0.1), judged(1, 0.89, 0.11), judged(2, 0.5, 0.11), judged(3, 0.5, 0.4)]
    expect(await standings(runs, 'auc', 'brier')).toEqual(['leads', 'open', 'open', 'behind'])
    const details = runs.map((each, index) => runDetail(`run ${index}`, each))
    const { metrics } = await compareRuns(details, { baseline: runs[0]!.id, together: async () => apart })
    const words = (key: string) => metrics.find((metric) => metric.key === key)!.pairs.map((pair) => pair?.verdict)
    expect(words('auc')).toEqual([undefined, 'cannot-be-told', 'worse', 'worse'])
    expect(words('brier')).toEqual([undefined, 'cannot-be-told', 'cannot-be-told', 'worse'])
  })

  it('puts nobody behind before the rows were looked at, nor where there are too many runs for all pairs', async () => {
    const two = [judged(0, 0.9, 0.1), judged(1, 0.5, 0.4)]
    expect(await standings(two, 'auc', 'brier', false)).toEqual(['leads', 'open'])
    expect((await deriveTradeOff(two, ['auc', 'brier'])).basis).toBe('not-judged-yet')
    const many = Array.from({ length: MOST_COMPARED + 1 }, (_, index) => judged(index, 0.9 - index / 100, 0.1 + index / 100))
    const { basis, points } = await deriveTradeOff(many, ['auc', 'brier'], { together: () => Promise.reject(new Error('looked at rows')) })
    expect([basis, new Set(points.slice(1).map((point) => point.standing))]).toEqual(['too-many', new Set(['open'])])
    expect((await standings(many.slice(1), 'auc', 'brier')).at(-1)).toBe('behind')
  })

  it('leaves out what was found on other rows than those of the baseline, and lets it keep nobody from the lead; times are of all', async () => {
    const runs = [
      judged(0, 0.8, 0.2, { testData: 'c'.repeat(64), startedAt: '2026-01-02T00:00:00.000Z' }),
      judged(1, 0.7, 0.3),
      { ...judged(2, 0.5, 0.5), metrics: { ...judged(2, 0.5, 0.5).metrics, ...plainMetrics({ latency_p50: 1, latency_p99: 1 }) } }
    ]
    expect(await standings(runs, 'auc', 'brier')).toEqual(['left-out', 'leads', 'behind'])
    const timed = runs.map((each) => ({ ...each, metrics: plainMetrics({ latency_p50: 1, latency_p99: 1 }) }))
    expect(await standings(timed, 'latency_p50', 'latency_p99')).toEqual(['leads', 'leads', 'leads'])
  })

  it('leaves out a figure that was found on training rows, and lets it keep nobody from the lead', async () => {
    const runs = [
      { ...run(1, { auc: 1, latency_p50: 1, latency_p99: 1 }), testData: rows, trainingData: rows },
      { ...run(2, { auc: 0.8, latency_p50: 2, latency_p99: 2 }), testData: rows, trainingData: 'a'.repeat(64) },
      { ...run(3, { auc: 0.7, latency_p50: 3, latency_p99: 3 }), testData: rows }
    ]
    expect(await standings(runs, 'auc', 'latency_p50')).toEqual(['left-out', 'leads', 'open'])
    expect(await standings(runs, 'latency_p99', 'latency_p50')).toEqual(['leads', 'open', 'open'])
  })

  it('leaves out a run whose groups are on both sides of its split', async () => {
    const group = { column: 'patient', role: 'group' as const, of: 40, rows: 3 }
    const lies = (shared: number) =>
      standings(
        [judged(1, 0.9, 0.1, { splitCheck: { judgedRows: 100, groups: [{ ...group, shared }], times: [] } }), judged(2, 0.5, 0.4)],
        'auc',
        'brier'
      )
    expect([await lies(1), await lies(0)]).toEqual([
      ['left-out', 'leads'],
      ['leads', 'behind']
    ])
  })

  it('leaves out a run of whose rows more than 1% are training rows; fewer do no harm, and nothing known is no reproach', async () => {
    const known = { testData: rows, trainingData: 'a'.repeat(64), rowsJudged: 1000 }
    const lies = (rowsShared: number | null) =>
      standings(
        [
          { ...run(1, { auc: 1, latency_p50: 1 }), ...known, rowsShared },
          { ...run(2, { auc: 0.8, latency_p50: 2 }), testData: rows }
        ],
        'auc',
        'latency_p50'
      )
    expect(await lies(11)).toEqual(['left-out', 'leads'])
    expect(await lies(10)).toEqual(['leads', 'open'])
    expect(await lies(null)).toEqual(['leads', 'open'])
  })

  it('counts runs that lack a metric and leaves them out', async () => {
    const { points, without } = await deriveTradeOff([run(1, { auc: 0.8 }), run(2, { auc: 0.7, brier: 0.1 })], ['auc', 'brier'])
    expect(without).toBe(1)
    expect(points.map((point) => [point.name, point.standing])).toEqual([['run 2', 'leads']])
    expect(await deriveTradeOff([], ['auc', 'brier'])).toEqual({ without: 0, basis: 'not-judged-yet', points: [] })
  })
})
