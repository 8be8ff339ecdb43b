import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { rounds } from '../../../../testing/deep'
import { Random } from '../../../numerics'
import { judgeAmounts } from '../judge'
import { writeRowScores, readRowScores } from '../row-scores'
import { compareMeasured, compareScoredRuns } from './compare-runs'
import { askedOf, measureFiles } from './measure-files'

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'amounts-paired-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform())
const rows = 300

/** Two models whose errors share a part: the second one is off by `worse` times as much. */
function drawn(seed: number, worse: number) {
  const random = new Random(seed, 41)
  const labels = Float64Array.from({ length: rows }, () => 3 * normal(random))
  const shared = labels.map(() => normal(random))
  const errorsOf = (size: number) => shared.map((each) => size * (Math.sqrt(0.6) * each + Math.sqrt(0.4) * normal(random)))
  const scoresOf = (errors: Float64Array) => labels.map((label, row) => label - errors[row]!)
  const numbers = Uint32Array.from({ length: rows }, (_, row) => row)
  const scored = (scores: Float64Array) => ({ rows: numbers, labels, scores })
  return { a: scored(scoresOf(errorsOf(1))), b: scored(scoresOf(errorsOf(worse))) }
}
const aim = { objective: 'squared' } as const

it('figures of a comparison are those of the evaluations, and a run does not differ from itself', async () => {
  const { a, b } = drawn(1, 1.4)
  const compared = await compareScoredRuns([
    { scores: a, aim },
    { scores: b, aim },
    { scores: a, aim }
  ])
  const { metrics } = await judgeAmounts(aim, { labels: a.labels, weights: null }, a.scores, { bootstrapSamples: 0, seed: 1 })
  for (const [key, estimate] of Object.entries(metrics)) expect(compared.value(key, 0), key).toBeCloseTo(estimate!.value!, 12)
  const difference = compared.difference('rmse', 0, 1)!
  expect(difference.value).toBeLessThan(0)
  expect(difference.p).toBeLessThan(0.001)
  expect(compared.difference('rmse', 1, 0)!.value).toBeCloseTo(-difference.value, 12)
  expect(compared.difference('rmse', 0, 2)).toMatchObject({ value: 0, p: 1 })
  expect(compared.difference('auc', 0, 1)).toBeNull()
})

it('rows come in the clusters that any of the runs knows, whichever comes first', async () => {
  const { a, b } = drawn(2, 1.3)
  const clustered = { ...a, clusters: Uint32Array.from({ length: rows }, (_, row) => row % 12) }
  const compare = async (...runs: (typeof a)[]) => compareScoredRuns(runs.map((scores) => ({ scores, aim })))
  const [first, last] = [await compare(clustered, b), await compare(b, clustered)]
  expect(first.difference('rmse', 0, 1)!.p).toBe(last.difference('rmse', 1, 0)!.p)
})

it('runs that do not differ are rarely called different', { timeout: 3_600_000 }, async () => {
  const times = rounds(60, 1500)
  const byChance = times >= 1000 ? 0 : 2.6 * Math.sqrt((0.05 * 0.95) / times)
  let alarms = 0
  for (let round = 0; round < times; round++) {
    const { a, b } = drawn(10_000 + round, 1)
    const runs = [a, b].map((scores) => ({ scores, aim }))
    if ((await compareScoredRuns(runs, { samples: 500, seed: round })).difference('rmse', 0, 1)!.p < 0.05) alarms++
  }
  console.log(`paired difference of RMSE: false alarm in ${((alarms / times) * 100).toFixed(1)}% of ${times}`)
  expect(alarms / times).toBeLessThanOrEqual(0.07 + byChance)
})

it('rows, weights and clusters come back from the file as they were, and other rows are known as such', async () => {
  const { a, b } = drawn(2, 1.1)
  const weights = a.labels.map((_, row) => 1 + (row % 3))
  const codes = Uint32Array.from(a.rows, (row) => Math.floor(row / 5))
  const groups = Uint32Array.from(a.rows, (row) => row % 2)
  const write = async (name: string, found: typeof a, own: Float64Array | null) => {
    const path = join(folder, name)
    await writeRowScores(path, { ...found, weights: own, groups, clusters: { by: 'group', column: 'house', codes } })
    return path
  }
  const paths = [await write('a', a, weights), await write('b', b, weights), await write('plain', b, null)]
  expect(readRowScores(paths[0]!)).toEqual({ ...a, weights, groups, clusters: codes })
  const target = { name: 'y', ...aim }
  const asked = askedOf({ target, baseline: { amount: 0 }, fairness: { column: 'sex', minimumGroupSize: 30 } })
  const { unreadable, onSameRows, measured } = await measureFiles([...paths, join(folder, 'a')].map((path) => ({ path, ...asked })))
  expect(unreadable).toEqual([null, null, null, null])
  expect(onSameRows).toEqual([true, true, false, true])
  const compared = compareMeasured(measured!)
  expect(compared.value('loss_skill', 0)).toBeGreaterThan(0.5)
  expect(compared.difference('mae', 0, 1)!.method).toBe('paired-bootstrap')
  expect(compared.difference('mae_difference', 0, 1)!.method).toBe('paired-intervals')
})
