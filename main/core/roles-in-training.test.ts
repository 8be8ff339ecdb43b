import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { qualityReportSchema } from '../model/quality'
import { trainedModelSchema } from '../model/training'
import type { ColumnPatch } from '../model/dataset'
import type { PipelineRun } from '../model/pipeline-run'
import { commands } from './all-commands'
import { createApplication, type Application } from './application'
import { leakageOf } from './policies/leakage'
import { casesStep, evaluateStep, pipelineOf, splitStep, stepText, trainStep } from './pipelines/fixtures/pipeline-texts'

const root = mkdtempSync(join(tmpdir(), 'drydock-roles-'))
let app: Application
const declared: ColumnPatch[] = [
  { name: 'case_no', role: 'identifier' },
  { name: 'cost', knownWhen: 'after' },
  { name: 'note', role: 'ignored' },
  { name: 'outcome', role: 'target', knownWhen: 'after' }
]

const setColumns = (columns: ColumnPatch[]) => app.do(commands.datasets.setColumns, { ref: 'cases', columns })

beforeAll(async () => {
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(join(root, 'w'), 'Roles')
  const rows = Array.from({ length: 300 }, (_, i) => {
    const x = (i * 37) % 100
    const hit = x > 60 + (i % 30) - 15
    return `${i},${x},${i % 7},${hit ? 100 + i : i},${i % 5},${hit}`
  })
  writeFileSync(join(root, 'cases.csv'), `case_no,x,y,cost,note,outcome\n${rows.join('\n')}\n`)
  await app.do(commands.datasets.import, { path: join(root, 'cases.csv'), options: { name: 'cases' } })
  await setColumns(declared)
})
afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true, force: true })
})

const pipeline = (training: string, query = 'SELECT case_no AS n, * EXCLUDE (case_no), x * 2 AS twice FROM cases'): string =>
  pipelineOf(
    'roles',
    casesStep,
    stepText('features', 'sql', 'cases: cases.table', `query: "${query}"`),
    stepText('check', 'quality-check', 'table: features.table'),
    splitStep('check.table'),
    trainStep(`target: outcome, parameters: { trees: 5 }, ${training}`),
    evaluateStep('bootstrapSamples: 50, latencyCalls: 10')
  )
const run = async (yaml: string): Promise<PipelineRun> => app.pipelines.finished((await app.do(commands.pipelines.run, { yaml })).runId)
const recordOf = async (id: PipelineRun['id']) => {
  const { value } = (await app.pipelines.preview(id, 'train', 'report')) as { value: unknown }
  return trainedModelSchema.parse(value)
}
const cachedSteps = (done: PipelineRun): string[] => done.steps.filter((step) => step.cached).map((step) => step.stepId)
const problemsOf = async (yaml: string) => (await app.pipelines.validate(yaml)).problems

