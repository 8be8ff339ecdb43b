import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ledger } from '../../storage/ledger/ledger'
import { sha256 } from '../../storage/objects/durable-files'
import { commands } from '../all-commands'
import { createApplication, type Application } from '../application'
import type { ExperimentsWriter } from '../experiments/experiments'
import type { PoliciesWriter } from '../policies/policies'
import type { JobsWriter } from '../jobs'
import type { ModelsWriter } from '../models/registry'
import { qualityReport } from '../quality/tables'
import { trainingRecord, uuidOf } from '../../testing/sample-runs'
import { PipelineRunId, RunId, Sha256, QualityReportId } from '../../model/reference'

const golden = join(dirname(fileURLToPath(import.meta.url)), 'fixtures', 'release-0.1')
const root = mkdtempSync(join(tmpdir(), 'drydock-plans-'))
/** Each reading of it is an hour earlier than the one before. */
let time = Date.UTC(2030, 0, 1)
let app: Application
let ledger: Ledger

beforeAll(async () => {
  const directory = join(root, 'w')
  mkdirSync(directory)
  writeFileSync(join(directory, 'drydock.json'), readFileSync(join(golden, 'drydock.json')))
  writeFileSync(join(directory, 'ledger.sqlite'), gunzipSync(readFileSync(join(golden, 'ledger.sqlite.gz'))))
  app = createApplication({ userDirectory: join(root, 'user'), clock: () => new Date((time -= 3_600_000)) })
  await app.openWorkspace(directory)
  ledger = app.workbench().context.ledger
})
afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true, force: true })
})

interface Asked {
  sql: string
  values: unknown[]
}
/** The statements that reading a list sends to the ledger. */
async function askedBy(work: () => unknown): Promise<Asked[]> {
  const asked: Asked[] = []
  const { get, all } = ledger
  const watched = ledger as { get: unknown; all: unknown }
  watched.get = (sql: string, ...values: unknown[]) => (asked.push({ sql, values }), get(sql, ...values))
  watched.all = (sql: string, ...values: unknown[]) => (asked.push({ sql, values }), all(sql, ...values))
  try {
    await work()
  } finally {
    Object.assign(watched, { get, all })
  }
  return asked
}
const planOf = ({ sql, values }: Asked): string[] =>
  ledger.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values).map(({ detail }) => detail)

/** Reads every row of a table, and then sorts them. */
const isSlow = (plan: string[]): boolean =>
  plan.some((line) => /^SCAN (?!.*(CONSTANT ROW|json_each))/.test(line) && !line.includes('USING')) &&
  plan.some((line) => line.includes('TEMP B-TREE FOR ORDER BY'))

const digest = (letter: string): Sha256 => Sha256.parse(letter.repeat(64))

const execution = PipelineRunId.parse('080b61b6-4eaf-4fa1-a02c-254d18ac7c3e')

describe('lists that grow', () => {
  const id = RunId.parse('5519ed3d367149f1a65c525098aa5b74')
  const lists: Record<string, () => unknown> = {
    jobs: () => app.jobs.list(),
    'jobs of a state': () => app.jobs.list({ states: ['running'] }),
    'jobs of a kind': () => app.jobs.list({ kinds: ['import'] }),
    'pipeline runs': () => app.pipelines.runs({}),
    'pipeline runs of a pipeline': () => app.pipelines.runs({ pipeline: 'tides' }),
    pipelines: () => app.pipelines.list(),
    'metrics of a step': () => app.pipelines.metrics(execution, 'train'),
    'feature sets': () => app.features.list(),
    events: () => app.audit.list({ offset: 0, limit: 50 }),
    runs: () => app.experiments.runs({}),
    run: () => app.experiments.run(id),
    experiments: () => app.experiments.list(),
    'gate results': () => app.policies.gates(),
    'gate results of a run': () => app.policies.gates(id),
    'policy versions': () => app.policies.versions('strict'),
    models: () => app.models.list(),
    'model versions': () => app.models.versions('tides'),
    'latest model': () => app.models.latest(),
    'quality reports': () => app.quality.list(),
    'quality reports of a dataset': () => app.quality.list({ dataset: 'cases' }),
    datasets: () => app.datasets.list(),
    'dataset versions': () => app.datasets.versions('cases'),
    'bundle exports': () => app.bundles.list(),
    people: () => app.people.list()
  }
  it.each(Object.keys(lists))('%s are read along an index', async (name) => {
    const asked = await askedBy(lists[name])
    expect(asked.length).toBeGreaterThan(0)
    for (const statement of asked) expect(isSlow(planOf(statement)), `${statement.sql}\n${planOf(statement).join('\n')}`).toBe(false)
  })
  it('would be told from one that is not', () => {
    expect(isSlow(planOf({ sql: 'SELECT * FROM job ORDER BY created_at DESC', values: [] }))).toBe(true)
    expect(isSlow(planOf({ sql: 'SELECT * FROM job ORDER BY rowid DESC', values: [] }))).toBe(false)
  })
  it.each([
    ['SELECT * FROM job WHERE state = ? ORDER BY rowid DESC', 'job_in_state'],
    ['SELECT * FROM pipeline_run WHERE pipeline = ? ORDER BY rowid DESC LIMIT 1', 'pipeline_run_of_pipeline'],
    ['SELECT * FROM quality_report WHERE dataset = ? ORDER BY rowid DESC', 'quality_report_of_dataset'],
    ['SELECT outcome FROM gate_results WHERE run_id = ? ORDER BY seq DESC LIMIT 1', 'gate_result_of_run'],
    ['SELECT count(*) FROM bundle_exports WHERE model = ?', 'bundle_export_of_model'],
    ['SELECT sha256 FROM policy_version WHERE name = ? ORDER BY seq DESC', 'policy_version_of_policy'],
    ["SELECT sha256 FROM step_outputs WHERE type = ? AND part = '' ORDER BY seq DESC", 'produced_of_type'],
    ['SELECT name FROM step_metric WHERE run_id = ? AND step_id = 1 AND attempt = 1 ORDER BY name, step, rowid', 'step_metric_of_attempt']
  ])('%s uses %s and sorts nothing', (sql, index) => {
    const plan = planOf({ sql, values: ['x'] }).join('\n')
    expect(plan).toContain(index)
    expect(plan).not.toContain('TEMP B-TREE')
  })
})

