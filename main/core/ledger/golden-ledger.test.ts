import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { DatasetId, ExperimentId, GateResultId, JobId, PersonId, PipelineRunId, QualityReportId, RunId } from '../../model/reference'
import { sha256 } from '../../storage/objects/durable-files'
import { createApplication, type Application } from '../application'
import { ledgerFormat } from './index'

/** What was released stands in workspaces: a changed letter and they do not open any more. */
const released = [
  '96ffca4cd32d24d17992ea9f4fbea1bd11ce33c70b6864607eaf5ffa479c9b63',
  '065c0b95b1c2462b0c7b2453a86c3b5a0e98c174b6474cc6e0c595fe5cde3f0a',
  '250b133baf9f6801661370cb1000e46465239640ed8c29d2d38245b784181a65',
  '8664b6d7d90f36323772bdb2e7642604268bd85828fdcc9ff78e21221dd5c999',
  'd6e84f68bef756aab6f82d6354cc268442cd4833c5528c568d293eff5369fbfa',
  'c508dd626c133bb3fbf567f209d58e36010fe833bb97d628b1070ecb9ba25a95'
]
const golden = join(dirname(fileURLToPath(import.meta.url)), 'fixtures', 'release-0.1')
const expected = JSON.parse(readFileSync(join(golden, 'expected.json'), 'utf8'))
const root = mkdtempSync(join(tmpdir(), 'drydock-golden-'))
let app: Application

beforeAll(async () => {
  const directory = join(root, 'w')
  mkdirSync(directory)
  writeFileSync(join(directory, 'drydock.json'), readFileSync(join(golden, 'drydock.json')))
  writeFileSync(join(directory, 'ledger.sqlite'), gunzipSync(readFileSync(join(golden, 'ledger.sqlite.gz'))))
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.openWorkspace(directory)
})
afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true, force: true })
})

/** Answers may say more than they did, in any depth; what they said stays. */
const said = (name: string): unknown =>
  Array.isArray(expected[name]) ? expected[name].map((row: object) => containing(row)) : containing(expected[name])
const containing = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(containing)
    : typeof value === 'object' && value !== null
      ? expect.objectContaining(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, containing(inner)])))
      : value

// Authors were called analysts then.
for (const person of expected.people) person.roles = person.roles.map((role: string) => (role === 'analyst' ? 'author' : role))

describe('the ledger of release 0.1', () => {
  it('has the formats that were released, letter for letter', () => {
    expect(ledgerFormat.migrations.slice(0, released.length).map(({ sql }) => sha256(sql))).toEqual(released)
    const { ledger } = app.workbench().context
    expect(ledger.all('SELECT version FROM migration ORDER BY version')).toHaveLength(ledgerFormat.migrations.length)
  })

  it('names everything as it is named today', () => {
    const { ledger } = app.workbench().context
    const written: [z.ZodType, string][] = [
      [PipelineRunId, 'SELECT id FROM pipeline_run UNION SELECT pipeline_run FROM run UNION SELECT run_id FROM attempt'],
      [JobId, 'SELECT id FROM job'],
      [RunId, 'SELECT id FROM run'],
      [GateResultId, 'SELECT id FROM gate_result'],
      [ExperimentId, 'SELECT id FROM experiment UNION SELECT experiment_id FROM run'],
      [DatasetId, 'SELECT id FROM dataset UNION SELECT dataset_id FROM dataset_version'],
      [QualityReportId, 'SELECT id FROM quality_report'],
      [PersonId, 'SELECT id FROM person']
    ]
    for (const [schema, sql] of written) {
      const ids = ledger.all<{ id: string }>(sql).map(({ id }) => id)
      expect(ids, sql).not.toEqual([])
      expect(
        ids.filter((id) => !schema.safeParse(id).success),
        sql
      ).toEqual([])
    }
  })

  const answers: Record<string, () => unknown> = {
    people: () => app.people.list().map(({ keys, ...person }) => ({ ...person, keys: keys.map((key) => key.fingerprint) })),
    datasets: () => app.datasets.list(),
    trashedDatasets: () => app.datasets.list({ trashed: true }),
    versions: () => app.datasets.versions('cases'),
    quality: () => app.quality.list(),
    jobs: () => app.jobs.list(),
    pipelines: () => app.pipelines.list(),
    pipelineRuns: () => app.pipelines.runs({}),
    experiments: () => app.experiments.list(),
    runs: () => app.experiments.runs({}),
    trashedRuns: () => app.experiments.runs({ trashed: true }),
    run: () => app.experiments.run(expected.run.id),
    policyVersions: () => app.policies.versions('strict'),
    gates: () => app.policies.gates(),
    models: () => app.models.list(),
    modelVersions: () => app.models.versions('tides'),
    model: () => app.models.get('tides', 1),
    exports: () => app.bundles.list(),
    featureSets: () => app.features.list(),
    events: () => app.audit.list({ offset: 0, limit: 1000 }).events
  }
  it.each(Object.keys(answers))('answers for %s as that release did', async (name) => {
    expect(await answers[name]()).toEqual(said(name))
  })
  it('asks for every answer that was kept', () => {
    expect(Object.keys(answers)).toEqual(Object.keys(expected))
  })
  it('compares its runs, which kept no scores of single rows, as if each was judged on rows of its own, and says so', async () => {
    const runs = app.experiments.runs({ filter: 'status = finished' }).runs.concat(app.experiments.runs({ trashed: true }).runs)
    const [one] = runs.filter(({ metrics }) => 'auc' in metrics)
    const comparison = await app.experiments.compare(runs.map(({ id }) => id))
    expect(comparison).toMatchObject({ isJudged: true, baseline: { reason: 'registered' } })
    const told = comparison.metrics.flatMap(({ pairs }) => pairs.flatMap((pair) => (pair ? [pair.method] : [])))
    expect(told).toContain('independent')
    expect(told.filter((method) => method !== 'independent' && method !== 'none')).toEqual([])
    expect(comparison.warnings.join()).toContain(`"${one.name}"`)
    expect(comparison.warnings.join()).toContain('evaluated before the scores of single rows were kept')
  })
  it('has every point of every figure that its steps reported, in their order', () => {
    const points = app
      .workbench()
      .context.ledger.all<{ step: number; value: number }>(
        "SELECT step, value FROM step_metric WHERE name = 'training_loss' ORDER BY rowid"
      )
    expect(points.slice(0, 2)).toEqual([
      { step: 1, value: 0.5914168176353839 },
      { step: 2, value: 0.528076028654935 }
    ])
    expect(app.workbench().context.ledger.get('SELECT count(*) AS n FROM step_metric')).toEqual({ n: 47 })
  })
  it('has an unbroken record of who did what', () => {
    expect(app.audit.isIntact()).toBe(true)
  })
})