describe('roles of columns, from Data to the trained model', () => {
  it('leaves identifiers, ignored columns and what is known only after out of the features, and says so', async () => {
    const yaml = pipeline('seed: 3')
    expect(await problemsOf(yaml)).toEqual([])
    const done = await run(yaml)
    expect(done.state).toBe('succeeded')
    const record = await recordOf(done.id)
    expect(record.features.map(({ name }) => name)).toEqual(['x', 'y', 'twice'])
    expect(record.columnRoles).toEqual({
      leftOut: [
        { name: 'n', reason: 'identifier' },
        { name: 'cost', reason: 'known after' },
        { name: 'note', reason: 'ignored' }
      ],
      unknown: ['twice']
    })
    const { text } = await app.pipelines.log(done.id, 'train')
    const [made] = app.experiments.runs({ experiment: 'roles' }).runs
    expect(made.parameters.leftOut).toBe('n (identifier), cost (known after), note (ignored)')
    expect(text).toContain('left out: n (identifier)')
    expect(text).toContain('left out: cost (known after)')
    expect(text).toContain('role not known, learned from all the same: twice')
  })

  it('trains again when a role changes in Data, and runs nothing again that does not depend on it', async () => {
    await setColumns([{ name: 'y', role: 'ignored' }])
    const done = await run(pipeline('seed: 3'))
    expect(cachedSteps(done)).toEqual(['cases', 'features', 'check', 'split'])
    expect(done.steps.find(({ stepId }) => stepId === 'train')?.changes.map(({ part }) => part)).toEqual(['fixed columnRoles'])
    expect((await recordOf(done.id)).features.map(({ name }) => name)).toEqual(['x', 'twice'])
    expect(cachedSteps(await run(pipeline('seed: 3')))).toHaveLength(6)
    await setColumns([{ name: 'y', role: 'feature' }])
  })

  it('shows a contradiction before the run, at its step and line, and does not start', async () => {
    for (const [training, parameter, words] of [
      ['features: [x, n]', 'features', '"n" is an identifier in the dataset "cases", where it is called "case_no"'],
      ['features: [cost]', 'features', '"cost" is known only after the outcome'],
      ['features: [note]', 'features', '"note" is to be ignored']
    ]) {
      const yaml = pipeline(training)
      const [problem] = await problemsOf(yaml)
      expect(problem).toMatchObject({ code: 'COLUMN_ROLE', severity: 'error', stepId: 'train', parameter, line: 22 })
      expect(problem.message).toContain(words)
      await expect(app.do(commands.pipelines.run, { yaml })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining(words)
      })
    }
    for (const [target, words] of [
      ['x', 'in Data "outcome" has the role target'],
      ['note', '"note" is to be ignored']
    ]) {
      const [problem] = await problemsOf(pipeline('seed: 3').replace('target: outcome', `target: ${target}`))
      expect(problem).toMatchObject({ code: 'COLUMN_ROLE', stepId: 'train', parameter: 'target' })
      expect(problem.message).toContain(words)
    }
  })

  it('says of a training without a target which column has that role, also where a query renamed it', async () => {
    const without = (query?: string) => pipeline('seed: 1', query).replace('target: outcome, ', '')
    const messages = async (yaml: string) => (await app.pipelines.validate(yaml)).problems.map(({ code, message }) => [code, message])
    expect(await messages(without())).toEqual([
      ['MISSING_PARAMETER', '"train" needs the parameter "target". Fill it in. `cases.outcome` has the role target: set target: outcome.']
    ])
    expect(await messages(without('SELECT x, y, outcome AS hit FROM cases'))).toMatchObject([
      ['MISSING_PARAMETER', expect.stringContaining('`cases.outcome` has the role target: set target: hit.')]
    ])
    expect(await messages(without('SELECT x, y FROM cases'))).toEqual([
      ['MISSING_PARAMETER', '"train" needs the parameter "target". Fill it in.']
    ])
    await expect(app.do(commands.pipelines.run, { yaml: without() })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('set target: outcome')
    })
  })

  it('warns of features made of the outcome or of what is known only after it, and starts all the same', async () => {
    const yaml = pipeline('seed: 3', 'SELECT x, outcome, cost / 2 AS half, NOT outcome AS other, x * 2 AS twice FROM cases')
    const warnings = await problemsOf(yaml)
    expect(warnings.map(({ code, severity, stepId }) => [code, severity, stepId])).toEqual([
      ['COLUMN_ROLE', 'warning', 'train'],
      ['COLUMN_ROLE', 'warning', 'train']
    ])
    expect(warnings.map(({ message }) => message).join()).toMatch(/"half" .*"cost".*known only after.*"other" .*"outcome".*a target/s)
    expect(await problemsOf(yaml.replace('seed: 3', 'exclude: [half, other]'))).toEqual([])
    const { runId } = await app.do(commands.pipelines.run, { yaml, targetStep: 'features' })
    expect((await app.pipelines.finished(runId)).state).toBe('succeeded')
    expect((await app.pipelines.finished((await app.do(commands.pipelines.run, { yaml, targetStep: 'train' })).runId)).state).toBe(
      'succeeded'
    )
  })

  it('reaches a quality check that names its dataset, which looks for leaks in all that a training reads', async () => {
    await setColumns([{ name: 'y', role: 'group' }])
    const reportOf = async (parameters: string) => {
      const yaml = pipeline('seed: 3').replace('inputs: { table: features.table }', `$&\n    parameters: { ${parameters} }`)
      const { id } = await run(yaml)
      const { value } = (await app.pipelines.preview(id, 'check', 'report')) as { value: unknown }
      return { done: { id }, report: qualityReportSchema.parse(value) }
    }
    const named = await reportOf('columnsOf: cases, features: [x, cost]')
    expect(named.report.findings.find(({ kind }) => kind === 'leakage-declared')).toMatchObject({ severity: 'error', columns: ['cost'] })
    const { done, report } = await reportOf('columnsOf: cases')
    expect(report.features).not.toContain('cost')
    expect(report.features).not.toContain('note')
    const learned = (await recordOf(done.id)).features
    expect(learned.map(({ name }) => name)).toEqual(['x', 'y', 'twice'])
    expect(report.features).toEqual(expect.arrayContaining(['x', 'y', 'twice']))
    expect(leakageOf(report, { target: { name: 'outcome', positive: true, negatives: [false] }, features: learned })).toMatchObject({
      findings: expect.any(Number)
    })
    await setColumns([{ name: 'y', role: 'feature' }])
  })

  it('refuses at the start of a run what only its parameters bring about', async () => {
    const yaml = pipeline('features: ["${{ parameters.feature }}"]').replace(
      'steps:',
      'parameters:\n  - { name: feature, type: string }\nsteps:'
    )
    expect(await problemsOf(yaml)).toEqual([])
    await expect(app.do(commands.pipelines.run, { yaml, parameters: { feature: 'cost' } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('"cost" is known only after the outcome')
    })
    const { runId } = await app.do(commands.pipelines.run, { yaml, parameters: { feature: 'x' } })
    expect((await app.pipelines.finished(runId)).state).toBe('succeeded')
  })

  it('leaves out what a query only writes otherwise, and what holds values of two columns of which neither may be learned', async () => {
    const query = `SELECT x, outcome, case_no::BIGINT AS n, CAST(cost AS INTEGER) AS price, coalesce(y, 0) AS z FROM cases
      UNION ALL SELECT x, outcome, note, note, y FROM cases`.replace(/\s+/g, ' ')
    for (const [name, words] of [
      ['n', '"n" is to be ignored in the dataset "cases", where it is called "note"'],
      ['price', '"price" is to be ignored in the dataset "cases", where it is called "note"']
    ])
      expect((await problemsOf(pipeline(`features: [${name}]`, query)))[0]).toMatchObject({
        code: 'COLUMN_ROLE',
        message: expect.stringContaining(words)
      })
    const { runId } = await app.do(commands.pipelines.run, { yaml: pipeline('seed: 3', query), targetStep: 'train' })
    expect((await app.pipelines.finished(runId)).state).toBe('succeeded')
    const record = await recordOf(runId)
    expect(record.features.map(({ name }) => name)).toEqual(['x', 'z'])
    expect(record.columnRoles).toEqual({
      leftOut: [
        { name: 'n', reason: 'ignored' },
        { name: 'price', reason: 'ignored' }
      ],
      unknown: []
    })
  })

  it('tells a column that no table of a step has, through steps that keep columns and queries that can be followed, and does not start', async () => {
    const at = { code: 'UNKNOWN_COLUMN', severity: 'error', stepId: 'train', parameter: 'exclude' }
    const yaml = pipeline('exclude: [x, twise]')
    expect(await problemsOf(yaml)).toEqual([
      expect.objectContaining({ ...at, line: 22, message: expect.stringMatching(/reads has no column "twise".* Did you mean "twice"\?$/) })
    ])
    await expect(app.do(commands.pipelines.run, { yaml })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('"train" cannot run: What "train" reads has no column "twise"')
    })
    // A step that the run does not need keeps nothing from running.
    const { runId } = await app.do(commands.pipelines.run, { yaml, targetStep: 'features' })
    expect((await app.pipelines.finished(runId)).state).toBe('succeeded')
    // What the columns are called is known only when it has run.
    expect(await problemsOf(pipeline('exclude: [twise]', "SELECT COLUMNS('x|y'), outcome FROM cases"))).toEqual([])
    const elsewhere = yaml.replace('dataset: cases', 'dataset: caces')
    expect(await problemsOf(elsewhere)).toEqual([
      expect.objectContaining({ code: 'UNKNOWN_DATASET', stepId: 'cases', message: expect.stringContaining('Did you mean "cases"?') })
    ])
    await expect(app.do(commands.pipelines.run, { yaml: elsewhere })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('knows nothing of what a query computes, and of documents that are not finished', async () => {
    expect(await problemsOf(pipeline('features: [n]', 'SELECT x, outcome, upper(case_no::VARCHAR) AS n FROM cases'))).toEqual([])
    const broken = pipeline('features: [n]').replace('dataset: cases', 'dataset: nowhere')
    expect((await problemsOf(broken)).filter(({ code }) => code === 'COLUMN_ROLE')).toEqual([])
    const circle = pipeline('features: [n]').replace('cases: cases.table', 'cases: split.train')
    expect((await problemsOf(circle)).map(({ code }) => code)).toEqual(['CYCLE'])
  })
})
