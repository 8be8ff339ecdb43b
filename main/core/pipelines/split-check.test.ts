import { copyFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evaluationSchema, type Evaluation } from '../../model/evaluation'
import { independenceOf, judgedRowsNotes } from '../../model/evidence'
import { qualityReportSchema, type QualityReport } from '../../model/quality'
import type { PipelineRun } from '../../model/pipeline-run'
import { describeRepeated, type SplitCheck } from '../../model/split-check'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from './fixtures/pipeline-workspace'
import { evaluateStep, gateStep, pipelineOf, stepText, trainStep } from './fixtures/pipeline-texts'

const fixtures = join(dirname(fileURLToPath(import.meta.url)), 'fixtures')
let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace

const policy = (name: string, expression: string): string => `schema: drydock.policy
version: 1
name: ${name}
title: ${name}
rules:
  - { id: rule, title: Apart, severity: block, expression: '${expression}', message: The two sides are tied. }
`
beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  copyFileSync(join(fixtures, 's01-group.csv'), join(folder.path, 'data', 's01-group.csv'))
  const visits = `SELECT * FROM read_csv('${join(folder.path, 'data', 's01-group.csv')}')`
  await workspace.addDataset('visits', visits)
  await workspace.addDataset('plain', visits)
  const told = workspace.datasets.get('visits')!
  workspace.datasets.set('visits', { ...told, roles: { patient: 'group', row: 'identifier', y: 'target' } })
  await workspace.addDataset(
    'days',
    `SELECT range AS n, DATE '2024-01-01' + range::INTEGER AS day, range % 7 / 7.0 AS x, range % 2 AS y FROM range(200)`
  )
  workspace.datasets.set('days', { ...workspace.datasets.get('days')!, roles: { day: 'time', n: 'ignored', y: 'target' } })
  for (const [name, expression] of Object.entries({
    groups: 'split.groups_shared == 0.0',
    time: 'split.time_overlap == 0.0',
    findings: 'data.split_findings == 0.0',
    silent: 'metrics.auc >= 0.0'
  }))
    workspace.policies.set(name, policy(name, expression))
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

const chain = (name: string, dataset: string, split: string, gate: string, more = ''): string =>
  pipelineOf(
    name,
    stepText('cases', 'source', '', `dataset: ${dataset}`),
    stepText('split', 'split', 'table: cases.table', `test: 0.3, seed: 1${split}`),
    trainStep('target: y, features: [x], parameters: { trees: 5 }'),
    evaluateStep('bootstrapSamples: 50, latencyCalls: 5'),
    gateStep(gate),
    stepText('both', 'quality-check', 'table: split.train, test: split.test'),
    more
  )
const run = async (yaml: string) => {
  const result: PipelineRun = await workspace.run(yaml)
  expect(result.failure).toBeNull()
  const document = async (step: string, port: string): Promise<unknown> => {
    const output = result.steps.find(({ stepId }) => stepId === step)!.outputs.find((each) => each.port === port)!
    return JSON.parse((await workspace.context.objects.read(output.sha256)).toString('utf8'))
  }
  const evaluation: Evaluation = evaluationSchema.parse(await document('evaluate', 'evaluation'))
  const ofSplit: QualityReport = qualityReportSchema.parse(await document('split', 'quality'))
  const ofBoth: QualityReport = qualityReportSchema.parse(await document('both', 'report'))
  const gate = await workspace.gates.gate(workspace.gates.gates()[0]!.id)
  return { evaluation, ofSplit, ofBoth, gate, rule: gate.results.find(({ rule }) => rule === 'rule')! }
}
const ties = ({ findings }: QualityReport) =>
  findings.filter(({ kind }) => kind.startsWith('split-')).map(({ kind, columns, count }) => [kind, ...columns, count])

