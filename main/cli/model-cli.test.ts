import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ModelVersionDetail } from '../model/registry'
import { trainingRecord } from '../testing/sample-runs'
import { commands } from '../core/all-commands'
import { runCommands } from '../core/experiments'
import { openDoor, type Door } from '../host/door'
import { openExportWorkspace, passphrase, type ExportWorkspace } from '../core/bundles/export-workspace.fixture'
import { runCli } from './program'

let made: ExportWorkspace
let door: Door
let tides: string
const { DRYDOCK_USER_DIR } = process.env

/** One command in the workspace, which another program has open, with the passphrase of whom `--as` names. */
async function drydock(...argv: string[]) {
  let out = ''
  let err = ''
  process.env.DRYDOCK_AS_PASSPHRASE = passphrase
  const code = await runCli([...argv, '-w', made.home], { out: (text) => (out += text), err: (text) => (err += text) })
  delete process.env.DRYDOCK_AS_PASSPHRASE
  return { code, out, err, json: <T>() => JSON.parse(out) as T }
}

beforeAll(async () => {
  made = await openExportWorkspace()
  process.env.DRYDOCK_USER_DIR = join(made.root, 'user')
  const { app, author } = made
  const { id } = app.do(commands.people.create, { name: 'Abe Approver', roles: ['approver', 'reviewer'] })
  await app.do(commands.people.createKey, { id, passphrase })
  await app.do(commands.people.use, { id: author.id, passphrase })
  tides = await made.registered('tides', { gates: [{ policy: 'strict' }] })
  app.do(runCommands.recordTraining, trainingRecord('first try', { experiment: 'tides', artifacts: [made.model] }))
  door = await openDoor(app, made.home, () => {})
})
afterAll(async () => {
  if (DRYDOCK_USER_DIR === undefined) delete process.env.DRYDOCK_USER_DIR
  else process.env.DRYDOCK_USER_DIR = DRYDOCK_USER_DIR
  await door.close()
  await made.close()
})

it('registers the model of a run by id or name; without a gate that passed only as a draft that is asked for', async () => {
  const first = await drydock('model', 'register', 'ebb', '--run', tides.slice(0, 8), '--json')
  expect(first.json()).toMatchObject({ name: 'ebb', version: 1, stage: 'draft', run: tides, created: true, gate: { outcome: 'pass' } })
  expect(await drydock('model', 'register', 'ebb', '--run', tides)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Registered already: ebb@1, draft; gate passed\.\nMissing for an export:\n {2}- Its purpose is empty/)
  })
  expect(await drydock('model', 'register', 'ebb', '--run', 'first try')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/"ebb" was not registered: no gate was held over its run.* ask for a draft without gate/)
  })
  const draft = await drydock('model', 'register', 'ebb', '--run', 'first try', '--without-gate')
  expect(draft).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Registered ebb@2, draft without gate; gate none\.[^]+No gate was held/)
  })
  expect((await drydock('model', 'register', 'ebb', '--run', 'frist try')).err).toContain('Did you mean "first try"?')
  expect(await drydock('model', 'register', 'no name', '--run', tides)).toMatchObject({
    code: 2,
    err: expect.stringContaining('64 letters')
  })
})

it('lists and shows versions, newest first, and says of a name or a stage that is not there what was meant', async () => {
  const all = (await drydock('model', 'list', '--json')).json<{ items: ModelVersionDetail[]; total: number }>()
  expect(all.total).toBe(3)
  expect(all.items.map(({ name, version }) => [name, version])).toEqual([
    ['ebb', 2],
    ['ebb', 1],
    ['tides', 1]
  ])
  expect((await drydock('models', '--json')).json()).toEqual(all)
  expect((await drydock('model', 'list')).out).toMatch(/ebb@2 +draft without gate +[0-9a-f]{8} +none/)
  expect((await drydock('model', 'list', '--stage', 'released', '--json')).json()).toEqual({ items: [], total: 0 })
  expect((await drydock('model', 'list', '--stage', 'relesed')).err).toContain('Did you mean "released"?')
  const shown = await drydock('model', 'show', 'tides', '--json')
  expect(shown.json()).toMatchObject({ version: 1, history: [{ to: 'draft' }], warnings: [], purpose: { purpose: 'Ranks tides.' } })
  expect((await drydock('model', 'show', 'tides@1')).out).toMatch(
    /^tides@1: draft\n[^]+Nothing is missing for an export\.\nFrom here it can become in review or retired/
  )
  expect(await drydock('model', 'show', 'tidse')).toMatchObject({ code: 3, err: expect.stringContaining('Did you mean "tides"?') })
  expect((await drydock('model', 'show', 'ebb@7')).err).toContain('It has 2, 1.')
  expect((await drydock('model', 'show', 'ebb@latest')).code).toBe(2)
})

