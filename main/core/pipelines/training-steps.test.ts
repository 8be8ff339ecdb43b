import { createRequire } from 'node:module'
import { TRAINER_VERSION } from '../../model/training'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { PipelineRunId } from '../../model/reference'
import { registration } from '../../model/registry'
import type { RunDetail } from '../../model/run'
import { casesStep, evaluateStep, gateStep, pipelineOf, registerStep, splitStep, stepText, trainStep } from './fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from './fixtures/pipeline-workspace'

let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
let isRefusing = false

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
  workspace = await openPipelineWorkspace(folder.path)
  const { models } = workspace
  const register = models.register.bind(models)
  models.register = (request) => {
    const version = register(request)
    if (isRefusing) throw new Error('the registry is full')
    return version
  }
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

const pipeline = (which: string): string =>
  pipelineOf(
    'job',
    casesStep,
    stepText('check', 'quality-check', 'table: cases.table', 'columnsOf: cases'),
    splitStep('check.table', ', stratify: outcome'),
    trainStep('target: outcome, exclude: [id], algorithm: gradient-boosting, parameters: { trees: 20, maxLeaves: 4 }, seed: 3'),
    evaluateStep('groupColumn: kind, bootstrapSamples: 100, latencyCalls: 20'),
    gateStep(which, { more: ', quality: check.report' }),
    registerStep('job-model')
  )
const run = (which: string) => workspace.run(pipeline(which))

const onnxOf = (run: RunDetail): string => run.artifacts.find((artifact) => artifact.kind === 'model')!.sha256

