import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCli } from '../cli/program'
import { commands } from '../core/all-commands'
import { createApplication } from '../core/application'
import { inspectBundle } from '../core/bundles'
import { openExportWorkspace, passphrase, type ExportWorkspace } from '../core/bundles/export-workspace.fixture'
import { countersign, type Countersigned } from '../core/bundle-format'
import { removeFolders, newKey } from '../core/bundle-format/sample-bundle.fixture'
import type { PersonId } from '../model/reference'
import { ownKeys, signingKeys } from './signing-keys'

let workspace: ExportWorkspace
let rui: PersonId
let copy: string
const { DRYDOCK_USER_DIR } = process.env
const key = async () => (await workspace.app.people.openKey(rui, passphrase)).key
const decide = async (decision: 'approve' | 'reject', by = key): Promise<Countersigned> =>
  countersign(copy, { key: await by(), name: 'Rui R.', decision, meaning: 'reviewer', statement: 'Read.', anyAuthor: true })
const verify = async (...argv: string[]) => {
  let out = ''
  const code = await runCli(['verify', copy, ...argv], { out: (text) => (out += text), err: () => undefined })
  return { code, out }
}

beforeAll(async () => {
  workspace = await openExportWorkspace()
  process.env.DRYDOCK_USER_DIR = join(workspace.root, 'user')
  const { app, author, registered } = workspace
  await registered('tides')
  const { path } = await app.do(commands.bundles.export, { name: 'tides', version: 1, person: author.id, passphrase })
  rui = app.do(commands.people.create, { name: 'Rui Reviewer', roles: ['reviewer'] }).id
  await app.do(commands.people.createKey, { id: rui, passphrase })
  copy = join(workspace.root, 'back.drydock')
  copyFileSync(path, copy)
})
afterAll(async () => {
  if (DRYDOCK_USER_DIR === undefined) delete process.env.DRYDOCK_USER_DIR
  else process.env.DRYDOCK_USER_DIR = DRYDOCK_USER_DIR
  await workspace.close()
  removeFolders()
})

it("one's own decision is known without any trust: an approval counts for no review, a rejection is one", async () => {
  const { app, author } = workspace
  const fingerprint = author.keys[0]!.fingerprint
  const own = ownKeys(app)
  const ruis = app.people.get(rui).keys[0]!.fingerprint
  expect(own.map(({ name }) => name).sort()).toEqual(['Ada Author', 'Rui Reviewer'])
  await decide('approve', () => Promise.resolve(newKey()))
  expect((await decide('approve')).report.decisions).toMatchObject({ approvedBy: [], own: [{ name: 'Rui R.' }], unknown: [{}] })

  const question = { approvals: 1 }
  const asked = await inspectBundle(copy, { fingerprint, own }, { question })
  expect(asked.report).toMatchObject({
    verdict: 'insufficient',
    decisions: { approvedBy: [], own: [{ decision: 'approve', name: 'Rui Reviewer' }], unknown: [{ name: 'Rui R.' }] }
  })
  // Where it is said whose key it is, that is what it is.
  const people = { name: 'here', people: [{ name: 'Rui', roles: ['reviewer' as const], keys: [ruis] }], roots: [] }
  const { report } = await inspectBundle(copy, { fingerprint, people, own }, { question })
  expect(report).toMatchObject({ verdict: 'holds', decisions: { approvedBy: ['Rui'], unknown: [{}] } })
  expect(report.decisions.own).toBeUndefined()
  expect((await verify()).out).toMatch(
    /^you said: approve by Rui R\. .*\n +key [0-9a-f]{64}: your own, Rui Reviewer; not an independent review$/m
  )

  expect((await decide('reject')).report).toMatchObject({ verdict: 'rejected', decisions: { rejectedBy: ['you (Rui R.)'] } })
  expect((await inspectBundle(copy, { fingerprint, own })).report.decisions.rejectedBy).toEqual(['you (Rui Reviewer)'])
  expect((await verify()).code).toBe(4)
  expect((await inspectBundle(copy, { fingerprint })).report.verdict).toBe('holds')
  await decide('approve')
  expect((await inspectBundle(copy, { fingerprint, own })).report).toMatchObject({ verdict: 'holds', decisions: { rejectedBy: [] } })
})

it("a key of a demo identity signs here and is nobody's own", async () => {
  const { app, home } = workspace
  await app.closeWorkspace()
  const about = join(home, 'drydock.json')
  writeFileSync(about, JSON.stringify({ ...(JSON.parse(readFileSync(about, 'utf8')) as object), sample: true }))
  await app.openWorkspace(home)
  const { id } = app.do(commands.people.create, { name: 'Demo', demo: true })
  await app.do(commands.people.createKey, { id, passphrase })
  expect(signingKeys(app).map(({ name }) => name)).toContain('Demo')
  expect(
    ownKeys(app)
      .map(({ name }) => name)
      .sort()
  ).toEqual(['Ada Author', 'Rui Reviewer'])
})

it('a workspace that is not trusted here names no key as one of mine', async () => {
  const { app, root, home } = workspace
  await app.closeWorkspace()
  const stranger = createApplication({ userDirectory: join(root, 'stranger') })
  await stranger.openWorkspace(home)
  expect(stranger.people.get(rui).keys[0]!.usable).toBe(true)
  expect(ownKeys(stranger)).toEqual([])
  await stranger.close()
})
