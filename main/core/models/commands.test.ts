import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ModelStage } from '../../model/registry'
import { sha256 } from '../../storage/objects/durable-files'
import { trainingRecord } from '../../testing/sample-runs'
import { commands } from '../all-commands'
import { createApplication, type Application } from '../application'
import { runCommands } from '../experiments'

const root = mkdtempSync(join(tmpdir(), 'drydock-models-'))
let app: Application
const ids = new Map<string, string>()
const passphrase = 'low water springs'
const as = (name: string) => app.do(commands.people.use, { id: ids.get(name)!, passphrase })
const tides = { name: 'tides', version: 1 }
const move = async (to: ModelStage) => (await app.do(commands.models.setStage, { ...tides, to, reason: 'Because.' })).stage
const eventsOf = (action: string) => app.audit.chain().filter((event) => event.action === action)
let run: ReturnType<Application['experiments']['run']>['id']

beforeAll(async () => {
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(join(root, 'w'), 'Tides')
  for (const name of ['Ada', 'Olu', 'Rae', 'Kim']) {
    const { id } = app.do(commands.people.create, { name, ...(name === 'Rae' && { roles: ['approver'] }) })
    ids.set(name, id)
    await app.do(commands.people.createKey, { id, passphrase })
  }
  await as('Ada')
  const model = { name: 'model.onnx', kind: 'model' as const, sha256: sha256('model'), size: 5 }
  run = app.do(runCommands.recordTraining, trainingRecord('first', { artifacts: [model] }))
  app.do(commands.models.register, { withoutGate: true, run, name: 'tides', purpose: { owner: 'Olu' } })
})
afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true, force: true })
})

describe('four eyes', () => {
  it('keep who registered and who owns a model from approving it, and from nothing else', async () => {
    const refused = expect.objectContaining({ code: 'FORBIDDEN', message: expect.stringMatching(/registered or owns tides@1/) })
    expect([await move('in review'), await move('draft'), await move('in review')]).toEqual(['in review', 'draft', 'in review'])
    for (const name of ['Ada', 'Olu']) {
      await as(name)
      await expect(move('approved'), name).rejects.toThrowError(refused)
    }
    expect(eventsOf('model.stage')).toHaveLength(3)
    // Whoever is let through still needs a gate that passed.
    await as('Rae')
    await expect(move('approved')).rejects.toThrowError(expect.objectContaining({ code: 'POLICY_DENIED' }))
    expect(app.models.get('tides', 1).stage).toBe('in review')
  })

  it('know nobody apart from nobody: what was registered without a name is not approved without one', async () => {
    const nameless = createApplication({ userDirectory: join(root, 'nobody') })
    await nameless.createWorkspace(join(root, 'n'), 'Nobody')
    const model = { name: 'model.onnx', kind: 'model' as const, sha256: sha256('model'), size: 5 }
    const id = nameless.do(runCommands.recordTraining, trainingRecord('first', { artifacts: [model] }))
    nameless.do(commands.models.register, { withoutGate: true, run: id, name: 'tides', purpose: { owner: 'Olu' } })
    await nameless.do(commands.models.setStage, { ...tides, to: 'in review', reason: 'Please look.' })
    await expect(nameless.do(commands.models.setStage, { ...tides, to: 'approved', reason: 'Fine.' })).rejects.toThrowError(
      expect.objectContaining({ code: 'FORBIDDEN', message: expect.stringMatching(/^unknown person registered or owns tides@1/) })
    )
    await nameless.close()
  })
})

describe('the record of models', () => {
  it('has a registration once, with what was registered', async () => {
    await as('Rae')
    app.do(commands.models.register, { withoutGate: true, run, name: 'tides' })
    app.do(commands.models.register, { withoutGate: true, run, name: 'waves' })
    app.do(commands.models.register, { withoutGate: true, run, name: 'currents', purpose: { purpose: 'Tells currents.' } })
    expect(eventsOf('model.registered')).toMatchObject([
      {
        subject: 'model:tides@1',
        actor: 'Ada',
        detail: { before: null, after: { run, model: sha256('model'), stage: 'draft', purpose: { owner: 'Olu' } } }
      },
      { subject: 'model:waves@1', actor: 'Rae', detail: { after: { purpose: { owner: 'Rae' } } } },
      { subject: 'model:currents@1', detail: { after: { purpose: { owner: 'Rae', purpose: 'Tells currents.' } } } }
    ])
  })

  it('has the words of a model and its stage as they were and as they are', async () => {
    const before = app.models.get('tides', 1).purpose
    const purpose = { ...before, purpose: 'Ranks tides.' }
    app.do(commands.models.setPurpose, { ...tides, purpose })
    expect(eventsOf('model.described')).toMatchObject([{ subject: 'model:tides@1', detail: { before, after: purpose } }])
    await app.do(commands.models.setStage, { ...tides, to: 'retired', reason: 'Replaced.' })
    expect(eventsOf('model.stage').at(-1)).toMatchObject({
      subject: 'model:tides@1',
      detail: { before: { stage: 'in review' }, after: { stage: 'retired' }, to: 'retired', reason: 'Replaced.' }
    })
  })
})

it('a run without a passed gate is registered only when a draft without gate is asked for, and says so', () => {
  const register = (withoutGate?: boolean) => app.do(commands.models.register, { run, name: 'bare', ...(withoutGate && { withoutGate }) })
  expect(() => register()).toThrowError(
    expect.objectContaining({ code: 'POLICY_DENIED', message: expect.stringMatching(/no gate was held/) })
  )
  expect(app.models.versions('bare')).toEqual([])
  expect(register(true)).toMatchObject({ stage: 'draft', withoutGate: true })
  expect(app.models.get('bare', 1).history).toMatchObject([{ reason: 'Registered as a draft without gate' }])
  expect(eventsOf('model.registered').at(-1)).toMatchObject({ detail: { after: { withoutGate: true } } })
})
