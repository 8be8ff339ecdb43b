import { generateKeyPairSync } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldName } from '../../model/person-name'
import { Sha256, type PersonId } from '../../model/reference'
import type { Role } from '../../model/workspace'
import { commands } from '../all-commands'
import { createApplication, type Application } from '../application'

const root = mkdtempSync(join(tmpdir(), 'drydock-rights-'))
const of = (name: string): string => `low water springs of ${name}`
let app: Application
const ids: Record<string, PersonId> = {}

beforeAll(async () => {
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(join(root, 'w'), 'Rights')
})
afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true, force: true })
})
const add = (name: string, roles?: Role[]) => (ids[name] = app.do(commands.people.create, { name, ...(roles && { roles }) }).id)
const key = (name: string) => app.do(commands.people.createKey, { id: ids[name], passphrase: of(name) })
const use = (name: string, passphrase?: string) => app.do(commands.people.use, { id: ids[name], passphrase })
const eventsOf = (action: string) => app.audit.chain().filter((event) => event.action === action)
const refused = (words: RegExp, code = 'FORBIDDEN') => expect.objectContaining({ code, message: expect.stringMatching(words) })

describe('somebody who is alone', () => {
  it('has all roles, meets no key, and is asked for nothing', async () => {
    add('Ada')
    expect(app.people.current()).toMatchObject({ name: 'Ada', roles: ['author', 'reviewer', 'approver', 'operator'], keys: [] })
    expect((await use('Ada')).current).toBe(true)
    app.do(commands.people.update, { ...app.people.get(ids.Ada), title: 'Analyst' })
    expect(eventsOf('person.used')).toEqual([])
    expect(eventsOf('person.updated').at(-1)!.detail).not.toHaveProperty('unconfirmed')
  })
})

describe('an approver who is known by a public key alone', () => {
  it('makes nobody wait: who is here goes on setting up people, and the record tells which half was added', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const path = join(root, 'far.pub.pem')
    writeFileSync(path, publicKey.export({ type: 'spki', format: 'pem' }))
    add('Far', ['approver'])
    const another = { id: ids.Far, path, fingerprint: Sha256.parse('0'.repeat(64)) }
    await expect(app.do(commands.people.addPublicKey, another)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' })
    const { keys } = await app.do(commands.people.addPublicKey, { id: ids.Far, path })
    expect(keys).toMatchObject([{ usable: false, privateKeyPath: null }])
    expect(eventsOf('key.added')).toMatchObject([{ subject: `key:${keys[0].fingerprint}`, detail: { half: 'public' } }])
    await expect(app.do(commands.people.addPublicKey, { id: ids.Ada, path })).rejects.toEqual(refused(/belongs to Far/, 'CONFLICT'))
    await expect(use('Far')).rejects.toEqual(refused(/no signing key on this machine/, 'CONFLICT'))
    expect(app.do(commands.people.update, { ...app.people.get(ids.Far), roles: ['author'] }).roles).toEqual(['author'])
  })
})

