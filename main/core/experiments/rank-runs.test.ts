import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeRank, isBest, rankText } from '../../model/run-rank'
import type { RunSummary } from '../../model/run'
import { runSummary } from '../../testing/sample-runs'
import { queryRuns } from './run-queries'
import { rankRuns } from './rank-runs'

const [train, test] = ['a'.repeat(64), 'b'.repeat(64)]
const run = (name: string, value: number, reach: number | null = 0.01, change: Partial<RunSummary> = {}) =>
  runSummary(name, {
    metrics: { auc: { value, low: reach === null ? null : value - reach, high: reach === null ? null : value + reach } },
    testData: test,
    trainingData: train,
    ...change
  })
const ranksOf = (runs: RunSummary[], metric = 'auc') => runs.map(({ id }) => rankRuns(runs, metric).get(id)!)
const texts = (runs: RunSummary[], metric?: string) => ranksOf(runs, metric).map(rankText)

it('puts a run behind another only beyond chance; others share a place, and only the first alone is the best', () => {
  expect(texts([run('a', 0.9), run('b', 0.6), run('c', 0.8)])).toEqual(['1', '3', '2'])
  expect(ranksOf([run('a', 0.9), run('b', 0.8)]).map(isBest)).toEqual([true, false])
  // Three of which the middle one can be told from neither: the ends are still apart.
  const chain = [run('a', 0.83, 0.02), run('b', 0.805, 0.02), run('c', 0.78, 0.02)]
  expect(texts(chain)).toEqual(['1=', '1=', '2='])
  expect(ranksOf(chain).some(isBest)).toBe(false)
  expect(texts([run('a', 0.9), run('same', 0.9), run('b', 0.5)])).toEqual(['1=', '1=', '3'])
  expect(ranksOf([run('alone', 0.9)]).map(isBest)).toEqual([false])
  expect(describeRank(ranksOf(chain)[0]!, 'AUC')).toContain('Place 1 to 2 of 3 by AUC')
})

it('asks for more the more runs there are: the best of many looks better than it is', () => {
  const [first, second] = [run('a', 0.85, 0.03), run('b', 0.8, 0.03)]
  expect(texts([first, second])).toEqual(['1', '2'])
  const crowd = Array.from({ length: 30 }, (_, n) => run(`c${n}`, 0.5, 0.03))
  expect(texts([first, second, ...crowd]).slice(0, 2)).toEqual(['1=', '1='])
})

it('ranks nothing by costs or groups that each evaluation has of its own', () => {
  for (const [key, of] of [
    ['decision_cost', 'costs'],
    ['accuracy_difference', 'groups']
  ] as const) {
    const runs = [0.5, 0.1].map((value) =>
      run(`r${value}`, 0, null, { metrics: { [key]: { value, low: value - 0.01, high: value + 0.01 } } })
    )
    expect(ranksOf(runs, key)).toEqual(runs.map(() => ({ none: expect.stringContaining(`by the ${of} of its own evaluation`) })))
  }
})

it('turns losses round, and gives no place to what cannot be held against the others, each with its reason', () => {
  const loss = (name: string, value: number) =>
    run(name, 0, null, { metrics: { log_loss: { value, low: value - 0.01, high: value + 0.01 } } })
  expect(texts([loss('a', 0.5), loss('b', 0.3)], 'log_loss')).toEqual(['2', '1'])
  const runs = [
    run('nan', NaN, 0.01),
    run('infinite', Infinity, 0.01),
    run('no interval', 0.99, null),
    run('other rows', 0.99, 0.001, { testData: 'c'.repeat(64) }),
    run('own rows', 1, 0, { testData: train }),
    run('known again', 0.99, 0.001, {
      splitCheck: { judgedRows: 9, groups: [{ column: 'patient', role: 'group', shared: 1, of: 2, rows: 4 }], times: [] }
    }),
    run('boast', 0.9999, 0.00001, { testData: null }),
    run('without', 0.9, 0.01, { metrics: {} }),
    run('good', 0.9),
    run('bad', 0.6)
  ]
  expect(texts(runs)).toEqual(['', '', '', '', '', '', '', '', '1', '2'])
  expect(ranksOf(runs).flatMap((rank) => ('none' in rank ? [rank.none] : []))).toEqual([
    'its figure is not a finite number',
    'its figure is not a finite number',
    'its figure has no interval, so an order may be chance',
    'it was judged on other rows than most of these runs',
    'its judged rows are not apart from its training',
    'its judged rows are not apart from its training',
    'its program logged the figure, nobody measured it',
    'it has no such figure'
  ])
  expect(texts([run('a', 0.9), run('b', 0.5)], 'rmse')).toEqual(['', ''])
})

it('is what comparing all pairs gives', () => {
  const figures = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 0.2, noNaN: true })), {
    maxLength: 30
  })
  fc.assert(
    fc.property(figures, (drawn) => {
      const runs = drawn.map(([value, reach], index) => run(`r${index}`, value, reach))
      const ranks = ranksOf(runs)
      const ordered = [...ranks.keys()].sort((a, b) => drawn[b]![0] - drawn[a]![0])
      for (const [place, at] of ordered.entries()) {
        const rank = ranks[at]!
        if ('none' in rank) throw new Error(rank.none)
        // Never better than the place by value, never worse, and whoever stands surely before has a better figure.
        expect(rank.from).toBeLessThanOrEqual(place + 1)
        expect(rank.to).toBeGreaterThanOrEqual(place + 1)
        const before = ordered.filter((other) => drawn[other]![0] > drawn[at]![0] + 4 * (drawn[other]![1] + drawn[at]![1]))
        expect(rank.from).toBeGreaterThan(before.length)
        const within = ordered.filter((other) => drawn[other]![0] - drawn[at]![0] > Math.hypot(drawn[other]![1], drawn[at]![1]))
        expect(rank.from).toBeLessThanOrEqual(within.length + 1)
      }
    }),
    { numRuns: 60, seed: 3 }
  )
})

it('comes with the list of all that match, whatever page is asked for', () => {
  const kept = [run('a', 0.6), run('b', 0.9), run('c', 0.8), run('d', 0.99, 0.01, { tags: { draft: '' } })]
  const snapshot = { kept, trashed: [], derived: new Map() }
  const list = { sort: 'metrics.auc', descending: true, filter: "name != 'd'" }
  const page = queryRuns(snapshot, { ...list, rankBy: 'auc', offset: 1, limit: 1 })
  expect(page.runs).toMatchObject([{ name: 'c', rank: { from: 2, to: 2, of: 3 } }])
  expect(queryRuns(snapshot, { ...list, limit: 1 }).runs[0]).not.toHaveProperty('rank')
})
