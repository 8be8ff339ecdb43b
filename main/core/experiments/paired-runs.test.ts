import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunId } from '../../model/reference'
import type { RunComparison } from '../../model/run'
import { casesStep, evaluateStep, pipelineOf, stepText, trainStep } from '../pipelines/fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from '../pipelines/fixtures/pipeline-workspace'

let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
let ids: RunId[]

const pipeline = (features: string, seed: number, event = 'true'): string =>
  pipelineOf(
    'pairs',
    casesStep,
    stepText('split', 'split', 'table: cases.table', `test: 0.5, seed: ${seed}`),
    trainStep(`target: outcome, features: ${features}, algorithm: logistic-regression, positive: ${event}, seed: 3`),
    evaluateStep('bootstrapSamples: 100, latencyCalls: 5')
  )

beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  await workspace.addDataset(
    'cases',
    `SELECT i AS id, (i * 7919 % 1009) / 1009.0 AS x, (i * 104729 % 997) / 997.0 AS z,
       CAST('0x' || substr(md5('n' || i), 1, 4) AS INTEGER) / 65536.0 < 0.7 * ((i * 7919 % 1009) / 1009.0) + 0.1 + 0.15 * ((i * 104729 % 997) / 997.0) AS outcome
     FROM (SELECT range AS i FROM range(1200))`
  )
  // Two models on the same rows, one that is judged on other rows, and one for which the other outcome is the event.
  for (const [features, seed, event] of [
    ['[x]', 1],
    ['[x, z]', 1],
    ['[x, z]', 2],
    ['[x]', 1, 'false']
  ] as const) {
    const { state, steps } = await workspace.run(pipeline(features, seed, event))
    if (state !== 'succeeded') throw new Error(JSON.stringify(steps.map(({ failure }) => failure)))
  }
  ids = workspace.experiments.runs({ descending: false }).runs.map(({ id }) => id)
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

const pairIn = (comparison: RunComparison, metric: string) => comparison.metrics.find(({ key }) => key === metric)!.pairs[1]!
const metrics = { area: 'auc', probability: 'brier', decision: 'accuracy', speed: 'latency_p50' }

describe('runs of real pipelines', () => {
  it('judged on the same rows are compared row by row, with narrower intervals than their own', async () => {
    const [one, other] = ids as [RunId, RunId]
    const comparison = await workspace.experiments.compare([one, other])
    expect(comparison).toMatchObject({ isJudged: true, baseline: { run: one, reason: 'first' }, warnings: [] })
    const rows = workspace.experiments.run(one).rowsJudged
    expect(pairIn(comparison, metrics.area)).toMatchObject({ method: 'delong', rows, level: 0.95 })
    expect(pairIn(comparison, metrics.probability)).toMatchObject({ method: 'paired-bootstrap', rows })
    expect(pairIn(comparison, metrics.decision)).toMatchObject({ method: 'mcnemar', rows })
    expect(pairIn(comparison, metrics.speed)).toMatchObject({ method: 'none', verdict: 'cannot-be-told', rows: null })
    const { low, high, difference } = pairIn(comparison, metrics.area)
    const [a, b] = [one, other].map((id) => workspace.experiments.run(id).metrics[metrics.area]!)
    expect(difference).toBeCloseTo(b!.value - a!.value, 12)
    expect(high! - low!).toBeLessThan(0.6 * Math.hypot(a!.high! - a!.low!, b!.high! - b!.low!))
    // The same two the other way round say the same, turned.
    const turned = pairIn(await workspace.experiments.compare([one, other], { baseline: other }), metrics.area)
    expect([turned.difference, turned.low, turned.high]).toEqual([-difference!, -high!, -low!])
  })

  it('judged on other rows, or by another outcome, are not compared', async () => {
    const [one, , elsewhere, other] = ids as [RunId, RunId, RunId, RunId]
    const apart = await workspace.experiments.compare([one, elsewhere])
    expect(pairIn(apart, metrics.area)).toMatchObject({ verdict: 'not-comparable', difference: null, method: 'none' })
    expect(pairIn(apart, metrics.speed).verdict).toBe('cannot-be-told')
    expect(apart.warnings.join()).toContain('judged on other test data')
    const reversed = await workspace.experiments.compare([one, other])
    expect(pairIn(reversed, metrics.area)).toMatchObject({ verdict: 'not-comparable' })
    expect(reversed.warnings.join()).toMatch(/judged on other rows of the same table, or by another outcome/)
  })

  it('stand between two metrics as the verdicts of their comparison say', async () => {
    const [one, other] = ids as [RunId, RunId]
    const asked = { x: metrics.area, y: metrics.probability }
    const { points, basis } = await workspace.experiments.tradeOff(asked)
    const standingOf = (id: RunId) => points.find(({ run }) => run === id)?.standing
    const comparison = await workspace.experiments.compare(points.map(({ run }) => run))
    const verdicts = [metrics.area, metrics.probability].map((key) => comparison.metrics.find((metric) => metric.key === key)!.pairs)
    const place = comparison.runs.findIndex(({ id }) => id === other)
    expect(comparison.baseline.run).toBe(one)
    // The second has better values, but not beyond chance: so the first is not behind it, whatever the values say.
    expect(verdicts.map((pairs) => [pairs[place]!.verdict, pairs[place]!.difference! > 0])).toEqual([
      ['cannot-be-told', true],
      ['cannot-be-told', false]
    ])
    expect([basis, standingOf(one), standingOf(other)]).toEqual(['verdicts', 'open', 'leads'])
    // What was judged on other rows, or by another outcome, is not compared; without a look at the rows nobody is behind.
    expect(ids.slice(2).map(standingOf)).toEqual(['left-out', 'left-out'])
    const quick = await workspace.experiments.tradeOff({ ...asked, rows: false })
    expect(quick.points.map(({ standing }) => standing)).not.toContain('behind')
  })

  it('keeps the scores of a run in the trash, and gives an evaluation that is made again scores of its own', async () => {
    const [one, other] = ids as [RunId, RunId]
    workspace.experiments.setTrashed([other], true)
    expect(pairIn(await workspace.experiments.compare([one, other]), metrics.area).method).toBe('delong')
    workspace.experiments.setTrashed([other], false)
    await workspace.run(pipeline('[x]', 1).replace('latencyCalls: 5', 'latencyCalls: 6, threshold: 0.4'))
    const again = workspace.experiments.runs({}).runs.find(({ name }) => name.includes('evaluated again'))!
    const kept = (id: RunId) => workspace.experiments.run(id).artifacts.filter(({ kind }) => kind === 'row-scores')
    expect(kept(again.id)).toEqual(kept(one))
    const comparison = await workspace.experiments.compare([one, again.id])
    expect(pairIn(comparison, metrics.area)).toMatchObject({ verdict: 'same', difference: 0 })
    expect(pairIn(comparison, metrics.decision).difference).not.toBe(0)
  })
})
