import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { commands } from '../all-commands'
import { createApplication, type Application } from '../application'
import { qualityPageOf, qualityReportOf } from './collect-facts'

const root = mkdtempSync(join(tmpdir(), 'drydock-quality-page-'))
let app: Application

const rows = Array.from({ length: 200 }, (_, i) => `${i},${i % 75},${(i % 75) + (i % 9) > 40}`)
/** The gate looks at a report that only its pipeline has: Data keeps none. */
const pipeline = `schema: drydock.pipeline
version: 1
name: checked
steps:
  - { id: cases, type: source, parameters: { dataset: cases } }
  - { id: split, type: split, inputs: { table: cases.table }, parameters: { test: 0.3, seed: 7 } }
  - { id: check, type: quality-check, inputs: { table: split.test } }
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
  const { state } = await app.pipelines.finished((await app.do(commands.pipelines.run, { yaml: pipeline })).runId)
  if (state !== 'succeeded') throw new Error(`the run ended otherwise: ${state}`)
})
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
