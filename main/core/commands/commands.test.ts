import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PipelineRunId } from '../../model/reference'
import type { AuditEvent } from '../../model/workspace'
import { commands, everyCommand } from '../all-commands'
import { createApplication, type Application } from '../application'
import { trainingRecord } from '../../testing/sample-runs'
import { runCommands } from '../experiments'

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

const every = [...everyCommand].map(([path, command]) => ({ path, command }))

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
    const person = app.do(commands.people.create, { name: 'Once', roles: ['author'] })
    const { ledger } = app.workbench().context
    ledger.db.exec("CREATE TRIGGER no_more BEFORE INSERT ON event BEGIN SELECT raise(ABORT, 'no more'); END")
    expect(() => app.do(commands.people.update, { id: person.id, name: 'Twice', roles: ['author'] })).toThrow(/no more/)
    ledger.db.exec('DROP TRIGGER no_more')
    expect(app.people.get(person.id).name).toBe('Once')
  })
  it('joins a transaction around it and goes with it', () => {
    const { ledger } = app.workbench().context
    const before = app.audit.chain().length
    expect(() =>
      ledger.transaction(() => {
        app.do(commands.people.create, { name: 'Never', roles: ['author'] })
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
    app.do(commands.people.create, { name: 'Heard', roles: ['author'] })
    expect((await told).value).toEqual({ topics: expect.arrayContaining(['people', 'workspace']) })
    stop.abort()
  })
})

describe('people', () => {
  it('leave old and new values, and no address', async () => {
    const [created] = await eventsOf(() =>
      app.do(commands.people.create, { name: 'Ada', title: 'Analyst', email: 'ada@example.org', roles: ['author'] })
    )
    const { id } = app.people.list().find((person) => person.name === 'Ada')!
    expect(created).toMatchObject({
      action: 'person.created',
      subject: `person:${id}`,
      detail: { command: 'people.create', before: null, after: { name: 'Ada', title: 'Analyst', roles: ['author'], demo: false } }
    })
    const [updated] = await eventsOf(() =>
      app.do(commands.people.update, { id, name: 'Ada', title: 'Lead', email: 'lead@example.org', roles: ['author', 'approver'] })
    )
    expect(updated).toMatchObject({
      action: 'person.updated',
      subject: `person:${id}`,
      detail: {
        before: { title: 'Analyst', roles: ['author'] },
        after: { title: 'Lead', roles: ['author', 'approver'] },
        address: 'changed'
      }
    })
    expect(JSON.stringify([created, updated])).not.toContain('example.org')
  })
  it('taking over is a deed of who was there before; taking over from oneself is none', async () => {
    const first = app.people.current()!
    const { id } = app.do(commands.people.create, { name: 'Rui', roles: ['reviewer'] })
    const passphrase = 'low water springs'
    await app.do(commands.people.createKey, { id, passphrase })
    const events = await eventsOf(async () => {
      await app.do(commands.people.use, { id, passphrase })
      await app.do(commands.people.use, { id })
    })
    expect(events).toMatchObject([
      {
        action: 'person.used',
        actor: first.name,
        subject: `person:${id}`,
        detail: {
          command: 'people.use',
          before: { person: first.id },
          after: { person: id },
          proof: app.people.get(id).keys[0]!.fingerprint
        }
      }
    ])
  })
  it('keys made and handed out are told', async () => {
    const { id } = app.do(commands.people.create, { name: 'Kim', roles: ['author'] })
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
    const demo = { name: 'Dee', roles: ['author'], demo: true } as const
    expect(() => other.do(commands.people.create, { ...demo, roles: ['author'] })).toThrowError(
      expect.objectContaining({ code: 'FORBIDDEN' })
    )
    await other.close()
    expect(app.do(commands.people.create, { ...demo, roles: ['author'] }).demo).toBe(true)
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
    const [next] = await eventsOf(() => importCsv('tides', 'a,b\n1,2\n3,4\n5,6\n'))
    expect(next).toMatchObject({
      action: 'dataset.imported',
      detail: { before: { version: version.sha256, rows: 2 }, after: { version: app.datasets.get('tides').version.sha256, rows: 3 } }
    })
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

describe('the record', () => {
  it('begins with the workspace, and knows its names', async () => {
    const [first] = app.audit.chain()
    expect(first).toMatchObject({
      action: 'workspace.created',
      subject: `workspace:${app.workspace!.id}`,
      detail: { after: { name: 'Deeds', sample: true } }
    })
    const [event] = await eventsOf(() => app.do(commands.workspace.rename, { name: 'Doings' }))
    expect(event).toMatchObject({ action: 'workspace.renamed', detail: { before: { name: 'Deeds' }, after: { name: 'Doings' } } })
    expect(app.workspace!.name).toBe('Doings')
  })
  it('is there for SQL, with old and new values as JSON, in its order', async () => {
    const id = app.people.current()!.id
    const { name, roles } = app.people.get(id)
    app.do(commands.people.update, { id, name, title: 'Skipper', roles })
    const { rows } = await app.datasets.sql(
      `SELECT seq, person, command, event, subject, json_extract_string(before, '$.title'), json_extract_string(after, '$.title')
       FROM ledger.events ORDER BY seq DESC LIMIT 1`
    )
    expect(rows).toEqual([[expect.anything(), name, 'people.update', 'person.updated', `person:${id}`, expect.any(String), 'Skipper']])
    const { rows: ordered } = await app.datasets.sql('SELECT seq::INTEGER FROM ledger.events')
    expect(ordered.map(([seq]) => seq)).toEqual(app.audit.chain().map((event) => event.index))
  })
  it('of version 0.1 still holds beside entries of now, and its old entries say no command', async () => {
    const { ledger } = app.workbench().context
    const last = app.audit.chain().at(-1)!
    const at = '2026-01-01T00:00:00.000Z'
    const detail = JSON.stringify({ from: 'draft', to: 'in review', reason: 'Look.' })
    const values = [last.index + 1, at, 'Ada', 'model.stage', 'model:m@1', detail, last.hash]
    const hash = createHash('sha256').update(JSON.stringify(values)).digest('hex')
    ledger.run('INSERT INTO event(idx, at, actor, action, subject, detail, previous, hash) VALUES(?,?,?,?,?,?,?,?)', ...values, hash)
    app.do(commands.people.create, { name: 'After', roles: ['author'] })
    expect(app.audit.isIntact()).toBe(true)
    const { rows } = await app.datasets.sql(`SELECT command, before FROM ledger.events WHERE subject = 'model:m@1'`)
    expect(rows).toEqual([[null, null]])
    ledger.run("UPDATE event SET detail = replace(detail, 'After', 'Before') WHERE idx = ?", last.index + 2)
    expect(app.audit.isIntact()).toBe(false)
    ledger.run("UPDATE event SET detail = replace(detail, 'Before', 'After') WHERE idx = ?", last.index + 2)
    expect(app.audit.isIntact()).toBe(true)
  })
})

const pipeline = (rows: number): string => `schema: drydock.pipeline
version: 1
name: soundings
steps:
  - id: depth
    type: source
    parameters: { dataset: tides }
  - id: few
    type: sql
    inputs: { t: depth.table }
    parameters: { query: "SELECT a FROM t ORDER BY a LIMIT ${rows}" }
`
const policy = (floor: number): string => `schema: drydock.policy
version: 1
name: floor
title: Floor
rules:
  - id: auc
    title: Ranks
    severity: block
    expression: metrics.auc >= ${floor}
    message: Too low.
`

describe('pipelines', () => {
  it('a version, a run, the trash and the way back leave a trace; a draft leaves none', async () => {
    const [first] = await eventsOf(() => app.do(commands.pipelines.save, { yaml: pipeline(3) }))
    const [second] = await eventsOf(() => app.do(commands.pipelines.save, { yaml: pipeline(4) }))
    const [newest, former] = (await app.pipelines.get('soundings')).history.map((version) => version.sha256)
    expect(first).toMatchObject({
      action: 'pipeline.saved',
      subject: `pipeline:soundings@sha256:${former}`,
      detail: { before: { version: null } }
    })
    expect(second).toMatchObject({
      subject: `pipeline:soundings@sha256:${newest}`,
      detail: { command: 'pipelines.save', before: { version: former }, after: { version: newest } }
    })
    expect(await eventsOf(() => app.do(commands.pipelines.save, { yaml: pipeline(4) }))).toEqual([])
    const drafts = async () => {
      await app.do(commands.pipelines.saveDraft, { name: 'soundings', yaml: 'half' })
      app.do(commands.pipelines.discardDraft, { name: 'soundings' })
    }
    expect(await eventsOf(drafts)).toEqual([])
    const moves = await eventsOf(() => {
      app.do(commands.pipelines.remove, { name: 'soundings' })
      app.do(commands.pipelines.restore, { name: 'soundings' })
    })
    expect(moves).toMatchObject([
      { action: 'pipeline.removed', detail: { before: { removedAt: null }, after: { removedAt: expect.any(String) } } },
      { action: 'pipeline.restored', detail: { before: { removedAt: expect.any(String) }, after: { removedAt: null } } }
    ])
    let runId!: PipelineRunId
    const [started] = await eventsOf(async () => ({ runId } = await app.do(commands.pipelines.run, { name: 'soundings', force: true })))
    expect(started).toMatchObject({
      action: 'pipeline.started',
      subject: `pipeline:soundings@sha256:${newest}`,
      detail: { command: 'pipelines.run', before: null, after: { version: newest, pipelineRun: runId, force: true } }
    })
    expect((await app.pipelines.finished(runId)).state).toBe('succeeded')
    expect(await eventsOf(() => app.do(commands.pipelines.cancel, { runId }))).toEqual([])
  })
  it('a cancelled run says from what it was taken', async () => {
    const wait = `schema: drydock.pipeline\nversion: 1\nname: wait\nsteps:\n  - id: wait\n    type: script\n    parameters: { command: [${JSON.stringify(process.execPath)}, -e, "setInterval(() => {}, 1000)"], outputs: { result: File } }\n`
    const { runId } = await app.do(commands.pipelines.run, { yaml: wait })
    const [event] = await eventsOf(() => app.do(commands.pipelines.cancel, { runId }))
    expect(event).toMatchObject({
      action: 'pipeline.cancelled',
      subject: `pipeline-run:${runId}`,
      detail: { before: { state: 'running' }, after: { state: 'cancelled' } }
    })
  })
})

describe('policies and quality', () => {
  it('a policy names the version that it takes the place of', async () => {
    const [first, second] = await eventsOf(async () => {
      await app.do(commands.policies.save, { text: policy(0.5) })
      await app.do(commands.policies.save, { text: policy(0.7) })
    })
    const former = first!.subject.split('sha256:')[1]
    expect(first).toMatchObject({ action: 'policy.saved', detail: { before: { sha256: null }, after: { sha256: former } } })
    expect(second).toMatchObject({ detail: { command: 'policies.save', before: { sha256: former } } })
    expect(await eventsOf(() => app.do(commands.policies.save, { text: policy(0.7) }))).toEqual([])
  })
  it('a check is a job and an event; a report that goes out of the workspace is told', async () => {
    await importCsv('checked', `id,x\n${Array.from({ length: 30 }, (_, i) => `${i},${i % 7}`).join('\n')}\n`)
    const { ref } = app.datasets.get('checked').version
    const [event] = await eventsOf(() => app.do(commands.quality.run, { ref: 'checked' }))
    const [report] = app.quality.list({ dataset: 'checked' })
    expect(event).toMatchObject({
      action: 'quality.checked',
      subject: ref,
      detail: { before: null, after: { report: report!.object, ...report!.counts } }
    })
    expect(app.jobs.list({ kinds: ['profile'] }).jobs[0]).toMatchObject({ state: 'succeeded', subject: ref })
    const [second] = await eventsOf(() => app.do(commands.quality.run, { ref: 'checked' }))
    expect(second).toMatchObject({ detail: { before: { report: report!.object, ...report!.counts } } })
    expect(second!.detail.after).toMatchObject({ report: app.quality.list({ dataset: 'checked' })[0]!.object })
    const [saved] = await eventsOf(() => app.do(commands.quality.save, { id: report!.id, json: join(root, 'report.json') }))
    expect(saved).toMatchObject({
      action: 'report.saved',
      subject: `report:sha256:${report!.object}`,
      detail: { after: { file: 'report.json' } }
    })
  })
})

describe('runs', () => {
  it('recorded, described, tagged, put away: each with old and new value, and a tag that stays as it is without an event', async () => {
    let id = ''
    const [recorded] = await eventsOf(() => {
      id = app.do(runCommands.recordTraining, trainingRecord('first'))
    })
    expect(recorded).toMatchObject({ action: 'run.recorded', subject: `run:${id}`, detail: { after: { status: 'finished' } } })
    const events = await eventsOf(() => {
      app.do(commands.experiments.annotate, { id, note: 'Springs only.' })
      app.do(commands.experiments.setTag, { id, key: 'berth', value: 'north' })
      app.do(commands.experiments.setTag, { id, key: 'berth', value: 'north' })
      app.do(commands.experiments.setTag, { id, key: 'berth', value: null })
      app.do(commands.experiments.trash, { ids: [id] })
      app.do(commands.experiments.trash, { ids: [id] })
      app.do(commands.experiments.restore, { ids: [id] })
      app.do(commands.experiments.update, { id: app.experiments.list()[0]!.id, question: 'Does it float?' })
    })
    expect(events.map(({ action, subject, detail }) => [action, subject === `run:${id}`, detail.before, detail.after])).toEqual([
      ['run.annotated', true, { name: 'first', note: '' }, { name: 'first', note: 'Springs only.' }],
      ['run.tagged', true, { berth: null }, { berth: 'north' }],
      ['run.tagged', true, { berth: 'north' }, { berth: null }],
      ['run.trashed', true, { trashed: false }, { trashed: true }],
      ['run.restored', true, { trashed: true }, { trashed: false }],
      ['experiment.updated', false, expect.objectContaining({ question: '' }), expect.objectContaining({ question: 'Does it float?' })]
    ])
  })
})
