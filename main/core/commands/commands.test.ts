import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../model/workspace'
import { commands } from '../all-commands'
import { createApplication, type Application } from '../application'
import type { AnyCommand } from '.'

const root = mkdtempSync(join(tmpdir(), 'drydock-commands-'))
let app: Application

beforeAll(async () => {
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(join(root, 'w'), 'Deeds', { sample: true })
})
afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true, force: true })
})

/** The events that some work leaves, in their order. */
async function eventsOf(work: () => unknown): Promise<AuditEvent[]> {
  const { total } = app.audit.list({ offset: 0, limit: 1 })
  await work()
  return app.audit.chain().slice(total)
}
const csv = (name: string, text: string): string => {
  const path = join(root, name)
  writeFileSync(path, text)
  return path
}
const importCsv = (name: string, text = 'a,b\n1,2\n3,4\n') =>
  app.do(commands.datasets.import, { path: csv(`${name}.csv`, text), options: { name } })

const every = Object.entries(commands).flatMap(([feature, verbs]) =>
  Object.entries(verbs as Record<string, AnyCommand>).map(([verb, command]) => ({ path: `${feature}.${verb}`, command }))
)

describe('every command', () => {
  it.each(every)('$path has its name, a rule of who may, and an event or a reason for none', ({ path, command }) => {
    expect(command.name).toBe(path)
    expect(command.allow.name.length).toBeGreaterThan(5)
    if (typeof command.event === 'string') {
      expect(command.event).toMatch(/^[a-z]+\.[a-z]+$/)
      expect(command.tell, 'an event needs to say what happened').toBeTypeOf('function')
    } else expect(command.event.unrecorded.length).toBeGreaterThan(20)
  })
})

describe('the door', () => {
  it('refuses input that is not valid before anything is asked or done', async () => {
    const events = await eventsOf(() =>
      expect(() => app.do(commands.people.create, { name: '', roles: [] })).toThrowError(
        expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining('people.create') })
      )
    )
    expect(events).toEqual([])
  })
  it('keeps neither deed nor record when one of them fails', async () => {
    const person = app.do(commands.people.create, { name: 'Once', roles: ['analyst'] })
    const { ledger } = app.workbench().context
    ledger.db.exec("CREATE TRIGGER no_more BEFORE INSERT ON event BEGIN SELECT raise(ABORT, 'no more'); END")
    expect(() => app.do(commands.people.update, { id: person.id, name: 'Twice', roles: ['analyst'] })).toThrow(/no more/)
    ledger.db.exec('DROP TRIGGER no_more')
    expect(app.people.get(person.id).name).toBe('Once')
  })
  it('joins a transaction around it and goes with it', () => {
    const { ledger } = app.workbench().context
    const before = app.audit.chain().length
    expect(() =>
      ledger.transaction(() => {
        app.do(commands.people.create, { name: 'Never', roles: ['analyst'] })
        throw new Error('the outer work failed')
      })
    ).toThrow(/outer work/)
    expect(app.people.list().map((person) => person.name)).not.toContain('Never')
    expect(app.audit.chain().length).toBe(before)
  })
  it('tells the windows after the commit, the record among it', async () => {
    const stop = new AbortController()
    const feed = app.changes.subscribe(stop.signal)
    const told = feed.next()
    app.do(commands.people.create, { name: 'Heard', roles: ['analyst'] })
    expect((await told).value).toEqual({ topics: expect.arrayContaining(['people', 'workspace']) })
    stop.abort()
  })
})

