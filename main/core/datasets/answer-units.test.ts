import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestWorkspace, type TestWorkspace } from './workspace.fixture'

let w: TestWorkspace
beforeAll(async () => {
  w = await openTestWorkspace()
  const columns = [
    { source: 'wait', unit: 'ms' },
    { source: 'load', unit: 't' }
  ]
  await w.datasets.importFile(w.source('trips.csv', 'id,wait,load\n1,1500,2.5\n2,900,3.5\n'), { name: 'trips', columns })
  await w.datasets.importFile(w.source('stops.csv', 'id,wait\n1,7\n2,8\n'), { name: 'stops', columns: [{ source: 'wait', unit: 's' }] })
})
afterAll(() => w.close())

it.each([
  ['SELECT wait, max(wait), avg(t.wait)::INTEGER AS mean, count(*) FROM trips t GROUP BY ALL', ['ms', 'ms', 'ms', undefined]],
  ['SELECT * FROM trips', [undefined, 'ms', 't']],
  ['SELECT wait - 100, wait - lag(wait) OVER (ORDER BY id), wait / 1000, wait + load FROM trips', ['ms', 'ms', undefined, undefined]],
  ['WITH x AS (SELECT wait / 1000 AS wait, load FROM trips) SELECT wait, load FROM x', [undefined, 't']],
  ['SELECT t.wait, s.wait, t.load FROM trips t JOIN stops s ON t.id = s.id', ['ms', 's', 't']],
  ['SELECT * FROM trips JOIN stops USING (id)', [undefined, undefined, undefined, undefined]],
  ['SELECT load FROM trips JOIN range(3) r ON true', [undefined]],
  ['SELECT wait FROM trips UNION ALL SELECT wait FROM stops', [undefined]],
  ['SELECT wait FROM trips UNION ALL SELECT max(wait) FROM trips', ['ms']],
  ['SELECT * EXCLUDE (id) FROM trips', [undefined, undefined]],
  ['SELECT q.wait FROM (SELECT * FROM trips) q', ['ms']],
  ['SELECT a FROM trips AS t(a, b, c)', [undefined]]
])('the unit stands beside what repeats or gathers a column: %s', async (sql, units) => {
  expect((await w.datasets.sql(sql)).columns.map(({ unit }) => unit)).toEqual(units)
})