describe('a split says what ties its sides', () => {
  it('of 40 patients in a random split: a finding, a fact, and a word at the figures', async () => {
    const { evaluation, ofSplit, ofBoth, rule } = await run(chain('patients', 'visits', '', 'groups'))
    const found = evaluation.splitCheck!.groups.find(({ column }) => column === 'patient')!
    // The identifier of the rows is looked at too, and is on one side only.
    expect(evaluation.splitCheck!.groups.map(({ column, shared }) => [column, shared > 0])).toEqual([
      ['row', false],
      ['patient', true]
    ])
    // 37 of the 40 have rows among those of the test, and all of these have others in training.
    expect([found.shared, found.of, found.rows]).toEqual([37, 37, evaluation.rows.judged])
    for (const report of [ofSplit, ofBoth]) expect(ties(report)).toEqual([['split-group-leakage', 'patient', found.rows]])
    expect(rule).toMatchObject({ outcome: 'fail', evidence: [{ fact: 'split.groups_shared', value: 37 }] })
  })
  it('of whole groups, chosen by their role: nothing, and the fact is zero', async () => {
    const { evaluation, ofSplit, rule } = await run(chain('whole', 'visits', ', by: roles', 'groups'))
    expect(evaluation.splitCheck!.groups.map(({ shared }) => shared)).toEqual([0, 0])
    const together = (check: SplitCheck) => ({
      ...check,
      groups: check.groups.map((each) => (each.column === 'patient' ? { ...each, drawnTogether: true } : each))
    })
    expect([ties(ofSplit), together(ofSplit.split!), rule.outcome]).toEqual([[], evaluation.splitCheck, 'pass'])
    // Intervals draw whole patients, so nothing is to be said of rows that are ten to one.
    const { of } = evaluation.splitCheck!.groups.find(({ role }) => role === 'group')!
    expect(evaluation.bootstrap).toMatchObject({ clusters: { by: 'group', column: 'patient', count: of } })
    expect(judgedRowsNotes(independenceOf(evaluation), evaluation.splitCheck)).toEqual([])
    expect(judgedRowsNotes(independenceOf(evaluation), ofSplit.split)).toEqual([
      {
        tone: 'warn',
        text: expect.stringContaining(`"patient" count as independent here: ${evaluation.rows.judged} judged rows of ${of} values.`)
      }
    ])
  })
  it('of rows whose group is not known: these are none of a group, in the words of the intervals as well', async () => {
    const rows = (name: string, patient: string) =>
      workspace.addDataset(name, `SELECT ${patient} AS patient, range AS row, range % 7 / 7.0 AS x, range % 2 AS y FROM range(200)`)
    const noteOf = async (name: string): Promise<string[]> => {
      workspace.datasets.set(name, { ...workspace.datasets.get(name)!, roles: { patient: 'group', y: 'target' } })
      const { evaluation, ofSplit } = await run(chain(name, name, ', by: roles', 'silent'))
      expect(evaluation.splitCheck!.groups).toMatchObject([{ column: 'patient', shared: 0, drawnTogether: true }])
      return describeRepeated(ofSplit.split!)
    }
    await rows('alone', 'range')
    expect(await noteOf('alone')).toEqual([])
    await rows('partly', 'CASE WHEN range % 2 = 0 THEN range END')
    expect(await noteOf('partly')).toEqual([])
    await rows('visits-of-some', 'CASE WHEN range % 2 = 0 THEN range // 4 END')
    expect((await noteOf('visits-of-some'))[0]).toMatch(
      /^Rows of one "patient" count as independent here: (\d+) judged rows of (\d+) values\. The intervals are likely too narrow\.$/
    )
    // A program that did not count them left the question open.
    expect(
      describeRepeated({ judgedRows: 60, groups: [{ column: 'patient', role: 'group', shared: 0, of: 8, rows: 0 }], times: [] })
    ).toEqual([])
  })
  it('of days in a random split: how many training rows are later than the first judged one', async () => {
    const { evaluation, ofSplit, rule } = await run(chain('days', 'days', '', 'time'))
    const [time] = evaluation.splitCheck!.times
    expect(time).toMatchObject({ column: 'day', of: 140 })
    expect(time!.overlap).toBeGreaterThan(100)
    expect(ties(ofSplit)).toEqual([['split-time-leakage', 'day', time!.overlap]])
    expect(rule).toMatchObject({ outcome: 'fail', evidence: [{ fact: 'split.time_overlap', value: time!.overlap }] })
    const later = await run(chain('later', 'days', ', by: roles', 'time'))
    expect([later.evaluation.splitCheck!.times[0]!.overlap, later.rule.outcome, ties(later.ofBoth)]).toEqual([0, 'pass', []])
  })
  it.each(['groups', 'time', 'findings'])('without roles nobody looked, and a rule on %s errs and does not pass', async (name) => {
    const { evaluation, ofSplit, rule } = await run(chain(`plain-${name}`, 'plain', '', name))
    expect([evaluation.splitCheck, ofSplit.split, ties(ofSplit)]).toEqual([undefined, undefined, []])
    expect(rule).toMatchObject({ outcome: 'error', errorDetail: expect.stringContaining('Give the columns their roles') })
  })
  it('where a query dropped the group: nobody looked, said at the figures, in the reports and by the rule', async () => {
    const query = stepText('query', 'sql', 'a: cases.table', "query: 'SELECT row, x, y FROM a'")
    const yaml = chain('dropped', 'visits', '', 'findings').replace('  - id: split\n', `${query}  - id: split\n`)
    const { evaluation, ofSplit, ofBoth, rule } = await run(yaml.replace('table: cases.table', 'table: query.table'))
    const absent = [{ column: 'patient', role: 'group' }]
    for (const check of [evaluation.splitCheck, ofSplit.split, ofBoth.split]) expect(check).toMatchObject({ absent, times: [] })
    for (const report of [ofSplit, ofBoth]) {
      expect(ties(report)).toEqual([['split-not-checked', 0]])
      expect(report.findings.find(({ kind }) => kind === 'split-not-checked')).toMatchObject({ severity: 'warning' })
    }
    expect(ofSplit.counts).toEqual({ error: 0, warning: 1, info: 0 })
    expect(rule).toMatchObject({ outcome: 'error', errorDetail: expect.stringContaining('column "patient" is not in the tables') })
  })
  it('shuts the gate though its policy says nothing of it, and a split by groups only warns of times', async () => {
    const told = workspace.datasets.get('days')!
    workspace.datasets.set('seen', { ...told, roles: { day: 'time', n: 'group', y: 'target' } })
    const gateOf = async (name: string, dataset: string, split: string) => {
      const { gate, evaluation } = await run(chain(name, dataset, split, 'silent'))
      const { outcome, results } = gate
      return {
        outcome,
        evaluation,
        results: results.filter(({ rule }) => /^independent-(groups|times)$/.test(rule)).map(({ rule, severity }) => [rule, severity])
      }
    }
    expect(await gateOf('shut', 'visits', '')).toMatchObject({ outcome: 'fail', results: [['independent-groups', 'block']] })
    expect(await gateOf('late', 'days', '')).toMatchObject({ outcome: 'fail', results: [['independent-times', 'block']] })
    const byRoles = await gateOf('whole', 'seen', ', by: roles')
    expect(byRoles).toMatchObject({ outcome: 'pass', results: [['independent-times', 'warn']] })
    expect(byRoles.evaluation.splitCheck!.times).toMatchObject([{ column: 'day', dividedBy: 'group' }])
  })
  it('warns of a random split where a role asks for another one', async () => {
    const { problems } = await workspace.pipelines.validate(chain('patients', 'visits', '', 'groups'))
    expect(problems).toContainEqual(
      expect.objectContaining({ severity: 'warning', stepId: 'split', parameter: 'by', message: expect.stringContaining('by: group') })
    )
    const chosen = await workspace.pipelines.validate(chain('patients', 'visits', ', by: group, column: patient', 'groups'))
    expect(chosen.problems.filter(({ stepId }) => stepId === 'split')).toEqual([])
  })
})
