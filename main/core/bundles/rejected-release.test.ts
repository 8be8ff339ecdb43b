import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCli } from '../../cli/program'
import { openDoor } from '../../host/door'
import type { ExportedBundle } from '../../model/commands/bundles'
import type { PersonId } from '../../model/reference'
import type { ModelStage } from '../../model/registry'
import { commands } from '../all-commands'
import type { Application } from '../application'
import { countersign } from '../bundle-format'
import { newKey, removeFolders } from '../bundle-format/sample-bundle.fixture'
import { openExportWorkspace, passphrase, type ExportWorkspace } from './export-workspace.fixture'

let workspace: ExportWorkspace
let app: Application
let exported: ExportedBundle
const ids: Record<string, PersonId> = {}
const { DRYDOCK_USER_DIR } = process.env
const fingerprintOf = (name: string) => app.people.get(ids[name]!).keys[0]!.fingerprint
const keyOf = async (name: string) => (await app.people.openKey(ids[name]!, passphrase)).key
const taking = (...paths: string[]) => app.do(commands.bundles.takeDecisions, { paths })
const exporting = () => app.do(commands.bundles.export, { name: 'tides', version: 1, person: workspace.author.id, passphrase })
const move = async (to: ModelStage) =>
  (await app.do(commands.models.setStage, { name: 'tides', version: 1, to, reason: 'It holds.' })).stage
const standing = () => app.bundles.rejections('tides', 1)
const asAbe = () => app.do(commands.people.use, { id: ids['Abe Approver']!, passphrase })

/** A copy of an export that came back with a decision. */
let copies = 0
async function back(
  of: ExportedBundle,
  name: string,
  decision: 'approve' | 'reject',
  statement: string,
  given?: { key: ReturnType<typeof newKey>; at?: Date }
) {
  const copy = join(workspace.root, `back-${copies++}.drydock`)
  copyFileSync(of.path, copy)
  await countersign(copy, {
    meaning: 'reviewer',
    anyAuthor: true,
    key: given?.key ?? (await keyOf(name)),
    at: given?.at,
    name,
    decision,
    statement
  })
  await taking(copy)
  return copy
}

beforeAll(async () => {
  workspace = await openExportWorkspace()
  ;({ app } = workspace)
  process.env.DRYDOCK_USER_DIR = join(workspace.root, 'user')
  process.env.DRYDOCK_AS_PASSPHRASE = passphrase
  for (const [name, roles] of Object.entries({
    'Rui Reviewer': ['reviewer'],
    'Vera Reviewer': ['reviewer'],
    'Abe Approver': ['approver']
  } as const)) {
    const { id } = app.do(commands.people.create, { name, roles: [...roles] })
    ids[name] = id
    await app.do(commands.people.createKey, { id, passphrase })
  }
  await workspace.registered('tides', { gates: [{ policy: 'strict' }] })
  exported = await exporting()
  await move('in review')
})
afterAll(async () => {
  delete process.env.DRYDOCK_AS_PASSPHRASE
  if (DRYDOCK_USER_DIR === undefined) delete process.env.DRYDOCK_USER_DIR
  else process.env.DRYDOCK_USER_DIR = DRYDOCK_USER_DIR
  await workspace.close()
  removeFolders()
})

it('a version that somebody of the workspace rejects is neither approved nor released until the same person decides otherwise', async () => {
  await asAbe()
  await back(exported, 'Rui Reviewer', 'reject', 'No one knows what it is called.', { key: newKey() })
  expect(await standing()).toEqual([])
  expect(await move('approved')).toBe('approved')

  await back(exported, 'Rui Reviewer', 'reject', 'No purpose\nis given.')
  const today = new Date().toISOString().slice(0, 10)
  const words = `tides@1 cannot become released: Rui Reviewer rejected it on ${today} (key ${fingerprintOf('Rui Reviewer').slice(0, 8)}): "No purpose is given."`
  const refused = expect.objectContaining({ code: 'POLICY_DENIED', message: expect.stringContaining(words) })
  await expect(move('released')).rejects.toThrowError(refused)
  expect(app.models.get('tides', 1)).toMatchObject({ stage: 'approved', history: { length: 3 } })
  // Neither another person nor another export lifts it, and no file has to be there.
  const next = await exporting()
  await back(next, 'Vera Reviewer', 'approve', 'Fine.')
  rmSync(exported.path)
  rmSync(join(workspace.home, 'exports', 'decisions'), { recursive: true })
  expect(await standing()).toMatchObject([{ person: 'Rui Reviewer', statement: null }])
  await expect(move('released')).rejects.toThrowError(
    /Rui Reviewer rejected it on \S+ \(key [0-9a-f]{8}\)\. A rejection.*a newer decision of Rui Reviewer/
  )

  await back(next, 'Rui Reviewer', 'approve', 'It came by letter.', {
    key: await keyOf('Rui Reviewer'),
    at: new Date(Date.now() - 3600_000)
  })
  expect(await standing()).toHaveLength(1)
  await back(next, 'Rui Reviewer', 'approve', 'It came by letter.')
  expect(await standing()).toEqual([])
})

it('who left, and a key that retired, take no rejection back; the way out is then another version', async () => {
  const before = await exporting()
  await back(before, 'Vera Reviewer', 'reject', 'It fails in storms.')
  app.do(commands.people.retireKey, { fingerprint: fingerprintOf('Vera Reviewer'), reason: 'A new one came.' })
  expect(await standing()).toMatchObject([{ person: 'Vera Reviewer' }])
  app.do(commands.people.leave, { id: ids['Vera Reviewer']!, reason: 'Moved on.' })
  await expect(move('released')).rejects.toThrowError(/Vera Reviewer rejected it .*Vera Reviewer left.*next version/)
})

it('the command line says so too, alone and of who has the workspace open, as it does when showing the version', async () => {
  const drydock = async (...argv: string[]) => {
    let said = ''
    const write = (text: string): void => void (said += text)
    return { code: await runCli([...argv, '-w', workspace.home], { out: write, err: write }), said }
  }
  const asked = async () => {
    const released = await drydock('model', 'stage', 'tides@1', 'released', '--reason', 'Out.', '--as', 'Abe Approver')
    expect(released).toMatchObject({ code: 1, said: expect.stringMatching(/cannot become released: Vera Reviewer rejected it on/) })
    expect((await drydock('model', 'show', 'tides@1')).said).toMatch(
      /^Vera Reviewer rejected it on \d{4}-\d\d-\d\d \(key [0-9a-f]{8}\): "It fails in storms\."$/m
    )
  }
  const door = await openDoor(app, workspace.home, () => {})
  await asked()
  await door.close()
  await app.closeWorkspace()
  await asked()
})