it('describes a version by options and by its own document, and places what is wrong in that', async () => {
  const options = ['--purpose', 'Orders the queue.', '--risk-tier', 'high']
  expect((await drydock('model', 'describe', 'ebb@1', ...options)).out).toBe(
    'Described ebb@1: purpose, riskTier.\nNothing is missing for an export.\n'
  )
  const printed = (await drydock('model', 'describe', 'ebb@1')).out
  expect(printed).toContain('schema: drydock.model-description\nversion: 1\nname: ebb\npurpose: Orders the queue.\n')
  const file = join(made.root, 'description.yaml')
  writeFileSync(file, printed.replace(/limitations: .*/, 'limitations: No spring tides.').replace(/owner: .*/, 'owner: Grace Hopper'))
  const described = await drydock('model', 'describe', 'ebb@1', file, '--owner', 'Ada Author', '--json')
  expect(described.json()).toMatchObject({
    changed: true,
    purpose: { purpose: 'Orders the queue.', limitations: 'No spring tides.', owner: 'Ada Author', riskTier: 'high' }
  })
  expect((await drydock('model', 'describe', 'ebb@1', '--owner', 'Ada Author')).out).toMatch(/^ebb@1 is described so already/)
  expect((await drydock('model', 'describe', 'tides', file)).err).toContain('describes the model "ebb", and "tides" was named')
  writeFileSync(file, `${readFileSync(file, 'utf8')}outOfScop: x\n`)
  expect(await drydock('model', 'describe', 'ebb@1', file)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/There is no key "outOfScop" here\. Did you mean "outOfScope"\? \(line 10, column 1\)/)
  })
  writeFileSync(file, 'schema: drydock.model-description\nversion: 2\nname: ebb\n')
  expect(await drydock('model', 'describe', 'ebb@1', file)).toMatchObject({ code: 3, err: expect.stringContaining('newer Drydock') })
  expect((await drydock('model', 'describe', 'ebb@1', '--risk-tier', 'huge')).err).toContain('--risk-tier is low, medium, high')
})

it('moves a version as the registry knows it, with decisions signed by who takes them', async () => {
  const to = (stage: string, ...more: string[]) => drydock('model', 'stage', 'tides@1', stage, '--reason', 'It ranks.', ...more)
  expect(await to('approved')).toMatchObject({ code: 3, err: expect.stringContaining('Ada Author registered or owns tides@1') })
  expect(await to('released', '--as', 'abe approver')).toMatchObject({
    code: 3,
    err: expect.stringContaining('From here it can become in review or retired')
  })
  expect((await to('in-review')).out).toMatch(/^tides@1 was draft and is in review\.\nNothing is missing/)
  expect(await to('approved', '--as', 'Abe Approver')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/is approved\. Signed with the key [0-9a-f]{8} of Abe Approver\./)
  })
  const released = await to('released', '--as', 'Abe Approver', '--json')
  expect(released.json<ModelVersionDetail>().history.at(-1)).toMatchObject({ by: 'Abe Approver', signature: { state: 'holds' } })
  expect((await drydock('model', 'list', '--stage', 'released', '--json')).json()).toMatchObject({ total: 1 })
  expect(await drydock('model', 'describe', 'tides', '--purpose', 'Another.')).toMatchObject({
    code: 3,
    err: expect.stringContaining('what was approved')
  })
  expect(await to('aproved')).toMatchObject({ code: 2, err: expect.stringContaining('Did you mean "approved"?') })
  // A draft without gate goes no further than to its reviewers.
  await drydock('model', 'stage', 'ebb@2', 'in review', '--reason', 'Look at it.')
  expect(await drydock('model', 'stage', 'ebb@2', 'approved', '--reason', 'Yes.', '--as', 'Abe Approver')).toMatchObject({
    code: 1,
    err: expect.stringContaining('no policy gate was run over it')
  })
})
