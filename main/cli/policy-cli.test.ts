import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openExportWorkspace, type ExportWorkspace } from '../core/bundles/export-workspace.fixture'
import { openDoor, type Door } from '../host/door'
import type { GateReport, PolicyProblem } from '../model/policy'
import { runCli } from './program'

let made: ExportWorkspace
let door: Door
let run: string
let strict: string
const { DRYDOCK_USER_DIR } = process.env

/** One command; the workspace is open in another program, which it reaches by the door. */
async function drydock(...argv: string[]) {
  let out = ''
  let err = ''
  const code = await runCli(argv, { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err, json: <T>() => JSON.parse(out) as T }
}
const inside = (noun: string, verb: string, ...argv: string[]) => drydock(noun, verb, '-w', made.home, ...argv)

const policyText = (bound: string): string => `schema: drydock.policy
version: 1
name: floor
title: Ranks well enough
rules:
  - id: ranks
    title: Ranks well enough
    severity: block
    expression: metrics.auc > ${bound}
    message: It ranks too badly. Look for better features.
  - id: apart
    title: Nothing leaks
    severity: warn
    expression: data.leakage_findings == 0.0
    message: Something leaks.
tests:
  - { name: good, given: { metrics: { auc: 0.999 }, data: { leakage_findings: 0 } }, expect: { ranks: pass, apart: pass } }
  - { name: bad, given: { metrics: { auc: 0.1 }, data: { leakage_findings: 2 } }, expect: { ranks: fail, apart: fail } }
`
const pipelineText = `schema: drydock.pipeline
version: 1
name: waves
steps:
  - { id: cases, type: source, parameters: { dataset: cases } }
  - { id: split, type: split, inputs: { table: cases.table }, parameters: { test: 0.3, seed: 7 } }
  - { id: train, type: train, inputs: { train: split.train }, parameters: { target: outcome, exclude: [id], parameters: { trees: 5, minRowsPerLeaf: 5 }, name: first try } }
  - { id: evaluate, type: evaluate, inputs: { model: train.model, test: split.test }, parameters: { bootstrapSamples: 50, latencyCalls: 20 } }
`
const cases = ['id,x,outcome', ...Array.from({ length: 240 }, (_, i) => `${i},${i % 75},${(i % 75) + ((i * 7) % 11) > 40}`)].join('\n')
const file = (name: string, text: string): string => {
  const path = join(made.root, name)
  writeFileSync(path, text)
  return path
}

beforeAll(async () => {
  made = await openExportWorkspace()
  process.env.DRYDOCK_USER_DIR = join(made.root, 'user')
  run = await made.registered('tides')
  door = await openDoor(made.app, made.home, () => {})
  strict = file('strict.yaml', policyText('0.99'))
})
afterAll(async () => {
  if (DRYDOCK_USER_DIR === undefined) delete process.env.DRYDOCK_USER_DIR
  else process.env.DRYDOCK_USER_DIR = DRYDOCK_USER_DIR
  await door.close()
  await made.close()
})

it('checks a text without a workspace, each problem with line, column and what was perhaps meant', async () => {
  expect(await drydock('policy', 'check', strict)).toMatchObject({ code: 0, out: expect.stringMatching(/"floor", 2 rules, is sound\.$/m) })
  const typos = file(
    'typos.yaml',
    policyText('0.5').replace('metrics.auc >', 'metric.auc >').replace('data.leakage_findings', 'data.leakage_finding')
  )
  const found = await drydock('policy', 'check', typos)
  expect(found).toMatchObject({ code: 1, err: '' })
  expect(found.out).toContain('typos.yaml:9:17: error: "metric" is not known. Facts are grouped under')
  expect(found.out).toMatch(
    /Did you mean "metrics"\?[^]*:14:17: warning: data\.leakage_finding is not a fact[^\n]*Did you mean "data\.leakage_findings"/
  )
  const { problems, holds } = (await drydock('policy', 'check', typos, '--json')).json<{ problems: PolicyProblem[]; holds: boolean }>()
  expect([holds, problems[0]]).toEqual([false, expect.objectContaining({ line: 9, column: 17, rule: 'ranks', severity: 'error' })])
  const keys = file('keys.yaml', policyText('0.5').replace('    expression: metrics', '    expresion: metrics'))
  const unknown = await drydock('policy', 'check', keys)
  expect([unknown.code, unknown.out]).toEqual([
    1,
    expect.stringMatching(/keys\.yaml:9:5: error: There is no key "expresion" here\. Did you mean "expression"\?/)
  ])
  expect((await drydock('policy', 'check', file('broken.yaml', 'name: "x" y\n'))).out).toMatch(/broken\.yaml:1:\d+: error: /)
  expect((await drydock('policy', 'check', join(made.root, 'none.yaml'))).code).toBe(3)
  expect(await drydock('policy', 'check', 'floor')).toMatchObject({ code: 2, err: expect.stringContaining('add -w DIR') })
})

it('runs the examples of a policy, and tries it on facts that are given', async () => {
  const tests = await drydock('policy', 'test', strict, '--json')
  expect([tests.code, tests.json()]).toEqual([0, expect.objectContaining({ policy: 'floor', total: 2, passed: 2, holds: true })])
  const wrong = file('wrong.yaml', policyText('0.99').replace('ranks: fail', 'ranks: pass'))
  expect(await drydock('policy', 'test', wrong)).toMatchObject({
    code: 1,
    out: expect.stringMatching(
      /^holds +good\nbroken +bad\n +rule "ranks": expected pass, came to fail\.\n1 of 2 examples of "floor" hold\.$/m
    )
  })
  const silent = file('silent.yaml', policyText('0.99').replace(/tests:[^]*/, ''))
  expect(await drydock('policy', 'test', silent)).toMatchObject({ code: 1, out: expect.stringContaining('It has no examples') })
  const facts = file('facts.yaml', 'schema: drydock.gate-facts\nversion: 1\nname: a weak model\nmetrics: { auc: 0.7 }\n')
  const weak = await drydock('policy', 'test', strict, '--facts', facts)
  expect(weak.code).toBe(1)
  expect(weak.out).toMatch(
    /^a weak model\nrule .*\nranks +block +broken +metrics\.auc 0\.7 +It ranks too badly\. .*\napart +warn +undecided +data\.leakage_findings missing .*\nfailed: /
  )
  const good = await drydock('policy', 'test', strict, '--facts', file('facts.json', '{"metrics": {"auc": 0.995}}'), '--json')
  expect([good.code, good.json<{ report: GateReport }>().report.outcome]).toEqual([0, 'pass'])
  const typo = await drydock('policy', 'test', strict, '--facts', file('typo.yaml', 'metrics: { auc: 1 }\nfairnes: {}\n'))
  expect([typo.code, typo.err]).toEqual([2, expect.stringMatching(/"fairnes" here\. Did you mean "fairness"\? \(line 2, column 1\)/)])
})

it('saves a sound text as the version in force, refuses another, and prints each as it was', async () => {
  expect(await inside('policy', 'list')).toMatchObject({ code: 0, out: expect.stringMatching(/^There are none\. Save one: /) })
  const first = await inside('policy', 'add', strict, '--json')
  expect(first.json()).toMatchObject({ name: 'floor', former: null, changed: true, rules: 2, blocking: 1, testsPassed: 2, problems: [] })
  expect((await inside('policy', 'add', strict)).out).toMatch(/^This text is in force under "floor" already: policy:floor@sha256:/)
  const typos = await inside('policy', 'add', join(made.root, 'typos.yaml'))
  expect(typos.err.match(/line 9, column 17/g)).toHaveLength(1)
  expect(typos).toMatchObject({ code: 2, err: expect.stringMatching(/typos\.yaml:9:17: error: [^]*Nothing was saved/) })
  // Lines end as they were written.
  const lenient = file('lenient.yaml', policyText('0.5').replaceAll('\n', '\r\n'))
  const { sha256 } = first.json<{ sha256: string }>()
  expect((await inside('policy', 'add', lenient)).out).toContain(`in the place of ${sha256.slice(0, 8)}.`)
  const listed = (await inside('policy', 'list', '--json')).json<{ items: object[]; total: number }>()
  expect(listed).toMatchObject({ total: 1, items: [{ name: 'floor', tests: 2 }] })
  expect((await inside('policy', 'show', 'floor')).out).toBe(readFileSync(lenient, 'utf8'))
  expect((await inside('policy', 'show', `floor@${sha256.slice(0, 8)}`)).out).toBe(readFileSync(strict, 'utf8'))
  expect((await inside('policy', 'show', 'floor', '--json')).json()).toMatchObject({
    text: readFileSync(lenient, 'utf8'),
    versions: [{ current: true }, { sha256 }]
  })
  expect((await inside('policy', 'check', 'floor')).code).toBe(0)
  expect((await inside('policy', 'show', 'flor')).err).toContain('Did you mean "floor"?')
  expect((await inside('policy', 'show', 'floor@00000000')).err).toMatch(/has no version 00000000\. There are: [0-9a-f]{8} of /)
})

it('applies a policy to a run: each rule with value and reason, and exit code 1 for what is no pass', async () => {
  for (const argv of [
    ['import', file('cases.csv', cases)],
    ['run', file('waves.yaml', pipelineText)],
    ['model', 'register', 'waves', '--run', 'first try', '--without-gate']
  ]) {
    const { code, err } = await drydock(...argv, '-w', made.home)
    expect([code, code === 0 ? '' : err]).toEqual([0, ''])
  }
  const old = (await inside('policy', 'show', 'floor', '--json')).json<{ versions: { sha256: string }[] }>().versions[1]!.sha256
  const failed = await inside('policy', 'gate', `floor@${old.slice(0, 8)}`, '--run', 'first try')
  expect([failed.code, failed.err]).toEqual([1, ''])
  expect(failed.out).toMatch(/ranks +block +broken +metrics\.auc 0\.\d+ +It ranks too badly\./)
  expect(failed.out).toMatch(
    /apart +warn +undecided +data\.leakage_findings missing +The fact data\.leakage_findings is missing: no quality report/
  )
  expect(failed.out).toMatch(/^failed: Not met: 1 of \d blocking rules? is broken: "Ranks well enough"\./m)
  const passed = await inside('policy', 'gate', 'floor', '--model', 'waves@1')
  expect([passed.code, passed.out]).toEqual([0, expect.stringMatching(/ranks +block +holds[^]+^passed: /m)])
  // The lenient text cures nothing, and that is said.
  expect(passed.err).toContain('The run as a whole stays failed')
  expect((await inside('model', 'show', 'waves')).out).toMatch(
    /gate +failed \(failed under [0-9a-f]{8}, passed under [0-9a-f]{8}, weakened by Ada Author/
  )
  const judged = (await inside('policy', 'gate', 'floor', '--run', 'first try', '--json')).json()
  expect(judged).toMatchObject({ word: 'passed', standing: 'fail', report: { policy: 'floor', outcome: 'pass' } })
  expect(await inside('policy', 'gate', 'floor')).toMatchObject({ code: 2, err: expect.stringContaining('--run RUN, or --model') })
  expect((await inside('policy', 'gate', 'floor', '--run', 'tidse')).err).toContain('Did you mean "tides"?')
  expect((await inside('policy', 'gate', 'flood', '--run', run)).err).toContain('Did you mean "floor"?')
  expect(await inside('policy', 'gate', 'floor', '--run', run)).toMatchObject({
    code: 1,
    err: expect.stringContaining('Run its evaluate step again')
  })
}, 60_000)

it('lists experiments with their trials, and compares runs by name as well as by id', async () => {
  const listed = (await inside('experiment', 'list', '--json')).json<{ items: object[]; total: number }>()
  expect(listed).toMatchObject({
    total: 2,
    items: expect.arrayContaining([expect.objectContaining({ name: 'tides', runs: 1, trials: 1 })])
  })
  await made.registered('springs', { record: { experiment: 'tides' } })
  const compared = (await inside('experiment', 'compare', 'tides', 'springs', '--baseline', 'tides', '--json')).json<{
    items: object[]
    total: number
    pairs: object[]
  }>()
  expect(compared.total).toBe(compared.items.length)
  expect(compared.items).toEqual(compared.pairs)
  expect(compared).toMatchObject({ runs: [{ id: run, name: 'tides' }, { name: 'springs' }] })
})

it('titles, names and texts of a policy begin no line of what is said of it', async () => {
  const forged = policyText('0.9999')
    .replaceAll('Ranks well enough', '"Ranks\\nFORGED: passed"')
    .replace('name: bad', 'name: "bad\\nFORGED: ok"')
  const policy = file('forged.yaml', forged.replace('name: floor', 'name: forged').replace('auc: 0.999', 'auc: 0.99999'))
  const escaped = (said: { out: string; err: string }): void => {
    expect(said.out + said.err).toContain('\\u000aFORGED')
    expect((said.out + said.err).split('\n').filter((line) => line.trimStart().startsWith('FORGED'))).toEqual([])
  }
  escaped(await drydock('policy', 'check', file('wrong.yaml', forged.replace('severity: warn', 'severity: warn\n    "odd\\nFORGED": 1'))))
  escaped(await drydock('policy', 'test', policy))
  const facts = file('low.yaml', 'name: "low\\nFORGED: ok"\nmetrics: { auc: 0.1 }\ndata: { leakage_findings: 0 }\n')
  escaped(await drydock('policy', 'test', policy, '--facts', facts))
  expect(await inside('policy', 'add', policy)).toMatchObject({ code: 0 })
  const judged = await inside('policy', 'gate', 'forged', '--run', 'first try')
  escaped(judged)
  expect(judged).toMatchObject({ code: 1, out: expect.stringContaining('1 blocking rule is broken: "Ranks\\u000aFORGED: passed"') })
  // What is kept is the title as it was written.
  expect((await inside('policy', 'gate', 'forged', '--run', 'first try', '--json')).json<{ report: GateReport }>().report.reason).toContain(
    '\nFORGED'
  )
})
