import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contract } from '../../preload/contract'
import { createApplication, type Application } from '../core/application'
import type { RunSummary } from '../model/run'
import { runCli } from './program'

/** Runs one command line in this process, as the built program would. */
async function drydock(...argv: string[]): Promise<{ code: number; out: string }> {
  let out = ''
  const code = await runCli(argv, { out: (text) => (out += text), err: () => {} })
  return { code, out }
}
const rowsOf = async (query: string): Promise<unknown[][]> =>
  (JSON.parse((await drydock('sql', '-w', workspace, query, '--json')).out) as { rows: unknown[][] }).rows

const root = mkdtempSync(join(tmpdir(), 'drydock-cli-metrics-'))
const workspace = join(root, 'w')
/** Lines as programs write them, the value as it stands in the file. */
const lines = (name: string, ...values: string[]): string[] =>
  values.map((value, step) => `{"name": "${name}", "value": ${value}, "step": ${step}}`)
const written = [
  ...lines('loss', '0.5', 'NaN', '0.25', 'Infinity', '-Infinity', '"nan"', '"inf"', '"-Inf"', '1e999', '"Infinity"', '"NaN"'),
  ...lines('a \\" NaN', 'NaN'),
  ...lines('auc', '"NaN"'),
  ...lines('top', '"+inf"'),
  ...lines('unsaid', 'null', '"high"'),
  'no object'
]
const kept = [0.5, NaN, 0.25, Infinity, -Infinity, NaN, Infinity, -Infinity, Infinity, Infinity, NaN]
let app: Application

beforeAll(async () => {
  process.env.DRYDOCK_USER_DIR = join(root, 'user')
  const prepare = async (...argv: string[]) => {
    const { code, out } = await drydock(...argv)
    if (code !== 0) throw new Error(out)
  }
  await prepare('init', workspace)
  const pipeline = (id: string, texts: string[]) => `schema: drydock.pipeline
version: 1
name: ${id}
title: Reports
steps:
  - id: ${id}
    type: script
    title: ${id}
    parameters:
      command: [sh, -c, 'cat lines > $DRYDOCK_METRICS; echo > $DRYDOCK_OUTPUT_O']
      files: { lines: ${JSON.stringify(texts.join('\n') + '\n')} }
      outputs: { o: File }
`
  writeFileSync(join(root, 'odd.yaml'), pipeline('odd', written))
  writeFileSync(join(root, 'plain.yaml'), pipeline('plain', [...lines('loss', '0.125'), ...lines('top', '3'), ...lines('auc', '0.75')]))
  for (const name of ['odd', 'plain']) await prepare('run', '-w', workspace, join(root, `${name}.yaml`), '--json')
  // All that follows is read from the disk again.
  app = createApplication({ userDirectory: join(root, 'user') })
})
afterAll(async () => {
  await app.close()
  delete process.env.DRYDOCK_USER_DIR
  rmSync(root, { recursive: true, force: true })
})

describe('NaN and infinity that a program reports', () => {
  it('stand in the list of runs as texts in JSON and in words for people, behind every number, best of nothing', async () => {
    for (const order of [['--ascending'], []]) {
      const page = JSON.parse((await drydock('runs', '-w', workspace, '--sort', 'metrics.loss', ...order, '--json')).out) as {
        items: RunSummary[]
        ranges: object
      }
      expect(page.items.map(({ name }) => name)).toEqual(['plain', 'odd'])
      expect(page.items[1].metrics).toMatchObject({
        ...{ loss: { value: 'NaN', low: null }, top: { value: 'Infinity' }, auc: { value: 'NaN' }, 'a " NaN': { value: 'NaN' } }
      })
      expect(page.items[1].metrics).not.toHaveProperty('unsaid')
      expect(page.ranges).toMatchObject({ loss: { low: 0.125, high: 0.125 }, top: { low: 3, high: 3 } })
    }
    expect((await drydock('runs', '-w', workspace)).out).toMatch(/odd .*not a number/)
  })

  it('match no comparison of a filter, and can be looked for', async () => {
    const found = async (filter: string) =>
      (JSON.parse((await drydock('runs', '-w', workspace, '--filter', filter, '--json')).out) as { items: RunSummary[] }).items.map(
        ({ name }) => name
      )
    for (const one of ['loss < 1', 'loss > 0', 'loss != 0', 'loss in (0.125)', 'top > 1'])
      expect(await found(`metrics.${one}`)).toEqual(['plain'])
    expect(await found('metrics.top is not finite')).toEqual(['odd'])
    expect(await found('metrics.top is finite')).toEqual(['plain'])
    expect(await found('metrics.loss is not null')).toEqual(['plain', 'odd'])
    expect(await found('metrics.unheard is not finite')).toEqual([])
  })

  it('stand in the ledger and in SQL, where NaN is NULL with a mark, for it would be the largest of all', async () => {
    const metrics = 'FROM ledger.run_metrics JOIN ledger.runs r USING (run_id)'
    expect(
      await rowsOf(`SELECT m.name, m.value, m.not_a_number FROM ledger.run_metrics m JOIN ledger.runs r USING (run_id)
        WHERE r.name = 'odd' AND m.name IN ('auc', 'loss', 'top') ORDER BY 1`)
    ).toEqual([
      ['auc', null, true],
      ['loss', null, true],
      ['top', 'Infinity', false]
    ])
    expect(await rowsOf(`SELECT max(value), count(*) ${metrics} WHERE run_metrics.name = 'loss'`)).toEqual([[0.125, 2]])
  })

  it('come to the window point by point as they were reported, through the contract', async () => {
    await app.openWorkspace(workspace)
    const { pipelines, experiments } = app.workbench()
    const [{ id }] = pipelines.runs({ pipeline: 'odd' }).runs
    const points = contract.pipelines.metrics.output.parse(pipelines.metrics(id, 'odd'))
    expect(points.filter(({ name }) => name === 'loss').map(({ value }) => value)).toEqual(kept)
    expect([...new Set(points.map(({ name }) => name))].sort()).toEqual(['a " NaN', 'auc', 'loss', 'top'])
    const page = contract.experiments.runs.output.parse(experiments.runs({}))
    expect(page.runs.find(({ name }) => name === 'odd')!.metrics['loss']).toEqual({ value: NaN, low: null, high: null })
    expect((await pipelines.log(id, 'odd')).text).toContain('3 lines of the metrics file were passed over')
  })

  it('are compared with nothing: no difference, no verdict, no best run', async () => {
    const { experiments } = app.workbench()
    const ids = experiments.runs({}).runs.map((run) => run.id)
    const comparison = contract.experiments.compare.output.parse(await experiments.compare(ids))
    for (const key of ['loss', 'top', 'auc']) {
      const metric = comparison.metrics.find((each) => each.key === key)!
      expect(metric).toMatchObject({ best: null, separated: false, rival: null, differs: true })
      expect(metric.pairs[1]).toMatchObject({ difference: null, verdict: 'cannot-be-told', why: 'a value is not a finite number' })
    }
    expect(await experiments.tradeOff({ x: 'loss', y: 'top' })).toMatchObject({ without: 1, points: [{ name: 'plain' }] })
  })
})
