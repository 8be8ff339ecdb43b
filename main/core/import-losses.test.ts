import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { qualityReportSchema, rowsCheckedText, type QualityFinding, type QualityReport } from '../model/quality'
import type { PipelineRun } from '../model/pipeline-run'
import { commands } from './all-commands'
import { createApplication, type Application } from './application'
import { evaluateStep, gateStep, pipelineOf, registerStep, splitStep, stepText, trainStep } from './pipelines/fixtures/pipeline-texts'

const root = mkdtempSync(join(tmpdir(), 'drydock-losses-'))
let app: Application

/** 300 measurements: three below the limit, all with a decimal comma, two lines with a value too many. */
const laboratory = (): string => {
  const rows = Array.from({ length: 300 }, (_, i) => {
    const ill = (i * 37) % 100 > 60
    const value = i % 100 === 5 ? '<0.5' : `${((i * 37) % 100) / 10 + 1}`
    return `${i};${value};${i % 3 === 0 ? `${i % 7},25` : `${i % 7},5`};${ill ? 'yes' : 'no'}`
  })
  return `id;lead;zinc;ill\n${rows.join('\n')}\n1;2;3;no;4\n1;2;3;no;5\n`
}
const policy = `schema: drydock.policy
version: 1
name: whole
title: Whole
rules:
  - { id: cells, title: Cells, severity: warn, expression: data.cells_altered == 0.0 && data.cells_lost == 0.0, message: Cells are not as they were. }
  - { id: rows, title: Rows, severity: block, expression: data.rows_left_out == 2.0, message: Other rows are lost. }
`
beforeAll(async () => {
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(join(root, 'w'), 'Losses', { sample: true })
  writeFileSync(join(root, 'lab.csv'), laboratory())
  writeFileSync(join(root, 'clean.csv'), 'a,b\n1,x\n2,y\n')
  await app.do(commands.datasets.import, { path: join(root, 'lab.csv'), options: { name: 'lab' } })
  await app.do(commands.datasets.import, { path: join(root, 'clean.csv'), options: { name: 'clean' } })
  await app.do(commands.policies.save, { text: policy })
})
afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true, force: true })
})

const run = async (yaml: string): Promise<PipelineRun> => {
  const done = await app.pipelines.finished((await app.do(commands.pipelines.run, { yaml })).runId)
  expect(done.failure).toBeNull()
  return done
}
const reportOf = async ({ id }: PipelineRun, step: string): Promise<QualityReport> => {
  const { value } = (await app.pipelines.preview(id, step, 'report')) as { value: unknown }
  return qualityReportSchema.parse(value)
}
const isAbout = ({ kind }: QualityFinding): boolean => kind === 'rows-left-out' || kind.startsWith('cells-')
const counted = ({ findings }: QualityReport) =>
  findings
    .filter(isAbout)
    .map(({ code, count }) => [code, count])
    .sort()
const lab = stepText('lab', 'source', '', 'dataset: lab')

