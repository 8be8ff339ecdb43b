import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCommands } from '../core/experiments'
import { makeSmallWorkspace, type SmallWorkspace } from '../testing/small-workspace'
import { trainingRecord } from '../testing/sample-runs'
import { parsePolicy } from '../core/policies'
import { createOutput } from './output'
import { runCli } from './program'

let small: SmallWorkspace
const { DRYDOCK_USER_DIR } = process.env
beforeAll(async () => {
  small = await makeSmallWorkspace()
  process.env.DRYDOCK_USER_DIR = `${small.root}/user`
  const app = small.application()
  await app.openWorkspace(small.base)
  const parameters = { trees: 120, rate: 0.05, code: '007', wide: '9007199254740993', target: 'size', columns: ['id'] }
  app.do(runCommands.recordTraining, trainingRecord('first', { parameters, metrics: { auc: 0.75 } }))
  await app.close()
})
afterAll(() => {
  if (DRYDOCK_USER_DIR === undefined) delete process.env.DRYDOCK_USER_DIR
  else process.env.DRYDOCK_USER_DIR = DRYDOCK_USER_DIR
  small.remove()
})

/** A command line about the workspace, with and without --json. */
async function drydock(...argv: string[]) {
  let [out, err] = ['', '']
  const code = await runCli([...argv, '-w', small.base], { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err }
}
const json = async (...argv: string[]) => JSON.parse((await drydock(...argv, '--json')).out) as Record<string, unknown>

it('lists are items and total', async () => {
  for (const [list, total] of [
    ['runs', 1],
    ['models', 0],
    ['dataset list', 2],
    ['dataset misfits people', 0],
    ['person list', 3]
  ] as const) {
    const document = await json(...list.split(' '))
    expect([list, document.total, (document.items as unknown[]).length]).toEqual([list, total, total])
    expect(Object.keys(document)).not.toEqual(expect.arrayContaining(['runs', 'misfits']))
  }
})

it('numbers are numbers, and what a reader of JSON would round is text', async () => {
  const { items } = (await json('runs')) as { items: { parameters: unknown }[] }
  expect(items.map(({ parameters }) => parameters)).toEqual([
    { trees: 120, rate: 0.05, code: '007', wide: '9007199254740993', target: 'size', columns: '["id"]' }
  ])
  const query = 'SELECT count(*), 9007199254740991::BIGINT, 9007199254740993::BIGINT, 3::HUGEINT, 1.5::DECIMAL(4,1) FROM people'
  expect((await json('sql', query)).rows).toEqual([[300, 9007199254740991, '9007199254740993', 3, 1.5]])
})

it('of a name that there is not what was perhaps meant is said, whatever kind of thing it names', async () => {
  for (const [argv, meant] of [
    [['dataset', 'show', 'poeple'], 'There is no dataset "poeple" in this workspace. Did you mean "people"?'],
    [['dataset', 'misfits', 'people', '--column', 'sise'], 'It has id, city, size. Did you mean "size"?'],
    [['run', 'peopel'], 'There is no pipeline "peopel" in this workspace. Did you mean "people"?'],
    [['run', 'people', '--target', 'trian'], 'Did you mean "train"?'],
    [['export', 'mole@1', '--key', 'k', '--out', 'o'], 'There is no model "mole" in this workspace.'],
    [['profile', 'people', '--target', 'sise'], 'Did you mean "size"?'],
    [['person', 'use', 'Grave'], 'Did you mean "Grace"?'],
    [['sql', 'SELECT * FROM peopel'], 'There is no table "peopel". Did you mean "people"? It is at line 1, column 15.'],
    [['sql', 'SELECT * FROM ledger.rnus'], 'Did you mean "ledger.runs"?'],
    [['sql', 'SELECT p.citty FROM people p'], 'There is no column "citty" in the tables of the query. Did you mean "city"?'],
    [['sql', 'SELECT citty FROM people'], 'Did you mean "city"?']
  ] as const) {
    const { code, err } = await drydock(...argv)
    expect([argv.join(' '), [2, 3].includes(code), err]).toEqual([argv.join(' '), true, expect.stringContaining(meant)])
  }
  const sorted = await drydock('runs', '--sort', 'metrics.acu')
  expect([sorted.code, sorted.err]).toEqual([
    0,
    expect.stringContaining('No run here has the metric "acu" to sort by. Did you mean "auc"?')
  ])
  expect((await json('runs', '--filter', 'params.tree > 3')).notes).toEqual(['No run here has the parameter "tree". Did you mean "trees"?'])
})

it('of a noun, verb or option that there is not what was perhaps meant is said, with exit code 2, also to who asks for help about it', async () => {
  const ask = async (...argv: string[]) => {
    let [out, err] = ['', '']
    const code = await runCli(argv, { out: (text) => (out += text), err: (text) => (err += text) })
    return { code, out, err }
  }
  for (const [argv, unknown, meant] of [
    [['datset', 'list'], "unknown command 'datset'", 'dataset'],
    [['dataset', 'lst'], "unknown command 'lst'", 'list'],
    [['help', 'datset'], "unknown command 'datset'", 'dataset'],
    [['help', 'person', 'lst'], "unknown command 'lst'", 'list'],
    [['person', 'help', 'lst'], "unknown command 'lst'", 'list'],
    [['person', 'lst', '--help'], "unknown command 'lst'", 'list'],
    [['runs', '-w', small.base, '--ascendin'], "unknown option '--ascendin'", '--ascending'],
    [['dataset', 'list', '-w', small.base, '--trahsed'], "unknown option '--trahsed'", '--trashed']
  ] as const) {
    const { code, out, err } = await ask(...argv)
    expect({ argv, code, out, err }).toEqual({ argv, code: 2, out: '', err: expect.stringContaining(unknown) })
    expect(err).toContain(`(Did you mean ${meant}?)`)
    const asJson = await ask(...argv, '--json')
    expect([asJson.code, JSON.parse(asJson.out)]).toMatchObject([
      2,
      { error: { code: 'INVALID_INPUT', message: expect.stringContaining(`Did you mean ${meant}?`), details: { suggestions: [meant] } } }
    ])
  }
  for (const argv of [
    ['help', 'dataset', 'list'],
    ['dataset', 'help', 'list'],
    ['dataset', 'list', '--help']
  ])
    expect(await ask(...argv)).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^Usage: drydock dataset list /) })
  expect(await ask('help', 'dataset')).toMatchObject({ code: 0, out: expect.stringMatching(/^Usage: drydock dataset /) })
  expect(await ask('help')).toMatchObject({ code: 0, out: expect.stringMatching(/^Usage: drydock /) })
})

