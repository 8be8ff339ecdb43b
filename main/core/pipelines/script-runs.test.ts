import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunDetail } from '../../model/run'
import { casesStep, evaluateStep, gateStep, pipelineOf, registerStep, splitStep, trainStep } from './fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from './fixtures/pipeline-workspace'

const node = JSON.stringify(process.execPath)
let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace

beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  await workspace.addDataset(
    'cases',
    `SELECT i AS id, (i * 7919 % 1000) / 1000.0 AS x,
       CAST('0x' || substr(md5('n' || i), 1, 4) AS INTEGER) / 65536.0 < 0.1 + 0.8 * ((i * 7919 % 1000) / 1000.0) AS outcome
     FROM (SELECT range AS i FROM range(600))`,
    { roles: { outcome: 'target', id: 'identifier' }, knownWhen: { outcome: 'after' } }
  )
  workspace.policies.set(
    'floor',
    `schema: drydock.policy
version: 1
name: floor
title: Discrimination floor
rules:
  - id: discrimination
    title: The model ranks well enough
    severity: block
    expression: metrics.auc >= 0.6
    message: The AUC is too low. Improve the features.
`
  )
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

/** Data, split, a built-in training: what programs get to work with. */
const trained = (name: string, ...steps: string[]): string =>
  pipelineOf(
    name,
    casesStep,
    splitStep('cases.table', ', stratify: outcome'),
    trainStep('target: outcome, parameters: { trees: 10, maxLeaves: 4 }, seed: 3'),
    ...steps
  )
const script = (id: string, code: string, more: string): string =>
  `  - id: ${id}\n    type: script\n    title: Own ${id}\n${more}      command: [${node}, main.js]\n      files: { main.js: ${JSON.stringify(code)} }\n`

const report = (name: string, ...values: number[]): string =>
  values
    .map((value, step) => `fs.appendFileSync(process.env.DRYDOCK_METRICS, ${JSON.stringify(`${JSON.stringify({ name, value, step })}\n`)})`)
    .join(';')
/** Takes the files of a model over, as a program that wraps a trainer of its own would write them. */
const copyModel = `const fs = require('fs'), from = process.env.DRYDOCK_INPUT_BASE_DIR, to = process.env.DRYDOCK_OUTPUT_MODEL
for (const name of ['model.onnx', 'signature.json']) fs.copyFileSync(from + '/' + name, to + '/' + name)`

const run = (yaml: string, request = {}) => workspace.run(yaml, request)
const failuresOf = (result: Awaited<ReturnType<typeof run>>): string[] =>
  result.steps.flatMap((step) => (step.failure ? [`${step.stepId}: ${step.failure.message}`] : []))
/** Runs that the steps of a program recorded in an experiment, the first one first. */
const recorded = (experiment: string): RunDetail[] =>
  workspace.experiments.trials(experiment).filter(({ algorithm }) => algorithm === 'script')