describe('with a clock that runs backwards', () => {
  const report = (policy: string, outcome: 'pass' | 'fail') => ({ policy, sha256: 'c'.repeat(64), outcome }) as never
  it('the newest is what was entered last', async () => {
    const pipelines = app.pipelines.list().map((pipeline) => pipeline.name)
    const jobs = ['first', 'second'].map((title) => (app.jobs as JobsWriter).open('import', title, () => undefined))
    expect(app.jobs.list({ states: ['queued'] }).jobs.map((job) => job.title)).toEqual(['second', 'first'])
    for (const job of jobs) job.finished('succeeded')

    const trials = app.experiments.trials('tides').map((trial) => trial.name)
    const record = (name: string) =>
      (app.experiments as ExperimentsWriter).records.training(
        trainingRecord(name, {
          artifacts: [{ name: 'model.onnx', kind: 'model', sha256: digest('d'), size: 1 }],
          startedAt: new Date((time -= 3_600_000)).toISOString(),
          endedAt: new Date(time).toISOString()
        })
      )
    const [first, second] = [record('one'), record('two')]
    expect(app.experiments.runs({ limit: 2 }).runs.map((run) => run.name)).toEqual(['two', 'one'])
    expect(app.experiments.trials('tides').map((trial) => trial.name)).toEqual([...trials, 'one', 'two'])

    const policies = app.policies as PoliciesWriter
    policies.record(second, report('strict', 'pass'), digest('e'), execution)
    policies.record(second, report('strict', 'fail'), digest('e'), execution)
    expect(app.policies.gates(second).map((gate) => gate.outcome)).toEqual(['fail', 'pass'])
    expect(app.experiments.runs({ limit: 1 }).runs[0].gate).toBe('fail')

    const texts = [0.5, 0.6, 0.7].map(
      (floor) =>
        `schema: drydock.policy\nversion: 1\nname: tidal\ntitle: Tidal\nrules:\n  - { id: auc, title: Ranks, severity: block, expression: metrics.auc >= ${floor}, message: Too low. }\n`
    )
    for (const text of texts) await app.do(commands.policies.save, { text })
    expect(app.policies.versions('tidal').map((version) => version.sha256)).toEqual(texts.map((text) => sha256(text)).reverse())

    const drafts = ['neap', 'spring', 'neap']
    for (const name of drafts)
      await app.do(commands.pipelines.saveDraft, { name, yaml: `schema: drydock.pipeline\nversion: 1\nname: ${name}\nsteps: []\n` })
    expect(app.pipelines.list().map((each) => each.name)).toEqual(['neap', 'spring', ...pipelines])

    const models = app.models as ModelsWriter
    for (const [name, run] of [
      ['ebb', first],
      ['flood', second]
    ] as const)
      models.register({ run, name })
    expect(models.latest()).toMatchObject({ name: 'flood', version: 1 })
    expect(models.versions('flood')[0].gate?.outcome).toBe('fail')

    const [earlier, later] = ['a', 'b'].map((name) => QualityReportId.parse(uuidOf(name)))
    for (const id of [earlier, later]) {
      const created_at = new Date((time -= 3_600_000)).toISOString()
      const counts = { rows: 1, errors: 0, warnings: 0, infos: 0 }
      ledger.insert(qualityReport, { id, dataset: 'tides', sha256: digest('f'), ...counts, options: '{}', object: digest('0'), created_at })
    }
    expect(app.quality.list({ dataset: 'tides' }).map((each) => each.id)).toEqual([later, earlier])
  })
})
