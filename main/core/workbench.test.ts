import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from './all-commands'
import { createApplication, type Application } from './application'
import { casesStep, evaluateStep, pipelineOf, splitStep, trainStep } from './pipelines/fixtures/pipeline-texts'

const root = mkdtempSync(join(tmpdir(), 'drydock-workbench-'))
let app: Application

beforeAll(async () => {
  app = createApplication({ userDirectory: join(root, 'user') })
  await app.createWorkspace(join(root, 'w'), 'Trials')
  const rows = Array.from(
    { length: 200 },
    (_, i) => `${i},${(i * 37) % 100},${(i * 37) % 100 > 60 + (i % 30) - 15 ? 'true' : 'false'},same`
  )
  const file = join(root, 'cases.csv')
  writeFileSync(file, `id,x,outcome,constant\n${rows.join('\n')}\n`)
  await app.do(commands.datasets.import, { path: file, options: { name: 'cases' } })
})
afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true, force: true })
})

const pipeline = (target: string, trees: number): string =>
  pipelineOf(
    'trial',
    casesStep,
    splitStep('cases.table'),
    trainStep(`target: ${target}, exclude: [id], algorithm: gradient-boosting, parameters: { trees: ${trees} }, seed: 3`),
    evaluateStep('bootstrapSamples: 200, latencyCalls: 20')
  )
async function run(target: string, trees: number): Promise<string> {
  const { runId } = await app.do(commands.pipelines.run, { yaml: pipeline(target, trees) })
  return (await app.pipelines.finished(runId)).state
}