describe('from a dataset to a registered model', () => {
  it('trains, evaluates, gates and registers, and commits each to the ledger together with its step', async () => {
    const result = await run('easy')
    expect(result.steps.filter((step) => step.failure).map((step) => `${step.stepId}: ${step.failure?.message}`)).toEqual([])
    const [summary] = workspace.experiments.runs({}).runs
    const made = workspace.experiments.run(summary.id)
    const dataset = `dataset:cases@sha256:${workspace.datasets.get('cases')!.sha256}`
    expect(made.inputs.find((input) => input.role === 'train')).toMatchObject({ name: 'split.train' })
    expect(made.inputs.filter((input) => input.role === 'dataset').map((input) => input.reference)).toEqual([dataset])
    // The engines that are named are those that computed.
    const [{ version }] = (await workspace.context.duckdb.query('SELECT version() AS version', [], { limit: 1 })).rows.map(([first]) => ({
      version: String(first)
    }))
    const { version: onnxruntime } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }
    expect(made.environment).toMatchObject({ 'engines.onnxruntime': onnxruntime, 'engines.trainer': TRAINER_VERSION })
    expect(`v${made.environment['engines.duckdb']}`.startsWith(version)).toBe(true)
    const parts = workspace.context.ledger.all<{ key_parts: string }>('SELECT key_parts FROM step_run WHERE key_parts IS NOT NULL')
    for (const { key_parts } of parts)
      expect(JSON.parse(key_parts)).toMatchObject({
        'engine duckdb': made.environment['engines.duckdb'],
        'engine onnxruntime': onnxruntime
      })
    expect(made.artifacts.map((artifact) => artifact.name).sort()).toEqual([
      'evaluation.json',
      'model.json',
      'model.onnx',
      'quality-report.json',
      'row-scores.arrow',
      'signature.json',
      'training.json'
    ])
    for (const { sha256, size } of made.artifacts) expect((await workspace.context.objects.read(sha256)).length).toBe(size)
    // The score of each judged row lies beside its evaluation, which names it.
    const evaluation = (await workspace.experiments.evaluation(made.id))!
    const kept = made.artifacts.find(({ kind }) => kind === 'row-scores')!
    expect(evaluation.rowScores).toEqual({ sha256: kept.sha256, rows: evaluation.rows.judged })
    expect(made.parameters).toMatchObject({ features: '["x","kind"]' })
    expect([made.seed, made.metrics.auc.value > 0.65, made.gate]).toEqual([3, true, 'pass'])
    expect(result.steps.map((step) => step.gate).filter(Boolean)).toEqual(['passed'])
    expect(workspace.models.get('job-model', 1)).toMatchObject({ run: made.id, modelSha256: onnxOf(made) })
    // What was made travels with the run that it belongs to.
    const runs = workspace.context.ledger.all<{ step_id: string; run: string | null }>(
      "SELECT step_id, run FROM produced WHERE run IS NOT NULL AND part = '' ORDER BY rowid"
    )
    expect([...new Set(runs.map((row) => row.step_id))]).toEqual(['train', 'evaluate', 'gate', 'register'])
    expect([...new Set(runs.map((row) => row.run))]).toEqual([made.id])
    expect(workspace.pipelines.metrics(result.id, 'train').filter((point) => point.name === 'training_loss').length).toBeGreaterThan(10)
    const lineage = workspace.pipelines.lineage(`model:sha256:${onnxOf(made)}`)
    expect(lineage.map((node) => node.stepId)).toEqual(['train', 'split', 'cases'])
  })

  it('refuses to register when the gate does not pass, reusing all that did not change', async () => {
    const result = await run('strict')
    expect(result.state).toBe('failed')
    expect(result.steps.map((step) => step.cached)).toEqual([true, true, true, true, true, false, false])
    expect(result.steps[5].changes.map((change) => change.part)).toEqual(['fixed policy', 'parameter policy'])
    expect(result.steps[6].failure).toMatchObject({ code: 'POLICY_DENIED' })
    expect(workspace.gates.gates().map((gate) => [gate.policy, gate.outcome])).toEqual([
      ['floor', 'fail'],
      ['floor', 'pass']
    ])
    expect(workspace.models.versions('job-model')).toHaveLength(1)
    // The gate step ran to its end, and what it decided is what is shown of it, in the run, its job and the list; also from the cache.
    expect([result.steps[5].state, result.steps[5].gate, result.gate]).toEqual(['succeeded', 'failed', 'failed'])
    expect(workspace.jobs.get(result.id).gate).toBe('failed')
    expect(workspace.pipelines.list().find(({ name }) => name === 'job')?.lastRun?.gate).toBe('failed')
    const again = await workspace.run(pipeline('easy'), { targetStep: 'gate' })
    expect(again.steps.map(({ cached, gate }) => [cached, gate]).at(-1)).toEqual([true, 'passed'])
  })

  it('keeps no version of a variant unless the run or the pipeline asks for it, and trains nothing again when one is asked for', async () => {
    const text = (register: string) =>
      pipeline('easy')
        .replace(
          'steps:',
          'parameters:\n  - { name: trees, type: integer, default: 20 }\n  - { name: model, type: string, default: tried }\nsteps:'
        )
        .replace('trees: 20', 'trees: "${{ parameters.trees }}"')
        .replace('name: job-model', `name: "\${{ parameters.model }}"${register}`)
    const versions = (name: string) => workspace.models.versions(name).length
    const registerStepOf = async (yaml: string, request: Parameters<PipelineWorkspace['run']>[1]) => {
      const done = await workspace.run(yaml, request)
      const { value } = (await workspace.pipelines.preview(done.id, 'register', 'registration')) as { value: unknown }
      return {
        state: done.state,
        variant: registration.parse(value).variant,
        ran: done.steps.filter((step) => !step.cached).map((step) => step.stepId)
      }
    }
    // The defaults, also where they are written out, and a name to register by are the pipeline itself.
    expect(await registerStepOf(text(''), { parameters: { trees: 20 } })).toMatchObject({ state: 'succeeded', variant: undefined })
    expect(versions('tried')).toBe(1)
    expect(await registerStepOf(text(''), { parameters: { model: 'elsewhere' } })).toMatchObject({ variant: undefined, ran: ['register'] })
    expect(versions('elsewhere')).toBe(1)
    const runs = () => workspace.experiments.runs({}).total
    const before = runs()
    const variant = { parameters: { trees: 7 } }
    expect(await registerStepOf(text(''), variant)).toEqual({
      state: 'succeeded',
      variant: { trees: 7 },
      ran: ['train', 'evaluate', 'gate', 'register']
    })
    expect([versions('tried'), runs()]).toEqual([1, before + 1])
    expect(await registerStepOf(text(''), { ...variant, register: true })).toEqual({
      state: 'succeeded',
      variant: undefined,
      ran: ['register']
    })
    expect(versions('tried')).toBe(2)
    expect(await registerStepOf(text(', variants: true'), { parameters: { trees: 8 } })).toMatchObject({ variant: undefined })
    expect(versions('tried')).toBe(3)
    // A gate that says no is one for a variant too.
    expect((await workspace.run(text('').replace('policy: easy', 'policy: strict'), variant)).failure?.code).toBe('POLICY_DENIED')
  })

  it('leaves a step unfinished when its entry in the ledger fails: both or neither', async () => {
    isRefusing = true
    const result = await workspace.run(pipeline('easy'), { force: true, targetStep: 'register' })
    isRefusing = false
    const register = result.steps.at(-1)!
    expect([register.state, register.outputs, register.attempts[0].outcome]).toEqual(['failed', [], 'failed'])
    expect(register.failure?.message).toContain('the registry is full')
    // The same data, settings and seed give the same model, byte for byte; only the record of the training has other durations.
    const modelOf = async (runId: PipelineRunId): Promise<string> => {
      const manifest = await workspace.pipelines.preview(runId, 'train', 'model')
      return z.object({ value: z.object({ files: z.record(z.string(), z.object({ sha256: z.string() })) }) }).parse(manifest).value.files[
        'model.onnx'
      ].sha256
    }
    expect(await modelOf(result.id)).toBe(await modelOf(workspace.pipelines.runs().runs.at(-1)!.id))
  })
})
