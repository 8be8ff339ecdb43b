import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../model/workspace'
import { commands } from '../all-commands'
import { createApplication, type Application } from '../application'

const root = mkdtempSync(join(tmpdir(), 'drydock-run-events-'))
let app: Application
beforeAll(async () => {
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(join(root, 'w'), 'Soundings')
  writeFileSync(join(root, 'tides.csv'), 'a,b\n1,2\n3,4\n')
  await app.do(commands.datasets.import, { path: join(root, 'tides.csv'), options: { name: 'tides' } })
})
afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true, force: true })
})

async function eventsOf(work: () => unknown): Promise<AuditEvent[]> {
  const { total } = app.audit.list({ offset: 0, limit: 1 })
  await work()
  return app.audit.chain().slice(total)
}
const pipeline = (rows: number): string => `schema: drydock.pipeline
version: 1
name: soundings
title: The first ${rows}
steps:
  - { id: depth, type: source, parameters: { dataset: tides } }
`

describe('the event of a run', () => {
  it('a text that is run takes the place of the saved version, and the event of the run says of which one', async () => {
    await app.do(commands.pipelines.save, { yaml: pipeline(3) })
    const former = app.pipelines.summary('soundings').version
    const ran: (string | null)[] = []
    const [told, again] = await eventsOf(async () => {
      for (const yaml of [pipeline(2), pipeline(2)]) {
        const { runId, replaced } = await app.do(commands.pipelines.run, { yaml })
        await app.pipelines.finished(runId)
        ran.push(replaced)
      }
    })
    const now = createHash('sha256').update(pipeline(2)).digest('hex')
    expect(told).toMatchObject({
      action: 'pipeline.started',
      subject: `pipeline:soundings@sha256:${now}`,
      detail: { before: { version: former }, after: { version: now } }
    })
    expect(again).toMatchObject({ detail: { before: null, after: { version: now } } })
    expect(ran).toEqual([former, null])
    // Also where it lies in the trash, from which it would come back as another one.
    app.do(commands.pipelines.remove, { name: 'soundings' })
    const [trashed] = await eventsOf(async () =>
      app.pipelines.finished((await app.do(commands.pipelines.run, { yaml: pipeline(1) })).runId)
    )
    expect(trashed).toMatchObject({ detail: { before: { version: now } } })
    app.do(commands.pipelines.restore, { name: 'soundings' })
  })
})