it('the report of a pipeline says what the import lost as that of Data does, also behind queries, splits and programs', async () => {
  const own = await app.do(commands.quality.run, { ref: 'lab', options: {} })
  expect(counted(own.report)).toEqual([
    ['cells-altered', 300],
    ['cells-lost', 3],
    ['rows-left-out', 2]
  ])
  const yaml = pipelineOf(
    'losses',
    lab,
    stepText('clean', 'source', '', 'dataset: clean'),
    stepText('whole', 'quality-check', 'table: lab.table', 'columnsOf: lab'),
    stepText('renamed', 'sql', 'lab: lab.table, clean: clean.table', `query: "SELECT lead AS pb, ill FROM lab WHERE ill = 'yes'"`),
    stepText('behind', 'quality-check', 'table: renamed.table'),
    stepText('dropped', 'sql', 'lab: whole.table', 'query: "SELECT id, ill FROM lab"'),
    stepText('split', 'split', 'table: dropped.table', 'test: 0.3, seed: 1'),
    stepText('elsewhere', 'quality-check', 'table: split.train'),
    stepText('spotless', 'quality-check', 'table: clean.table')
  )
  const done = await run(yaml)
  const whole = await reportOf(done, 'whole')
  expect(whole.findings.filter(isAbout)).toEqual(own.report.findings.filter(isAbout))
  expect(whole.imported).toEqual(own.report.imported)

  const behind = await reportOf(done, 'behind')
  const { ref } = app.datasets.get('lab').version
  const clean = app.datasets.get('clean').version.ref
  expect(counted(behind)).toEqual(counted(own.report))
  expect(behind.imported).toEqual({ rowsLeftOut: 2, cellsLost: 3, cellsAltered: 300, from: [ref, clean] })
  const lost = behind.findings.find(({ kind }) => kind === 'cells-lost')!
  expect([lost.severity, lost.columns, lost.title]).toEqual([
    'warning',
    ['pb'],
    '3 cells of the file of "lab" are missing because they do not fit'
  ])
  expect(lost.what).toContain(`This is about the import of ${ref}, which the table is made from.`)
  expect(rowsCheckedText(behind)).toBe(
    `all ${behind.rows} rows of a table made from ${ref}, ${clean}; 2 rows of the files left out, 3 cells of the files missing because they do not fit`
  )

  const elsewhere = (await reportOf(done, 'elsewhere')).findings.find(({ kind }) => kind === 'cells-lost')!
  expect([elsewhere.severity, elsewhere.columns, elsewhere.count]).toEqual(['info', [], 3])
  expect(elsewhere.what).toContain('None of these columns is in the table.')
  const spotless = await reportOf(done, 'spotless')
  expect([counted(spotless), spotless.imported]).toEqual([[], { rowsLeftOut: 0, cellsLost: 0, cellsAltered: 0 }])
  expect(rowsCheckedText(spotless)).toBe('all 2 rows, none of the file left out')

  expect((await run(yaml)).cachedSteps).toBe(done.steps.length)
  // Another reading of the same file is another version; what its import lost is in the key of the check.
  const columns = [{ source: 'lead', detectionLimit: 'half' as const }]
  await app.do(commands.datasets.import, { path: join(root, 'lab.csv'), options: { name: 'lab', columns } })
  const again = await run(yaml)
  const check = again.steps.find(({ stepId }) => stepId === 'elsewhere')!
  expect([check.cached, check.changes.map(({ part }) => part)]).toEqual([false, ['fixed imports']])
  expect(counted(await reportOf(again, 'elsewhere'))).not.toContainEqual(['cells-lost', 3])
  expect(app.pipelines.lineage(again.steps.find(({ stepId }) => stepId === 'whole')!.outputs[0]!.sha256)[0]!.inputs).toContainEqual({
    port: 'import/lab',
    reference: expect.stringMatching(/^import:lab@sha256:/)
  })
})

it('a gate decides on what the import lost, and the card of the model says it', async () => {
  const done = await run(
    pipelineOf(
      'judged',
      lab,
      stepText('check', 'quality-check', 'table: lab.table'),
      splitStep('check.table'),
      trainStep('target: ill, features: [lead, zinc], parameters: { trees: 5 }'),
      evaluateStep('bootstrapSamples: 50, latencyCalls: 5'),
      gateStep('whole', { more: ', quality: check.report' }),
      registerStep('sick')
    )
  )
  expect(done.state).toBe('succeeded')
  const gate = await app.policies.gate(app.policies.gates()[0]!.id)
  expect(gate.results.map(({ rule, outcome }) => [rule, outcome])).toEqual([
    ['cells', 'fail'],
    ['rows', 'pass']
  ])
  const { html: card } = await app.bundles.cardDocument('sick', 1)
  expect(card).toContain('2 rows of the file are not in the table')
  expect(card).toContain('303 cells of 2 columns were read by a rule')
})