it('what is wrong in a document is said with line and column, each where there are several', async () => {
  const file = (name: string, text: string): string => {
    writeFileSync(join(small.root, name), text)
    return join(small.root, name)
  }
  const one = file('one.yaml', 'schema: drydock.pipeline\nversion: 1\nname: one\nsteps:\n  - id: a\n    type: sorce\n')
  expect((await drydock('run', one)).err).toMatch(/^drydock: The pipeline cannot run \(line 6, column 11\): There is no step type "sorce"/)
  const two = file('two.yaml', `${readFileSync(one, 'utf8')}  - id: b\n    type: spilt\n`)
  expect((await drydock('run', two)).err).toMatch(/\n {2}line 8, column 11, step "b": There is no step type "spilt"/)
  const policy = 'schema: drydock.policy\nversion: 1\nname: p\nrules:\n  - { id: a, severity: loud, expression: "true" }\n  - { id: 3 }\n'
  let said = ''
  const output = createOutput(
    false,
    () => {},
    (text) => (said += text)
  )
  try {
    parsePolicy(policy)
  } catch (error) {
    output.error(error)
  }
  expect(said).toMatch(/^drydock: The policy cannot be read: .* at line 1, column 1\. It is the first of \d problems\./)
  expect(said).toMatch(/\n {2}line 6, column \d+, rules\.1\.id: /)
})
