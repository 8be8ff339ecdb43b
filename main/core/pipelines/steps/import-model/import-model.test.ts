import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decisionRecordSchema } from '../../../../model/decision'
import { paritySchema } from '../../../../model/parity'
import { importedModelSchema } from '../../../../model/imported-model'
import { runOfImport } from '../../../../model/model-import'
import { modelSignatureSchema } from '../../../../model/training'
import { casesStep, evaluateStep, gateStep, pipelineOf, registerStep, scriptStep, splitStep, stepText } from '../../fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from '../../fixtures/pipeline-workspace'

const fixtures = join(__dirname, '..', '..', '..', 'imported-models', 'fixtures')
let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  const csv = join(folder.path, 'data', 'loans.csv')
  copyFileSync(join(fixtures, 'loans.csv'), csv)
  copyFileSync(join(fixtures, 'predictions.csv'), join(folder.path, 'data', 'predictions.csv'))
  await workspace.addDataset(
    'cases',
    `SELECT cases.*, predicted."logistic-zipmap" AS original FROM read_csv('${csv}', types = {'default': 'VARCHAR'}) cases
     POSITIONAL JOIN read_csv('${join(folder.path, 'data', 'predictions.csv')}') predicted`
  )
  for (const name of ['logistic-zipmap', 'forest-classes', 'hostile-numbers', 'hostile-operator'])
    copyFileSync(join(fixtures, `${name}.onnx`), join(folder.path, 'code', `${name}.onnx`))
  const [names, ...rows] = readFileSync(join(fixtures, 'predictions.csv'), 'utf8').trim().split('\n')
  const at = names!.split(',').indexOf('logistic-zipmap')
  const own = rows.map((row) => row.split(',')[at]!)
  writeFileSync(join(folder.path, 'code', 'predictions.csv'), `prediction\n${own.join('\n')}\n`)
  writeFileSync(join(folder.path, 'code', 'other.csv'), `prediction\n${own.map((value) => 1 - Number(value)).join('\n')}\n`)
  writeFileSync(join(folder.path, 'code', 'short.csv'), `prediction\n${own.slice(1).join('\n')}\n`)
  workspace.policies.set(
    'easy',
    `schema: drydock.policy
version: 1
name: easy
title: Easy
rules:
  - id: ranks
    title: It ranks
    severity: block
    expression: metrics.auc >= 0.5 && model.portable && model.original_difference < 0.00001 && model.original_flips == 0
    message: No.
`
  )
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

const importStep = (more: string, rows = 'split.train', file = 'logistic-zipmap.onnx'): string =>
  stepText('taken', 'import-model', `rows: ${rows}`, `file: ${file}, target: default, columns: [income, age, debt]${more}`)
const failures = (run: Awaited<ReturnType<PipelineWorkspace['run']>>): string[] =>
  run.steps.flatMap((step) => (step.failure ? [`${step.stepId}: ${step.failure.message}`] : []))
const documentOf = async (name: string): Promise<unknown> => {
  const [summary] = workspace.experiments.runs({}).runs
  const artifact = workspace.experiments.run(summary!.id).artifacts.find((each) => each.name === name)!
  return JSON.parse((await workspace.context.objects.read(artifact.sha256)).toString('utf8'))
}

const whole = (step: string): string =>
  pipelineOf(
    'taken-in',
    casesStep,
    splitStep('cases.table'),
    step,
    evaluateStep('bootstrapSamples: 50, latencyCalls: 5', 'taken.model'),
    gateStep('easy', { model: 'taken.model' }),
    registerStep('loans', 'taken.model')
  )

