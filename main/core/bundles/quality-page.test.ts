import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { commands } from '../all-commands'
import { createApplication, type Application } from '../application'
import { signDirectory, verifyBundle } from '../bundle-format'
import { newKey } from '../bundle-format/sample-bundle.fixture'
import { qualityPageOf, qualityReportOf } from './collect-facts'

const root = mkdtempSync(join(tmpdir(), 'drydock-quality-page-'))
let app: Application

const rows = Array.from({ length: 200 }, (_, i) => `${i},${i % 75},${(i % 75) + (i % 9) > 40}`)
/** The gate looks at a report that only its pipeline has: Data keeps none. */
const pipeline = (checked: string): string => `schema: drydock.pipeline
version: 1
name: checked
steps:
  - { id: cases, type: source, parameters: { dataset: cases } }
  - { id: split, type: split, inputs: { table: cases.table }, parameters: { test: 0.3, seed: 7 } }
  - { id: check, type: quality-check, inputs: { table: ${checked} } }
  - { id: train, type: train, inputs: { train: split.train }, parameters: { target: outcome, exclude: [id], parameters: { trees: 5, minRowsPerLeaf: 5 } } }
  - { id: evaluate, type: evaluate, inputs: { model: train.model, test: split.test }, parameters: { bootstrapSamples: 50, latencyCalls: 5 } }
  - { id: gate, type: gate, inputs: { model: train.model, evaluation: evaluate.evaluation, quality: check.report }, parameters: { policy: any } }
`
const policy = `schema: drydock.policy
version: 1
name: any
title: Any
rules:
  - { id: rule, title: Rule, severity: block, expression: metrics.auc > 0.0, message: It does not hold. }
`

beforeAll(async () => {
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(join(root, 'w'), 'Checked', { sample: true })
  writeFileSync(join(root, 'cases.csv'), `id,x,outcome\n${rows.join('\n')}\n`)
  await app.do(commands.datasets.import, { path: join(root, 'cases.csv'), options: { name: 'cases' } })
  await app.do(commands.policies.save, { text: policy })
  await run('split.test')
})
async function run(checked: string): Promise<boolean> {
  const { state, steps } = await app.pipelines.finished((await app.do(commands.pipelines.run, { yaml: pipeline(checked) })).runId)
  if (state !== 'succeeded') throw new Error(`the run ended otherwise: ${state}`)
  return steps.at(-1)!.cached
}
afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true, force: true })
})

it('the page of the report that a gate looked at is made from the profile of its step, where Data keeps no such report', async () => {
  const workbench = app.workbench()
  const run = app.experiments.run(app.experiments.runs({}).runs[0]!.id)
  expect(app.quality.list()).toEqual([])
  const report = await qualityReportOf(workbench.context, workbench, run)
  const page = (await qualityPageOf(workbench.context, workbench, run)) ?? ''
  expect(report!.findings.length).toBeGreaterThan(0)
  for (const { title } of report!.findings) expect(page).toContain(title.replaceAll('"', '&quot;'))
  expect(page).toContain(`from all ${report!.rows} rows`)
  expect(page).toContain('Sample workspace: its people are demo identities.')
})

it('a bundle holds the report that its gate judged, byte for byte, whichever was made last, and is refused with another one', async () => {
  const { id } = app.experiments.runs({}).runs[0]!
  const attached = () => app.experiments.run(id).artifacts.find(({ kind }) => kind === 'quality-report')!.sha256
  const first = attached()
  await run('cases.table')
  expect(attached()).not.toBe(first)
  expect(await run('split.test')).toBe(true)
  expect(attached()).toBe(first)
  // A report that was attached later, by whatever way, is not the one that was judged.
  const other = await app.workbench().context.objects.putBytes('{}')
  app.workbench().context.ledger.run("UPDATE run_artifact SET sha256 = ? WHERE kind = 'quality-report'", other.sha256)
  app.do(commands.models.register, { withoutGate: true, run: id, name: 'checked' })
  const author = app.do(commands.people.create, { name: 'Ada Author', title: '', email: '', roles: ['author'] })
  await app.do(commands.people.createKey, { id: author.id, passphrase: 'low water springs' })
  const folder = join(root, 'bundle')
  await app.do(commands.bundles.export, { name: 'checked', version: 1, path: folder, person: author.id, passphrase: 'low water springs' })
  const evidence = async () => (await verifyBundle(folder)).checks.find((check) => check.id === 'evidence')!
  const bytes = (name: string) => readFileSync(join(folder, name))
  const { subject } = JSON.parse(bytes('policy/results.json').toString())
  const digests = ['model/model.onnx', 'evidence/evaluation.json', 'evidence/quality-report.json', 'policy/policy.yaml'].map((name) =>
    createHash('sha256').update(bytes(name)).digest('hex')
  )
  expect(digests).toEqual([subject.model, subject.evaluation, first, subject.policy])
  expect(subject.quality).toBe(first)
  expect(await evidence()).toMatchObject({
    status: 'pass',
    detail: 'The gate of the bundle judged its model, evaluation, quality, policy.'
  })

  const signAgain = (name: string, content: string) => {
    writeFileSync(join(folder, name), content)
    rmSync(join(folder, 'model.sig'))
    return signDirectory(folder, { key: newKey() })
  }
  await signAgain('evidence/quality-report.json', `${bytes('evidence/quality-report.json').toString()}\n`)
  expect(await evidence()).toMatchObject({
    status: 'fail',
    detail: expect.stringMatching(/^Mismatch .*quality-report\.json is [0-9a-f]{8}, but/)
  })
  expect((await verifyBundle(folder)).verdict).toBe('altered')
  // Earlier programs wrote these documents anew; they copied the model and the policy.
  await signAgain('policy/history.json', bytes('policy/history.json').toString().replace('"version": 2', '"version": 1'))
  expect(await evidence()).toMatchObject({ status: 'pass', detail: 'The gate of the bundle judged its model, policy.' })
  await signAgain('policy/policy.yaml', `${policy}\n`)
  expect(await evidence()).toMatchObject({ status: 'fail', detail: expect.stringContaining('policy/policy.yaml is') })
  await signAgain('policy/results.json', JSON.stringify({ ...JSON.parse(bytes('policy/results.json').toString()), subject: null }))
  expect(await evidence()).toMatchObject({ status: 'skipped' })
  expect((await verifyBundle(folder)).verdict).toBe('insufficient')
  // Without any stored result, an evaluation of another model is still none of this one.
  rmSync(join(folder, 'policy/results.json'))
  const evaluation = JSON.parse(bytes('evidence/evaluation.json').toString())
  await signAgain('evidence/evaluation.json', JSON.stringify({ ...evaluation, subject: { ...evaluation.subject, model: '0'.repeat(64) } }))
  expect(await evidence()).toMatchObject({
    status: 'fail',
    detail: expect.stringMatching(/^Mismatch between the evaluation and the model: .* is about 00000000, but model\/model\.onnx is /)
  })
  expect((await verifyBundle(folder)).verdict).toBe('altered')
})