describe('trials of a workspace', () => {
  it('records a finished training with its data, code, environment and figures', async () => {
    expect(await run('outcome', 10)).toBe('succeeded')
    const [summary] = app.experiments.runs({}).runs
    const detail = app.experiments.run(summary.id)
    expect(detail).toMatchObject({ status: 'finished', algorithm: 'gradient-boosting', seed: 3, pipeline: 'trial' })
    expect(detail.metrics.auc).toMatchObject({ value: expect.any(Number), low: expect.any(Number), high: expect.any(Number) })
    expect(detail.parameters.trees).toBe('10')
    expect(detail.inputs.map((input) => input.role).sort()).toEqual(['dataset', 'test', 'train'])
    expect(detail.environment['packages.onnxruntime-node']).toMatch(/^\d/)
    expect((await app.experiments.code(detail.id)).text).toBe(pipeline('outcome', 10))
  })

  it('counts a training that failed as a trial, with the reason', async () => {
    expect(await run('constant', 10)).toBe('failed')
    const failed = app.experiments.runs({ filter: 'status = failed' }).runs
    expect(failed.length).toBe(1)
    expect(app.experiments.run(failed[0].id).error).toMatch(/constant/)
    expect(app.experiments.trials('trial').length).toBe(2)
    expect(() => app.do(commands.models.register, { withoutGate: true, run: failed[0].id, name: 'nothing' })).toThrow(/no model/)
  })

  it('takes an unchanged training from the cache without a second run, and compares two that differ', async () => {
    expect(await run('outcome', 10)).toBe('succeeded')
    expect(app.experiments.runs({ filter: 'status = finished' }).total).toBe(1)
    expect(await run('outcome', 40)).toBe('succeeded')
    const { runs } = app.experiments.runs({ filter: 'status = finished', sort: 'params.trees', descending: false })
    expect(runs.map((r) => r.parameters.trees)).toEqual(['10', '40'])
    const comparison = await app.experiments.compare(runs.map((r) => r.id))
    expect(comparison.parameters.filter((line) => line.differs).map((line) => line.key)).toEqual(['trees'])
    expect(comparison.data.every((line) => !line.differs)).toBe(true)
    expect(comparison.code.find((line) => line.key === 'code snapshot')?.differs).toBe(true)
    expect(comparison.metrics.find((metric) => metric.key === 'auc')?.values.every((value) => value !== null)).toBe(true)
  })

  it('goes on with a run when the workspace is closed in the middle of it and opened again', { timeout: 180_000 }, async () => {
    const flag = join(root, 'w', 'go')
    const wait = `const fs = require('fs'); const look = setInterval(() => { if (!fs.existsSync(${JSON.stringify(flag)})) return; clearInterval(look); fs.writeFileSync(process.env.DRYDOCK_OUTPUT_RESULT, 'done') }, 20)`
    const { runId } = await app.do(commands.pipelines.run, {
      yaml: `schema: drydock.pipeline\nversion: 1\nname: patient\nsteps:\n  - id: wait\n    type: script\n    parameters: { command: [${JSON.stringify(process.execPath)}, -e, ${JSON.stringify(wait)}], outputs: { result: File } }\n`
    })
    const attempts = async () => (await app.pipelines.getRun(runId)).steps[0].attempts.map((attempt) => attempt.outcome)
    await expect.poll(attempts, { timeout: 60_000 }).toEqual(['started'])
    await app.closeWorkspace()
    writeFileSync(flag, '')
    await app.openWorkspace(join(root, 'w'))
    const result = await app.pipelines.finished(runId)
    expect([result.state, result.steps[0].attempts.map((attempt) => attempt.outcome)]).toEqual(['succeeded', ['cancelled', 'succeeded']])
  })

  it('keeps approval from a model that no gate has passed', async () => {
    const [best] = app.experiments.runs({ filter: 'status = finished' }).runs
    const model = app.do(commands.models.register, { withoutGate: true, run: best.id, name: 'trial' })
    expect(app.do(commands.models.register, { withoutGate: true, run: best.id, name: 'trial' }).version).toBe(model.version)
    await app.do(commands.models.setStage, { name: 'trial', version: 1, to: 'in review', reason: 'Ready to be looked at' })
    const approve = () => app.do(commands.models.setStage, { name: 'trial', version: 1, to: 'approved', reason: 'Looks fine' })
    await expect(approve()).rejects.toThrowError(/Another person has to/)
    const another = app.do(commands.people.create, { name: 'Another', roles: ['approver'] })
    await expect(approve()).rejects.toThrowError(/Nobody knows who made trial@1, so Another cannot be told apart from its author/)
    app.do(commands.models.setPurpose, { name: 'trial', version: 1, purpose: { ...model.purpose, owner: 'Another' } })
    await expect(approve()).rejects.toThrowError(/Another registered or owns trial@1/)
    app.do(commands.models.setPurpose, { name: 'trial', version: 1, purpose: { ...model.purpose, owner: 'Olu' } })
    await expect(approve()).rejects.toThrowError(/Nobody knows who made trial@1/)
    app.do(commands.people.create, { name: 'Olu', roles: ['author'] })
    await expect(approve()).rejects.toThrowError(/is signed with a key, and Another has none yet/)
    await app.do(commands.people.createKey, { id: another.id, passphrase: 'low water springs' })
    await expect(approve()).rejects.toThrowError(/no policy gate/)
    await expect(app.do(commands.models.setStage, { name: 'trial', version: 1, to: 'released', reason: 'Ship it' })).rejects.toThrowError(
      /cannot become released/
    )
    expect(app.models.get('trial', 1).history.map((change) => change.to)).toEqual(['draft', 'in review'])
    expect(app.audit.isIntact()).toBe(true)
  })
})

describe('versions of a policy', () => {
  it('are all kept, with who saved them, and the one in force is told', async () => {
    const text = (floor: string) => `schema: drydock.policy
version: 1
name: floor
title: Floor
rules:
  - id: auc
    title: Ranks well
    severity: block
    expression: metrics.auc >= ${floor}
    message: Too low.
tests: []
`
    await app.do(commands.policies.save, { text: text('0.7') })
    const second = await app.do(commands.policies.save, { text: text('0.8') })
    const versions = app.policies.versions('floor')
    expect(versions.map((version) => version.current).sort()).toEqual([false, true])
    expect(versions.find((version) => version.current)).toMatchObject({ sha256: second.sha256, gates: 0 })
    const former = versions.find((version) => !version.current)!
    expect((await app.policies.text(`floor@sha256:${former.sha256}`)).text).toBe(text('0.7'))
    expect(() => app.policies.versions('none')).toThrow(/no policy "none"/)
  })
})