describe('a model of scikit-learn in a pipeline', () => {
  it('is taken in, compared with the original, evaluated, gated and registered', async () => {
    const original = stepText('original', 'sql', 'rows: split.train', 'query: SELECT original AS prediction FROM rows')
    const run = await workspace.run(whole(original + importStep(', learned: true', 'split.train, predictions: original.table')))
    expect(failures(run)).toEqual([])
    const record = importedModelSchema.parse(await documentOf('import.json'))
    expect(record.original.name).toBe('logistic-zipmap.onnx')
    expect(modelSignatureSchema.parse(await documentOf('signature.json')).target).toEqual({
      name: 'default',
      positive: 'yes',
      negatives: ['no']
    })
    const parity = paritySchema.parse(await documentOf('parity.json'))
    expect(parity).toMatchObject({ rows: 168, flips: 0, threshold: 0.5, original: record.original.sha256 })
    expect(parity.largest).toBeLessThan(1e-6)
    const { version } = workspace.models.get('loans', 1)
    expect(version).toBe(1)
    const [summary] = workspace.experiments.runs({}).runs
    const made = workspace.experiments.run(summary!.id)
    expect(made).toMatchObject({ algorithm: 'imported model', parameters: { file: 'logistic-zipmap.onnx', target: 'default' } })
    expect(made.artifacts.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['model', 'signature', 'import', 'parity', 'original', 'evaluation'])
    )
  })

  it('is judged as one that learned from the rows at its side only where that was said', async () => {
    const subject = async (more: string): Promise<unknown> => {
      const steps = [
        casesStep,
        splitStep('cases.table'),
        importStep(more, 'split.train'),
        evaluateStep('bootstrapSamples: 0, latencyCalls: 5', 'taken.model')
      ]
      expect(failures(await workspace.run(pipelineOf('judged', ...steps)))).toEqual([])
      return documentOf('evaluation.json')
    }
    expect(await subject('')).toMatchObject({ subject: { trainingRows: null, separated: true }, rowsShared: null })
    expect(await subject(', learned: true')).toMatchObject({
      subject: { separated: true, trainingRows: expect.any(String) },
      rowsShared: 0
    })
  })

  it('is decided with a word on what it learned from, unless that was said', async () => {
    const warnings = async (more: string): Promise<string[]> => {
      const decide = stepText('decide', 'decide', 'model: taken.model, rows: split.test', 'by: given, threshold: 0.4')
      const steps = [casesStep, splitStep('cases.table'), importStep(more, 'split.train'), decide]
      expect(failures(await workspace.run(pipelineOf('decided', ...steps)))).toEqual([])
      return decisionRecordSchema.parse(await documentOf('decision.json')).warnings
    }
    const word = expect.stringContaining('The model does not say which rows it learned from') as string
    expect(await warnings('')).toContainEqual(word)
    expect(await warnings(', learned: true')).not.toContainEqual(word)
  })

  it('is judged as one of several classes where it tells them apart', async () => {
    const step = stepText(
      'taken',
      'import-model',
      'rows: split.train',
      'file: forest-classes.onnx, target: band, columns: [income, age, debt]'
    )
    const judge = evaluateStep('bootstrapSamples: 0, latencyCalls: 5', 'taken.model')
    expect(failures(await workspace.run(pipelineOf('classes', casesStep, splitStep('cases.table'), step, judge)))).toEqual([])
    expect(await documentOf('evaluation.json')).toMatchObject({ task: 'multiclass', rows: { judged: 72 } })
  })

  it('has the oldest test of the same bytes as its first where its own run was not tested, and later ones are held against that', async () => {
    const step = stepText(
      'model',
      'import-model',
      'rows: cases.table',
      'file: forest-classes.onnx, target: band, columns: [income, age, debt]'
    )
    const untested = runOfImport(await workspace.run(pipelineOf('untested', casesStep, step), { force: true }))!
    const judge = async (samples: number, force: boolean) => {
      const test = stepText(
        'evaluate',
        'evaluate',
        'test: cases.table, model: model.model',
        `bootstrapSamples: ${samples}, latencyCalls: 5`
      )
      const done = await workspace.run(pipelineOf('tested', casesStep, step, test), { force })
      expect(failures(done)).toEqual([])
      return runOfImport(done)!
    }
    const oldest = await judge(50, true)
    const newest = await judge(60, false)
    expect(new Set([untested, oldest, newest]).size).toBe(3)
    const [first, ...later] = await workspace.experiments.evaluationsOf(untested)
    expect([first!.isFirst, first!.beside]).toEqual([true, null])
    // The test above judged these bytes first, on other rows.
    expect(later.map(({ run, isFirst, beside }) => [run, isFirst, beside?.method])).toEqual([
      [newest, false, 'unpaired'],
      [oldest, false, 'unpaired']
    ])
    expect(later[0]!.beside!.metrics.length).toBeGreaterThan(0)
  })

  it('is found by what its pipeline run holds, also where nothing was done again and another model came in since', async () => {
    const take = async (file: string, target: string) => {
      const step = stepText('model', 'import-model', 'rows: cases.table', `file: ${file}, target: ${target}, columns: [income, age, debt]`)
      const done = await workspace.run(pipelineOf('import-model', casesStep, step))
      expect(failures(done)).toEqual([])
      return { id: runOfImport(done)!, isCached: done.steps.every(({ cached }) => cached) }
    }
    const first = await take('logistic-zipmap.onnx', 'default')
    const other = await take('forest-classes.onnx', 'band')
    expect(other.id).not.toBe(first.id)
    expect(await take('logistic-zipmap.onnx', 'default')).toEqual({ id: first.id, isCached: true })
    expect(workspace.experiments.run(first.id).parameters).toMatchObject({ file: 'logistic-zipmap.onnx' })
    const refused = await workspace.run(
      pipelineOf(
        'import-model',
        casesStep,
        stepText(
          'model',
          'import-model',
          'rows: cases.table',
          'file: hostile-numbers.onnx, target: default, classes: [no, yes], columns: [income, age, debt]'
        )
      )
    )
    expect(refused.state).toBe('failed')
    expect(runOfImport(refused)).toBeNull()
  })

  it('comes from a script too, that writes the file', async () => {
    const bytes = readFileSync(join(fixtures, 'logistic-zipmap.onnx')).toString('base64')
    const script = scriptStep('made', `fs.writeFileSync(out, Buffer.from(${JSON.stringify(bytes)}, 'base64'))`)
    const step = stepText('taken', 'import-model', 'rows: cases.table, file: made.result', 'target: default, columns: [income, age, debt]')
    expect(failures(await workspace.run(pipelineOf('scripted', casesStep, script, step)))).toEqual([])
  })
})

describe('a file that cannot be taken in', () => {
  it.each([
    ['hostile-numbers.onnx', ', classes: [no, yes]', /"probabilities" gives .* no probabilities/],
    ['hostile-operator.onnx', ', classes: [no, yes]', /operator "Oracle" of the domain "acme"/],
    ['gone.onnx', '', /"gone.onnx" is not in the folder "code"/],
    ['logistic-zipmap.onnx', ', predictions: short.csv', /"short.csv" has 239 predictions, and the table at "rows" has 240 rows/]
  ])('%s%s registers nothing', async (file, more, message) => {
    const before = workspace.models.list().length
    const outcome = await workspace.run(whole(importStep(more, 'cases.table', file))).then(
      (run) => failures(run).join(),
      (error: Error) => error.message
    )
    expect(outcome).toMatch(message)
    expect(workspace.models.list()).toHaveLength(before)
  })

  it('is held back by the gate where it answers otherwise than the original', async () => {
    const run = await workspace.run(whole(importStep(', predictions: other.csv', 'cases.table')))
    expect(failures(run).join()).toMatch(/"loans" was not registered: the policy "easy" did not pass/)
    expect(paritySchema.parse(await documentOf('parity.json')).flips).toBeGreaterThan(100)
  })
})
