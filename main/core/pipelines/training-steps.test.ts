import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { CommitContext } from './define-step'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from './fixtures/pipeline-workspace'

let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
const committed: { what: string; context: CommitContext }[] = []
let isRefusing = false
const note = (what: string) => (context: CommitContext) => {
  if (isRefusing && what === 'registered') throw new Error('the registry is full')
  committed.push({ what, context })
}

const policy = (least: number): string => `schema: drydock.policy
version: 1
name: floor
title: Discrimination floor
rules:
  - id: discrimination
    title: The model ranks well enough
    severity: block
    expression: metrics.auc >= ${least} && data.rows > 100.0 && run.seeded && run.reproducible
    message: The AUC is too low. Improve the features.
`

beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path, {
    commits: {
      experiments: { trained: note('trained'), notTrained: () => undefined, evaluated: note('evaluated') },
      governance: { gated: note('gated') },
      models: { registered: note('registered') }
    }
  })
  // The outcome depends on x and on the kind, with noise from a digest, so that the table is the same everywhere.
  await workspace.addDataset(
    'cases',
    `SELECT i AS id, (i * 7919 % 1000) / 1000.0 AS x, ['red', 'green', 'blue'][1 + i % 3] AS kind,
       CAST('0x' || substr(md5('n' || i), 1, 4) AS INTEGER) / 65536.0 < 0.15 + 0.6 * ((i * 7919 % 1000) / 1000.0) + (CASE i % 3 WHEN 0 THEN 0.15 ELSE 0 END) AS outcome
     FROM (SELECT range AS i FROM range(900))`,
    { roles: { outcome: 'target', id: 'identifier' }, knownWhen: { outcome: 'after' } }
  )
  workspace.policies.set('easy', policy(0.6))
  workspace.policies.set('strict', policy(0.999))
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

const pipeline = (which: string): string => `schema: drydock.pipeline
version: 1
name: job
steps:
  - id: cases
    type: source
    parameters: { dataset: cases }
  - id: check
    type: quality-check
    inputs: { table: cases.table }
    parameters: { columnsOf: cases }
  - id: split
    type: split
    inputs: { table: check.table }
    parameters: { test: 0.3, seed: 1, stratify: outcome }
  - id: train
    type: train
    inputs: { train: split.train }
    parameters: { target: outcome, exclude: [id], algorithm: gradient-boosting, parameters: { trees: 20, maxLeaves: 4 }, seed: 3 }
  - id: evaluate
    type: evaluate
    inputs: { model: train.model, test: split.test }
    parameters: { groupColumn: kind, bootstrapSamples: 100, latencyCalls: 20 }
  - id: gate
    type: gate
    inputs: { evaluation: evaluate.evaluation, model: train.model, quality: check.report }
    parameters: { policy: ${which} }
  - id: register
    type: register
    inputs: { model: train.model, gate: gate.decision }
    parameters: { name: job-model }
`
const run = async (which: string) => {
  const { runId } = await workspace.pipelines.run({ yaml: pipeline(which) })
  return workspace.pipelines.finished(runId)
}

describe('from a dataset to a registered model', () => {
  it('trains, evaluates, gates and registers, and commits each to the ledger together with its step', async () => {
    const result = await run('easy')
    expect(result.steps.filter((step) => step.failure).map((step) => `${step.stepId}: ${step.failure?.message}`)).toEqual([])
    expect(committed.map((item) => item.what)).toEqual(['trained', 'evaluated', 'gated', 'registered'])
    const [trained, evaluated, gated, registered] = committed.map((item) => item.context)
    const dataset = `dataset:cases@sha256:${workspace.datasets.get('cases')!.sha256}`
    expect(trained.inputs[0]).toMatchObject({ port: 'train', rows: 630, datasets: [dataset], producedBy: { stepId: 'split' } })
    expect(trained.environment?.packages['onnxruntime-node']).toMatch(/^\d/)
    const manifest = trained.json.model as { files: Record<string, { sha256: string; size: number }> }
    expect(Object.keys(manifest.files)).toEqual(['model.json', 'model.onnx', 'signature.json', 'training.json'])
    for (const { sha256, size } of Object.values(manifest.files)) expect((await workspace.context.objects.read(sha256)).length).toBe(size)
    expect(trained.json.report).toMatchObject({ features: [{ name: 'x' }, { name: 'kind' }], seed: 3 })
    expect((evaluated.json.metrics as Record<string, number>).auc).toBeGreaterThan(0.65)
    expect(evaluated.inputJson.model).toEqual(manifest)
    expect(gated.json.decision).toMatchObject({ outcome: 'pass' })
    expect(registered.json.registration).toMatchObject({ name: 'job-model', model: manifest.files['model.onnx'].sha256, gate: 'pass' })
    expect(workspace.pipelines.metrics(result.id, 'train').filter((point) => point.name === 'training_loss').length).toBeGreaterThan(10)
    const lineage = workspace.pipelines.lineage(`model:sha256:${manifest.files['model.onnx'].sha256}`)
    expect(lineage.map((node) => node.stepId)).toEqual(['train', 'split', 'cases'])
  })

  it('refuses to register when the gate does not pass, reusing all that did not change', async () => {
    committed.length = 0
    const result = await run('strict')
    expect(result.state).toBe('failed')
    expect(result.steps.map((step) => step.cached)).toEqual([true, true, true, true, true, false, false])
    expect(result.steps[5].changes.map((change) => change.part)).toEqual(['fixed policy', 'parameter policy'])
    expect(result.steps[6].failure).toMatchObject({ code: 'POLICY_DENIED' })
    expect(committed.map((item) => item.what)).toEqual(['gated'])
  })

  it('leaves a step unfinished when its entry in the ledger fails: both or neither', async () => {
    isRefusing = true
    const { runId } = await workspace.pipelines.run({ yaml: pipeline('easy') }, { force: true, targetStep: 'register' })
    const result = await workspace.pipelines.finished(runId)
    isRefusing = false
    const register = result.steps.at(-1)!
    expect([register.state, register.outputs, register.attempts[0].outcome]).toEqual(['failed', [], 'failed'])
    expect(register.failure?.message).toContain('the registry is full')
    // The same data, settings and seed give the same model, byte for byte; only the record of the training has other durations.
    const onnxOf = async (runId: string): Promise<string> => {
      const manifest = await workspace.pipelines.preview(runId, 'train', 'model')
      return z.object({ value: z.object({ files: z.record(z.string(), z.object({ sha256: z.string() })) }) }).parse(manifest).value.files[
        'model.onnx'
      ].sha256
    }
    expect(await onnxOf(result.id)).toBe(await onnxOf(workspace.pipelines.runs().runs.at(-1)!.id))
  })
})
