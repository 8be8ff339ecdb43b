import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import type { Evaluation } from '../../model/evaluation'
import type { RunId } from '../../model/reference'
import type { RunArtifact, RunDetail } from '../../model/run'
import { createContentStore, type ContentStore } from '../../storage/objects/content-store'
import { runDetail } from '../../testing/sample-runs'
import { anEvaluation } from '../bundle-format/documents/bundle-facts.fixture'
import { setWorkerDirectory } from '../jobs'
import { binaryTask, taskOf, type ScoredRows } from '../tasks'
import { createJudgedTogether } from './judged-together'
import { compareRuns } from './run-comparison'

let folder: string
let objects: ContentStore
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drydock-together-'))
  objects = createContentStore(join(folder, 'objects'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const rows = 120
const scoresOf = (lift: number, change: Partial<ScoredRows> = {}, count = rows): ScoredRows => {
  const labels = Uint8Array.from({ length: count }, (_, row) => (row % 3 === 0 ? 1 : 0))
  const scores = Float64Array.from(labels, (label, row) => ((row * 7919) % 101) / 202 + (label ? lift : 0))
  return { rows: Uint32Array.from(labels.keys()), labels, scores, weights: null, ...change }
}

/** A run whose evaluation kept these scores, or none. */
async function judged(name: string, scores: ScoredRows | null, change: Partial<Evaluation> = {}): Promise<RunDetail> {
  const artifacts: RunArtifact[] = []
  const keep = async (kind: string, file: string): Promise<void> =>
    void artifacts.push({ name: file, kind, ...(await objects.putFile(join(folder, file))) })
  const known = anEvaluation()
  const rowsOf = { ...known.rows, judged: scores?.rows.length ?? known.rows.judged }
  const evaluation = { ...known, threshold: 0.5, createdAt: name, rows: rowsOf, ...change } as Evaluation
  writeFileSync(join(folder, 'evaluation.json'), JSON.stringify(evaluation))
  await keep('evaluation', 'evaluation.json')
  if (scores) {
    await taskOf(evaluation).rowScores.write(join(folder, 'row-scores.arrow'), scores)
    await keep('row-scores', 'row-scores.arrow')
  }
  return runDetail(name, { artifacts })
}

it('compares what was judged on the same rows, and names what was not', async () => {
  const labels = Uint8Array.from(scoresOf(0.2).labels, (label) => 1 - label)
  const runs = [
    await judged('a', scoresOf(0.2)),
    await judged('b', scoresOf(0.3)),
    await judged('other event', scoresOf(0.3, { labels })),
    await judged('old', null)
  ]
  const found = await createJudgedTogether({ objects })(runs)
  expect([...found.places.keys()].sort()).toEqual([runs[0]!.id, runs[1]!.id].sort())
  expect([...found.elsewhere]).toEqual([runs[2]!.id])
  expect(found.warnings).toEqual([])
  const [a, b] = [found.places.get(runs[0]!.id)!, found.places.get(runs[1]!.id)!]
  expect(found.comparison!.difference('auc', b, a)!.value).toBeGreaterThan(0)
  expect(found.comparison!.rows).toBe(rows)
})

it('knows which runs compared other groups, whether or not the scores of their rows were kept', async () => {
  const { fairness } = anEvaluation()
  const byOther = { fairness: { ...fairness!, column: 'another' } } as Partial<Evaluation>
  const runs = [
    await judged('j', scoresOf(0.2)),
    await judged('k', scoresOf(0.3), byOther),
    await judged('l', null),
    await judged('m', null, byOther)
  ]
  const [one, other, alike, unlike] = runs.map(({ id }) => id) as [RunId, RunId, RunId, RunId]
  const found = await createJudgedTogether({ objects })(runs)
  const why = (key: string, a: RunId, b: RunId) => found.whyApart!(key, a, b)
  expect([why('equal_opportunity_difference', one, other), why('equal_opportunity_difference', other, alike)]).toEqual(
    new Array(2).fill('other groups were compared')
  )
  expect(why('equal_opportunity_difference', one, unlike)).toBe('other groups were compared')
  expect([
    why('equal_opportunity_difference', one, alike),
    why('equal_opportunity_difference', other, unlike),
    why('auc', one, other)
  ]).toEqual([null, null, null])
  // Their intervals are far from each other, and still nothing is said.
  const bounded = (run: RunDetail, value: number): RunDetail => ({
    ...run,
    testData: 'a'.repeat(64),
    metrics: { equal_opportunity_difference: { value, low: value - 0.01, high: value + 0.01 } }
  })
  const { metrics } = await compareRuns([bounded(runs[0]!, 0.1), bounded(runs[1]!, 0.4)], { together: async () => found })
  expect(metrics[0]!.pairs[1]).toMatchObject({ verdict: 'not-comparable', why: 'other groups were compared', p: null })
})

it('does the same work once, in whatever order it is asked', async () => {
  const together = createJudgedTogether({ objects })
  const runs = [await judged('c', scoresOf(0.1)), await judged('d', scoresOf(0.4))]
  const first = await together(runs)
  const shares: number[] = []
  const again = await together([...runs].reverse(), { onProgress: (share) => shares.push(share) })
  expect(again.comparison).toBe(first.comparison)
  expect(shares).toEqual([])
  // Some of the runs alone are known from all of them: nothing is drawn again.
  const third = await judged('third', scoresOf(0.25))
  const all = await together([...runs, third])
  const some = await together([third, runs[1]!])
  expect(some.comparison).toBe(all.comparison)
  const differenceIn = ({ comparison, places }: typeof all) =>
    comparison!.difference('brier', places.get(third.id)!, places.get(runs[1]!.id)!)!.value
  expect(differenceIn(some)).toBe(differenceIn(all))
  const cancelled = new AbortController()
  cancelled.abort()
  const others = [await judged('e', scoresOf(0.1)), await judged('f', scoresOf(0.4))]
  await expect(together(others, { signal: cancelled.signal })).rejects.toMatchObject({ code: 'CANCELLED' })
})

it('says whose scores are gone or were changed, and compares the rest', async () => {
  const together = createJudgedTogether({ objects })
  const runs = [await judged('g', scoresOf(0.15)), await judged('h', scoresOf(0.25)), await judged('i', scoresOf(0.35))]
  const pathOf = (run: RunDetail) => objects.pathOf(run.artifacts.find(({ kind }) => kind === 'row-scores')!.sha256)
  chmodSync(pathOf(runs[0]!), 0o644)
  writeFileSync(pathOf(runs[0]!), 'changed')
  const found = await together(runs)
  expect(found.warnings).toEqual([expect.stringMatching(/^g: the scores of its rows cannot be read, so it is compared as if/)])
  expect(found.places.size).toBe(2)
  rmSync(pathOf(runs[1]!))
  const less = await together(runs)
  expect(less.warnings).toHaveLength(2)
  expect(less.comparison).toBeNull()
})

it('has another process look at many rows: others have their turns meanwhile, and the figures are the same', async () => {
  const runs = [await judged('many', scoresOf(0.2, {}, 5000)), await judged('more', scoresOf(0.25, {}, 5000))]
  let [turns, isOver] = [0, false]
  const counting = (async () => {
    for (; !isOver; turns++) await nextTurn()
  })()
  const shares: number[] = []
  const { comparison } = await createJudgedTogether({ objects })(runs, { onProgress: (share) => shares.push(share) })
  isOver = true
  await counting
  // Drawing here, with a pause every 25 ms, leaves a few dozen.
  expect(turns).toBeGreaterThan(5000)
  expect(shares.length).toBeGreaterThan(50)
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
  const { paired } = binaryTask
  const files = runs.map(({ artifacts }) => objects.pathOf(artifacts.find(({ kind }) => kind === 'row-scores')!.sha256))
  const { measured } = await paired.measure(files.map((path) => ({ path, threshold: 0.5, baseRate: anEvaluation().baseline?.rate })))
  for (const metric of ['auc', 'brier', 'accuracy', 'f1']) {
    const [apart, here] = [comparison!, paired.compare(measured!)].map((each) => each.difference(metric, 1, 0)!)
    expect([apart!.value, apart!.p, apart!.interval(0.05)], metric).toEqual([here!.value, here!.p, here!.interval(0.05)])
  }
  const stopping = new AbortController()
  const stopped = createJudgedTogether({ objects })(runs, { signal: stopping.signal, onProgress: () => stopping.abort() })
  await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' })
})

it('says how the other process ended when it gave no answer', async () => {
  writeFileSync(join(folder, 'compare-worker.js'), "process.stderr.write('last words', () => process.exit(7))")
  setWorkerDirectory(folder)
  try {
    const runs = [await judged('many', scoresOf(0.2, {}, 5000)), await judged('more', scoresOf(0.25, {}, 5000))]
    const failed = createJudgedTogether({ objects })(runs)
    await expect(failed).rejects.toMatchObject({ code: 'JOB_FAILED', message: expect.stringContaining('(exit code 7)') })
  } finally {
    setWorkerDirectory(inject('programs'))
  }
})