describe('people', () => {
  it('leave old and new values, and no address', async () => {
    const [created] = await eventsOf(() =>
      app.do(commands.people.create, { name: 'Ada', title: 'Analyst', email: 'ada@example.org', roles: ['analyst'] })
    )
    const { id } = app.people.list().find((person) => person.name === 'Ada')!
    expect(created).toMatchObject({
      action: 'person.created',
      subject: `person:${id}`,
      detail: { command: 'people.create', before: null, after: { name: 'Ada', title: 'Analyst', roles: ['analyst'], demo: false } }
    })
    const [updated] = await eventsOf(() =>
      app.do(commands.people.update, { id, name: 'Ada', title: 'Lead', email: 'lead@example.org', roles: ['analyst', 'approver'] })
    )
    expect(updated).toMatchObject({
      action: 'person.updated',
      subject: `person:${id}`,
      detail: {
        before: { title: 'Analyst', roles: ['analyst'] },
        after: { title: 'Lead', roles: ['analyst', 'approver'] },
        address: 'changed'
      }
    })
    expect(JSON.stringify([created, updated])).not.toContain('example.org')
  })
  it('taking over is a deed of who was there before; taking over from oneself is none', async () => {
    const first = app.people.current()!
    const { id } = app.do(commands.people.create, { name: 'Rui', roles: ['reviewer'] })
    const events = await eventsOf(() => {
      app.do(commands.people.use, { id })
      app.do(commands.people.use, { id })
    })
    expect(events).toMatchObject([
      {
        action: 'person.used',
        actor: first.name,
        subject: `person:${id}`,
        detail: { command: 'people.use', before: { person: first.id }, after: { person: id } }
      }
    ])
  })
  it('keys made and handed out are told', async () => {
    const { id } = app.do(commands.people.create, { name: 'Kim', roles: ['analyst'] })
    const [added] = await eventsOf(() => app.do(commands.people.createKey, { id, passphrase: 'low water springs' }))
    const { fingerprint } = app.people.get(id).keys[0]!
    expect(added).toMatchObject({ action: 'key.added', subject: `key:${fingerprint}`, detail: { after: { person: id } } })
    const path = join(root, 'kim.pub.pem')
    const [saved] = await eventsOf(() => app.do(commands.people.savePublicKey, { fingerprint, path }))
    expect(saved).toMatchObject({ action: 'key.saved', subject: `key:${fingerprint}`, detail: { after: { file: 'kim.pub.pem' } } })
    expect(readFileSync(path, 'utf8')).toBe(app.people.publicKey(fingerprint))
  })
  it('demo identities are for sample workspaces', async () => {
    const other = createApplication({ userDirectory: join(root, 'user') })
    await other.createWorkspace(join(root, 'real'), 'Real')
    const demo = { name: 'Dee', roles: ['analyst'], demo: true } as const
    expect(() => other.do(commands.people.create, { ...demo, roles: ['analyst'] })).toThrowError(
      expect.objectContaining({ code: 'FORBIDDEN' })
    )
    await other.close()
    expect(app.do(commands.people.create, { ...demo, roles: ['analyst'] }).demo).toBe(true)
  })
})

describe('datasets', () => {
  it('an import is a job and an event, whoever asks; the same bytes again are neither a version nor an event', async () => {
    const [event, ...more] = await eventsOf(() => importCsv('tides'))
    const { version } = app.datasets.get('tides')
    expect(more).toEqual([])
    expect(event).toMatchObject({
      action: 'dataset.imported',
      subject: version.ref,
      detail: { command: 'datasets.import', before: null, after: { rows: 2, source: 'tides.csv', sourceSha256: version.source!.sha256 } }
    })
    expect(app.jobs.list({ kinds: ['import'] }).jobs[0]).toMatchObject({
      title: 'Import tides.csv',
      state: 'succeeded',
      subject: version.ref
    })
    expect(version.createdBy).toBe(app.people.current()!.name)
    expect(await eventsOf(() => importCsv('tides'))).toEqual([])
  })
  it('column roles have an old and a new value, for the columns that were touched', async () => {
    const { version } = (await importCsv('roles', 'id,x,y\n1,2,3\n4,5,6\n')) as { version: { ref: string } }
    const [event] = await eventsOf(() =>
      app.do(commands.datasets.setColumns, { ref: version.ref, columns: [{ name: 'y', role: 'target', unit: 'm' }] })
    )
    expect(event).toMatchObject({
      action: 'dataset.columns',
      subject: version.ref,
      detail: { before: { y: { unit: null } }, after: { y: { role: 'target', unit: 'm' } } }
    })
    expect(Object.keys(event!.detail.after as object)).toEqual(['y'])
    const again = () => app.do(commands.datasets.setColumns, { ref: version.ref, columns: [{ name: 'y', role: 'target', unit: 'm' }] })
    expect(await eventsOf(again)).toEqual([])
  })
  it('description, name, trash and way back leave old and new value', async () => {
    const { dataset } = await importCsv('harbour')
    const events = await eventsOf(() => {
      app.do(commands.datasets.update, { name: 'harbour', rename: 'haven', metadata: { owner: 'Ada', sensitivity: 'restricted' } })
      app.do(commands.datasets.trash, { name: 'haven' })
      app.do(commands.datasets.restore, { id: dataset.id })
    })
    const { ref } = app.datasets.get('haven').version
    expect(events).toMatchObject([
      {
        action: 'dataset.updated',
        subject: ref,
        detail: {
          before: { name: 'harbour', owner: null, sensitivity: 'internal' },
          after: { name: 'haven', owner: 'Ada', sensitivity: 'restricted' }
        }
      },
      { action: 'dataset.trashed', subject: ref, detail: { before: { trashedAt: null }, after: { trashedAt: expect.any(String) } } },
      { action: 'dataset.restored', subject: ref, detail: { before: { trashedAt: expect.any(String) }, after: { trashedAt: null } } }
    ])
    expect(app.audit.isIntact()).toBe(true)
  })
})