describe('acting as a person', () => {
  it('takes the passphrase of their key, leaves an event, and lasts until somebody else takes over or the workspace is closed', async () => {
    add('Ben')
    expect(app.people.get(ids.Ben).roles).toEqual(['author'])
    await expect(use('Ben')).rejects.toEqual(refused(/Ben has no key yet, so nobody can prove to be Ben/))
    await key('Ben')
    await key('Ada')
    expect(app.people.current()).toMatchObject({ name: 'Ada', unlocked: true })
    for (const wrong of [undefined, 'not that one', of('Ada')]) await expect(use('Ben', wrong)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(app.people.current()!.name).toBe('Ada')
    expect(await use('Ben', of('Ben'))).toMatchObject({ name: 'Ben', current: true, unlocked: true })
    expect(app.people.get(ids.Ada)).not.toHaveProperty('unlocked')
    expect(eventsOf('person.used')).toMatchObject([
      { actor: 'Ada', subject: `person:${ids.Ben}`, detail: { proof: app.people.get(ids.Ben).keys[0].fingerprint, name: 'Ben' } }
    ])
    await app.closeWorkspace()
    await app.openWorkspace(join(root, 'w'))
    expect(app.people.current()).toMatchObject({ name: 'Ben' })
    expect(app.people.current()).not.toHaveProperty('unlocked')
    // Going on under the name of yesterday is no proof, and the record says so.
    await app.do(commands.workspace.rename, { name: 'Rights and duties' })
    expect(app.audit.chain().at(-1)).toMatchObject({ actor: 'Ben', detail: { unconfirmed: true } })
    await use('Ben', of('Ben'))
    expect(eventsOf('person.used').at(-1)).toMatchObject({ actor: 'Ben', subject: `person:${ids.Ben}` })
  })

  it('may be for as long as the workspace is open only', async () => {
    await app.do(commands.people.use, { id: ids.Ada, passphrase: of('Ada'), session: true })
    expect(app.people.current()).toMatchObject({ name: 'Ada', unlocked: true })
    await app.closeWorkspace()
    await app.openWorkspace(join(root, 'w'))
    expect(app.people.current()!.name).toBe('Ben')
  })
})

describe('roles', () => {
  it('are given by an approver who proved to be it, and by nobody to themselves', async () => {
    const { name, title, email } = app.people.get(ids.Ben)
    const grant = () => app.do(commands.people.update, { id: ids.Ben, name, title, email, roles: ['author', 'approver'] })
    await use('Ben', of('Ben'))
    expect(grant).toThrowError(refused(/^Giving or taking roles takes an approver \(Ada\)/))
    expect(() => add('Eve', ['approver'])).toThrowError(refused(/^Giving roles takes an approver/))
    await expect(key('Ada')).rejects.toEqual(refused(/^Adding a key takes Ada or an approver/))
    expect(() => app.do(commands.people.leave, { id: ids.Ada, reason: 'Gone.' })).toThrowError(refused(/^Taking a person out takes Ada or/))
    expect(app.do(commands.people.update, { id: ids.Ben, name, title: 'Lead', email, roles: ['author'] }).title).toBe('Lead')
    await use('Ada', of('Ada'))
    expect(grant().roles).toEqual(['author', 'approver'])
    app.do(commands.people.update, { id: ids.Ben, name, title, email, roles: ['author'] })
  })
})

describe('a name', () => {
  const rename = (who: string, name: string) => app.do(commands.people.update, { ...app.people.get(ids[who]), name })
  it('is of one person, however it is spelt, and becomes nobody else\u2019s after it was changed', async () => {
    for (const same of ['ada', 'Ada\u00a0', '\uff21DA'])
      expect(() => add(same)).toThrowError(refused(/cannot be told from "Ada"/, 'CONFLICT'))
    expect(() => rename('Ben', 'ADA')).toThrowError(refused(/cannot be told from "Ada"/, 'CONFLICT'))
    expect(() => add('\u0410da')).toThrowError(refused(/mixes letters/, 'INVALID_INPUT'))
    expect(() => add('unknown person')).toThrowError(refused(/somebody who is not known/, 'INVALID_INPUT'))
    rename('Ben', 'Ben Bay')
    expect(() => add('ben')).toThrowError(refused(/the name that Ben Bay had/, 'CONFLICT'))
    expect(app.people.namesOf(ids.Ben)).toEqual(['Ben Bay', 'Ben'])
    expect(rename('Ben', 'Ben').name).toBe('Ben')
    await use('Ben', of('Ben'))
    expect(() => rename('Ada', 'Somebody')).toThrowError(refused(/^Changing the name of Ada takes Ada or an approver/))
    expect(new Set(app.people.list().map((person) => foldName(person.name))).size).toBe(app.people.list().length)
  })
})

describe('somebody who leaves, and a key that retires', () => {
  it('stay in the record and neither act nor sign any more', async () => {
    add('Cleo')
    await use('Ada', of('Ada'))
    await key('Cleo')
    const { fingerprint, privateKeyPath } = app.people.get(ids.Cleo).keys[0]
    const copy = join(root, 'cleo.pem')
    copyFileSync(privateKeyPath!, copy)
    const retired = app.do(commands.people.retireKey, { fingerprint, reason: 'The laptop was lost.' })
    expect(retired.keys).toMatchObject([{ fingerprint, usable: false, retiredAt: expect.any(String) }])
    expect(() => app.people.assertMaySign(fingerprint)).toThrowError(refused(/was retired on .* signs nothing any more/))
    await expect(app.people.openKey(ids.Cleo, of('Cleo'))).rejects.toMatchObject({ code: 'CONFLICT' })
    const again = app.do(commands.people.addKey, { id: ids.Cleo, path: copy, passphrase: of('Cleo') })
    await expect(again).rejects.toMatchObject({ code: 'CONFLICT' })
    await key('Cleo')
    expect(await use('Cleo', of('Cleo'))).toMatchObject({ unlocked: true })
    const left = app.do(commands.people.leave, { id: ids.Cleo, reason: 'Took another job.' })
    expect([left.leftAt, left.current, left.keys.some((each) => each.usable)]).toEqual([expect.any(String), false, false])
    expect(app.people.current()).toBeUndefined()
    await expect(use('Cleo', of('Cleo'))).rejects.toEqual(refused(/left this workspace/))
    await expect(app.people.openKey(ids.Cleo, of('Cleo'))).rejects.toEqual(refused(/left this workspace/))
    expect(() => add('CLEO')).toThrowError(refused(/who is in this workspace and left/, 'CONFLICT'))
    expect(eventsOf('key.retired')).toMatchObject([{ subject: `key:${fingerprint}`, detail: { reason: 'The laptop was lost.' } }])
    expect(eventsOf('person.left')).toMatchObject([{ actor: 'Cleo', detail: { name: 'Cleo', reason: 'Took another job.' } }])
  })
})