describe('the run of a script', () => {
  const judged = (id = 'own'): string =>
    trained(
      'wrapped',
      script(
        id,
        `${copyModel}
fs.writeFileSync(to + '/training.json', JSON.stringify({ by: 'a trainer of its own' }))
${report('loss', 0.9, 0.5, 0.25)}`,
        `    inputs: { base: train.model, rows: split.train }\n    parameters:\n      outputs: { model: Model }\n      seed: 11\n`
      ),
      evaluateStep('bootstrapSamples: 50, latencyCalls: 5', `${id}.model`),
      gateStep('floor', { model: `${id}.model` }),
      registerStep('wrapped-model', `${id}.model`)
    )

  it('that outputs a model is evaluated, gated and registered like any other, and says what it read', async () => {
    expect(failuresOf(await run(judged()))).toEqual([])
    const [own, ...more] = recorded('wrapped')
    expect(more).toEqual([])
    expect(own).toMatchObject({ name: 'Own own', status: 'finished', seed: 11, gate: 'pass', registered: ['wrapped-model@1'], error: null })
    expect(own.metrics.loss).toEqual({ value: 0.25, low: null, high: null })
    expect(own.metrics.auc.value).toBeGreaterThan(0.6)
    expect(own.inputs.map(({ role, name }) => `${role}: ${name}`)).toEqual([
      'base: train.base',
      'dataset: cases',
      'rows: split.rows',
      'test: split.test'
    ])
    expect(own.artifacts.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      'evaluation.json: evaluation',
      'model.onnx: model',
      'row-scores.arrow: row-scores',
      'signature.json: signature',
      'training.json: file'
    ])
    // The training of which the bytes are a copy has its own run, to which nothing of this was added.
    const [built] = workspace.experiments.trials('wrapped').filter(({ algorithm }) => algorithm !== 'script')
    expect([built.metrics.auc, built.gate, built.registered]).toEqual([undefined, null, []])
    expect(await workspace.experiments.training(own.id)).toBeNull()
    expect(workspace.models.get('wrapped-model', 1).run).toBe(own.id)
  })

  it('that logs figures under the names of measured ones keeps none of them once its model is evaluated, and says what they were', async () => {
    const boast = ['auc', 'auc_lower', 'disparate_impact', 'brier', 'loss'].map((name) => report(name, 0.9999)).join(';')
    const made = `${trained('boast')}${script('own', `${copyModel}\n${boast}`, '    inputs: { base: train.model }\n    parameters:\n      outputs: { model: Model }\n')}  - id: register
    type: register
    inputs: { model: own.model }
    parameters: { name: boast, requireGate: false }
`
    expect(failuresOf(await run(made))).toEqual([])
    // Not judged yet: the version has only what the program says under names of its own.
    expect(Object.keys(workspace.models.get('boast', 1).metrics).filter((key) => !key.startsWith('train_'))).toEqual(['loss'])
    const evaluated = `${made}  - id: evaluate
    type: evaluate
    inputs: { model: own.model, test: split.test }
    parameters: { bootstrapSamples: 0, latencyCalls: 5 }
`
    expect(failuresOf(await run(evaluated))).toEqual([])
    const [own] = recorded('boast')
    expect(own.metrics.loss.value).toBe(0.9999)
    expect(own.metrics.auc_lower.value).toBeLessThan(own.metrics.auc.value!)
    expect(own.metrics.disparate_impact).toBeUndefined()
    expect(Object.entries(own.metrics).filter(([key, { value }]) => key !== 'loss' && value === 0.9999)).toEqual([])
    expect(own.parameters.replacedFigures).toBe('auc 0.9999, auc_lower 0.9999, brier 0.9999, disparate_impact 0.9999')
    expect(workspace.models.get('boast', 1).metrics.auc).toEqual(own.metrics.auc)
  })

  it('lists its command as one would type it and its files by digest', () => {
    const [own] = recorded('wrapped')
    expect(own.parameters).toEqual({
      command: `${process.execPath} main.js`,
      'file main.js': expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string
    })
  })

  it('is not recorded again when the step comes from the cache', async () => {
    const again = await run(judged())
    expect(again.steps.every((step) => step.cached)).toBe(true)
    expect(recorded('wrapped')).toHaveLength(1)
    await run(judged(), { force: true, targetStep: 'own' })
    expect(recorded('wrapped')).toHaveLength(2)
  })

  it('that only reports figures has their last values, and its log stays whole', async () => {
    const code = `const fs = require('fs');${report('loss', 3, 2, 1.5)};${report('accuracy', 0.5, 0.75)};fs.writeFileSync(process.env.DRYDOCK_OUTPUT_RESULT, 'done')`
    const yaml = `${pipelineOf('figures')}  - id: cases\n    type: source\n    parameters: { dataset: cases }\n${script('work', code, '    inputs: { test: cases.table }\n    parameters:\n      outputs: { result: File }\n')}`
    const result = await run(yaml)
    expect(failuresOf(result)).toEqual([])
    const [own] = recorded('figures')
    expect([own.status, own.metrics.loss.value, own.metrics.accuracy.value, own.artifacts]).toEqual(['finished', 1.5, 0.75, []])
    expect(workspace.pipelines.metrics(result.id, 'work').filter(({ name }) => name === 'loss')).toHaveLength(3)
    // A port called "test" is not the rows of an evaluation.
    expect([own.testData, own.inputs.map(({ role }) => role)]).toEqual([null, ['dataset', 'input test']])
  })

  it('that fails is a failed trial when it declares a model or reported a figure', async () => {
    const fails = `const fs = require('fs');${report('loss', 4, 3)};console.error('out of cheese');process.exit(3)`
    await run(pipelineOf('failing', script('model', 'process.exit(3)', '    parameters:\n      outputs: { model: Model }\n')))
    await run(pipelineOf('failing', script('figure', fails, '    parameters:\n      outputs: { result: File }\n')))
    await run(pipelineOf('failing', script('neither', 'process.exit(3)', '    parameters:\n      outputs: { result: File }\n')))
    expect(recorded('failing').map(({ name, status, metrics }) => [name, status, metrics.loss?.value])).toEqual([
      ['Own model', 'failed', undefined],
      ['Own figure', 'failed', 3]
    ])
    expect(recorded('failing')[1].error).toContain('out of cheese')
  })

  it('with neither a model nor a figure is none', async () => {
    const code = `require('fs').writeFileSync(process.env.DRYDOCK_OUTPUT_RESULT, 'done')`
    expect(failuresOf(await run(pipelineOf('plain', script('work', code, '    parameters:\n      outputs: { result: File }\n'))))).toEqual(
      []
    )
    expect(workspace.experiments.list().map(({ name }) => name)).not.toContain('plain')
  })

  it('that makes two models is one of each, so that what is judged is what is registered', async () => {
    const code = `const fs = require('fs'), from = process.env.DRYDOCK_INPUT_BASE_DIR
for (const port of ['A', 'B'])
  for (const name of ['model.onnx', 'signature.json']) fs.copyFileSync(from + '/' + name, process.env['DRYDOCK_OUTPUT_' + port] + '/' + name)
fs.writeFileSync(process.env.DRYDOCK_OUTPUT_B + '/note.txt', 'the second')
${report('loss', 0.5)}`
    const yaml = trained(
      'pair',
      script('both', code, '    inputs: { base: train.model }\n    parameters:\n      outputs: { a: Model, b: Model }\n'),
      evaluateStep('bootstrapSamples: 0, latencyCalls: 5', 'both.b')
    )
    expect(failuresOf(await run(yaml))).toEqual([])
    const runs = recorded('pair')
    expect(
      runs.map(({ name, metrics, artifacts }) => [name, metrics.loss?.value, 'auc' in metrics, artifacts.map((file) => file.name)])
    ).toEqual([
      ['Own both', 0.5, false, []],
      ['Own both: a', undefined, false, ['model.onnx', 'signature.json']],
      ['Own both: b', undefined, true, ['evaluation.json', 'model.onnx', 'note.txt', 'row-scores.arrow', 'signature.json']]
    ])
  })
})
