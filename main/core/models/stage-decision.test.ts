import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PersonId } from '../../model/reference'
import type { ModelStage } from '../../model/registry'
import { commands } from '../all-commands'
import { openExportWorkspace, passphrase, type ExportWorkspace } from '../bundles/export-workspace.fixture'

let workspace: ExportWorkspace
const ids: Record<string, PersonId> = {}
const as = (name: string) => workspace.app.do(commands.people.use, { id: ids[name], passphrase })
const move = (to: ModelStage) => workspace.app.do(commands.models.setStage, { name: 'tides', version: 1, to, reason: 'It ranks.' })
const refused = (words: RegExp) => expect.objectContaining({ code: 'FORBIDDEN', message: expect.stringMatching(words) })

beforeAll(async () => {
  workspace = await openExportWorkspace()
  const { app, author } = workspace
  ids[author.name] = author.id
  for (const [name, role] of [
    ['Rui Reviewer', 'reviewer'],
    ['Abe Approver', 'approver']
  ] as const) {
    const { id } = app.do(commands.people.create, { name, roles: [role] })
    ids[name] = id
    await app.do(commands.people.createKey, { id, passphrase })
  }
  await workspace.registered('tides', { gates: [{ policy: 'strict' }] })
  await move('in review')
})
afterAll(() => workspace.close())

it('approving and releasing take the role and the key of who decides, and the signature is checked for good', async () => {
  const { app } = workspace
  await as('Rui Reviewer')
  await expect(move('approved')).rejects.toThrowError(refused(/takes the role approver, which Rui Reviewer does not have/))
  await as('Abe Approver')
  await app.closeWorkspace()
  await app.openWorkspace(workspace.home)
  await expect(move('approved')).rejects.toThrowError(refused(/signed with the key of Abe Approver, which is locked/))
  expect(app.models.get('tides', 1).stage).toBe('in review')
  await as('Abe Approver')
  await move('approved')
  const { history } = await move('released')
  const { fingerprint } = app.people.get(ids['Abe Approver']).keys[0]
  const signature = { state: 'holds', fingerprint }
  expect(history.map((change) => change.signature)).toEqual([undefined, undefined, signature, signature])
  const decided = app.audit.chain().filter(({ action }) => action === 'model.stage')
  expect(decided.slice(-2)).toMatchObject([{ actor: 'Abe Approver', detail: { key: fingerprint } }, { detail: { key: fingerprint } }])
  // A key that retires takes nothing back.
  app.do(commands.people.retireKey, { fingerprint, reason: 'A new one came.' })
  expect(app.models.get('tides', 1).history.at(-1)!.signature).toEqual(signature)
})

it.each([
  ['the reason', "UPDATE model_stage SET reason = 'It ranks well.' WHERE to_stage = 'released'", 'altered'],
  ['who decided', "UPDATE model_stage SET by = 'Ada Author' WHERE to_stage = 'released'", 'altered'],
  ['the model', `UPDATE model_version SET model_sha256 = '${'0'.repeat(64)}'`, 'altered'],
  ['the holder of the key', "UPDATE person_key SET person_id = (SELECT id FROM person WHERE name LIKE 'Ada%')", 'altered'],
  ['another signature', "UPDATE model_stage SET signature = (SELECT signature FROM model_stage WHERE to_stage = 'approved')", 'altered'],
  ['no envelope', "UPDATE model_stage SET signature = '{}' WHERE to_stage = 'released'", 'altered'],
  ['nothing, as before decisions were signed', 'UPDATE model_stage SET signature = NULL', 'unsigned']
])('with %s in the ledger the decision is no longer what was signed', (_what, sql, state) => {
  const { ledger } = workspace.app.workbench().context
  const undo = new Error('undo')
  expect(() =>
    ledger.transaction(() => {
      ledger.run(sql)
      expect(workspace.app.models.get('tides', 1).history.at(-1)!.signature).toEqual({ state })
      throw undo
    })
  ).toThrow(undo)
  expect(workspace.app.models.get('tides', 1).history.at(-1)!.signature!.state).toBe('holds')
})

it('nobody approves their own model under a name they took since', async () => {
  const { app, author, registered } = workspace
  await as(author.name)
  await registered('waves', { gates: [{ policy: 'strict' }] })
  app.do(commands.people.update, { id: author.id, name: 'Ada Bay', roles: ['author', 'approver'] })
  const waves = { name: 'waves', version: 1, reason: 'It ranks.' }
  await app.do(commands.models.setStage, { ...waves, to: 'in review' })
  await expect(app.do(commands.models.setStage, { ...waves, to: 'approved' })).rejects.toThrowError(
    refused(/^Ada Bay registered or owns waves@1/)
  )
})
