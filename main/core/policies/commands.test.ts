import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Topic } from '../../model/topics'
import type { AuditEvent } from '../../model/workspace'
import { sha256 } from '../../storage/objects/durable-files'
import { executionIdOf, runIdOf } from '../../testing/sample-runs'
import { createApplication, type Application } from '../application'
import { policyCommands } from './commands'
import { evaluatePolicy, gateCommands, parsePolicy } from './index'
import { policyOf } from './policy-text.fixture'

const root = mkdtempSync(join(tmpdir(), 'drydock-gate-commands-'))
const run = runIdOf('judged')
const rooms: Topic[] = ['policies', 'experiments', 'models']
let app: Application

beforeAll(async () => {
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(join(root, 'w'), 'Gates')
})
afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true, force: true })
})

/** What the rule of this policy comes to, as a gate step hands it over. */
async function reportOf(policy: string, limit: string) {
  const text = policyOf(`metrics.auc > ${limit}`).replace('name: example', `name: ${policy}`)
  const report = evaluatePolicy(parsePolicy(text), { metrics: { auc: 0.8 } })
  return { report, reportSha256: (await app.workbench().context.objects.putBytes(JSON.stringify(report))).sha256 }
}
/** The events that a deed leaves, and what the windows hear of it. */
async function told(deed: () => unknown) {
  const before = app.audit.chain().length
  const enough = new AbortController()
  const next = app.changes.subscribe(enough.signal).next()
  await deed()
  const heard = (await next).value?.topics
  enough.abort()
  return { events: app.audit.chain().slice(before), heard }
}
const outcomes = (policy: string) =>
  app.policies
    .gates(run)
    .filter((gate) => gate.policy === policy)
    .map(({ outcome, pipelineRun }) => [outcome, pipelineRun])

describe('a policy that is saved', () => {
  const save = (text: string) => told(() => app.do(policyCommands.save, { text }))

  it('leaves the digest before and after, and nothing where it was in force anyway', async () => {
    const texts = [policyOf('metrics.auc > 0.9'), policyOf('metrics.auc > 0.5')]
    const [strict, lenient] = texts.map(sha256)
    const about = (before: string | null, after: string) => [
      {
        action: 'policy.saved',
        subject: `policy:example@sha256:${after}`,
        detail: { before: { sha256: before }, after: { sha256: after }, name: 'example' }
      }
    ]
    for (const [text, events] of [
      [texts[0], about(null, strict)],
      [texts[1], about(strict, lenient)],
      [texts[1], []],
      [texts[0], about(lenient, strict)]
    ] as const) {
      const saved = await save(text)
      expect(saved.events).toMatchObject(events)
      expect(saved.events).toHaveLength(events.length)
      expect(saved.heard).toContain('policies')
    }
  })
})

describe('the result of a gate', () => {
  it('is recorded with the one before it, and every room that shows it hears', async () => {
    const all: AuditEvent[] = []
    for (const [pipelineRun, limit] of [
      [executionIdOf('p1'), '0.9'],
      [executionIdOf('p2'), '0.5']
    ] as const) {
      const result = await reportOf('first', limit)
      const { events, heard } = await told(() => app.do(gateCommands.record, { run, ...result, pipelineRun }))
      expect(heard).toEqual(expect.arrayContaining(rooms))
      all.push(...events)
    }
    const [second, first] = app.policies.gates(run)
    expect(all).toMatchObject([
      { action: 'gate.evaluated', detail: { before: null, after: { gate: first.id, policy: 'first', outcome: 'fail' } } },
      { detail: { before: { gate: first.id, outcome: 'fail' }, after: { gate: second.id, outcome: 'pass' } } }
    ])
    expect(outcomes('first')).toEqual([
      ['pass', executionIdOf('p2')],
      ['fail', executionIdOf('p1')]
    ])
  })

  it('counts again as the newest of its policy, said once and to the same rooms', async () => {
    const [strict, lenient, other] = await Promise.all([reportOf('turning', '0.9'), reportOf('turning', '0.5'), reportOf('other', '0.5')])
    for (const [index, result] of [strict, lenient, other].entries())
      await told(() => app.do(gateCommands.record, { run, ...result, pipelineRun: executionIdOf(`p${index}`) }))
    const former = app.policies.gates(run).find(({ policy }) => policy === 'turning')!
    const again = { run, reportSha256: strict.reportSha256, pipelineRun: executionIdOf('p3') }
    const { events, heard } = await told(() => app.do(gateCommands.recordAgain, again))
    expect(events).toMatchObject([
      {
        action: 'gate.evaluated',
        detail: {
          before: { gate: former.id, outcome: 'pass' },
          after: { policy: 'turning', outcome: 'fail', sha256: strict.report.sha256 }
        }
      }
    ])
    expect(heard).toEqual(expect.arrayContaining(rooms))
    expect(outcomes('turning')).toEqual([
      ['fail', executionIdOf('p3')],
      ['pass', executionIdOf('p1')],
      ['fail', executionIdOf('p0')]
    ])
    // The newest already, and one that was never recorded.
    expect((await told(() => app.do(gateCommands.recordAgain, { ...again, pipelineRun: executionIdOf('p4') }))).events).toEqual([])
    const unknown = await reportOf('unknown', '0.5')
    expect((await told(() => app.do(gateCommands.recordAgain, { run, ...unknown, pipelineRun: executionIdOf('p4') }))).events).toEqual([])
    expect(outcomes('turning')).toHaveLength(3)
  })
})
