import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveTradeOff } from './trade-off'
import { plainMetrics, runSummary } from '../../testing/sample-runs'

const run = (index: number, metrics: Record<string, number>) => runSummary(`run ${index}`, { metrics: plainMetrics(metrics) })

describe('trade-off of two metrics', () => {
  it('marks exactly the runs that none beats, by direction (against comparing all pairs)', () => {
    const small = fc.integer({ min: 0, max: 6 })
    fc.assert(
      fc.property(fc.array(fc.tuple(small, small), { maxLength: 40 }), (pairs) => {
        const runs = pairs.map(([auc, latency], index) => run(index, { auc, latency_p50: latency }))
        const { points } = deriveTradeOff(runs, 'auc', 'latency_p50')
        for (const [index, [auc, latency]] of pairs.entries()) {
          const beaten = pairs.some(([a, l]) => a >= auc && l <= latency && (a > auc || l < latency))
          expect(points[index].front).toBe(!beaten)
        }
      })
    )
  })

  it('puts no figure on the front that was found on training rows, and lets it keep nobody from there', () => {
    const rows = 'a'.repeat(64)
    const runs = [
      { ...run(1, { auc: 1, latency_p50: 1, latency_p99: 1 }), testData: rows, trainingData: rows },
      { ...run(2, { auc: 0.8, latency_p50: 2, latency_p99: 2 }), testData: 'b'.repeat(64), trainingData: rows },
      run(3, { auc: 0.7, latency_p50: 3, latency_p99: 3 })
    ]
    const front = (y: string) => deriveTradeOff(runs, y, 'latency_p50').points.map((point) => point.front)
    expect(front('auc')).toEqual([false, true, false])
    expect(front('latency_p99')).toEqual([true, false, false])
  })

  it('puts no figure on the front of whose rows more than 1% are training rows; fewer do no harm, and nothing known is no reproach', () => {
    const rows = { testData: 'b'.repeat(64), trainingData: 'a'.repeat(64), rowsJudged: 1000 }
    const front = (rowsShared: number | null) =>
      deriveTradeOff(
        [{ ...run(1, { auc: 1, latency_p50: 1 }), ...rows, rowsShared }, run(2, { auc: 0.8, latency_p50: 2 })],
        'auc',
        'latency_p50'
      ).points.map((point) => point.front)
    expect(front(11)).toEqual([false, true])
    expect(front(10)).toEqual([true, false])
    expect(front(null)).toEqual([true, false])
  })

  it('counts runs that lack a metric and leaves them out', () => {
    const { points, without } = deriveTradeOff([run(1, { auc: 0.8 }), run(2, { auc: 0.7, brier: 0.1 })], 'auc', 'brier')
    expect(without).toBe(1)
    expect(points.map((point) => [point.name, point.front])).toEqual([['run 2', true]])
  })
})
