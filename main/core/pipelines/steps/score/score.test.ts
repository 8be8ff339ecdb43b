import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evaluationSchema } from '../../../../model/evaluation'
import type { RunId } from '../../../../model/reference'
import { scoreReportSchema } from '../../../../model/scoring'
import { readSignature, scoreTable } from '../../../training'
import { casesStep, evaluateStep, pipelineOf, splitStep, stepText, trainStep } from '../../fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from '../../fixtures/pipeline-workspace'

let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
let first: RunId

const rows = (from: number, to: number, more = ''): string => `SELECT i AS id, (i * 7919 % 1000) / 1000.0 AS x,
  ['red', 'green', 'blue'][1 + i % 3] AS kind,
  CAST('0x' || substr(md5('n' || i), 1, 4) AS INTEGER) / 65536.0 < 0.15 + 0.6 * ((i * 7919 % 1000) / 1000.0) AS outcome${more}
  FROM (SELECT range AS i FROM range(${from}, ${to}))`

const training = (seed: number): string =>
  pipelineOf(
    'job',
    casesStep,
    splitStep('cases.table', ', stratify: outcome'),
    trainStep(`target: outcome, exclude: [id], algorithm: gradient-boosting, parameters: { trees: 10, maxLeaves: 4 }, seed: ${seed}`),
    evaluateStep('bootstrapSamples: 50, latencyCalls: 20')
  )
const newest = (): RunId => workspace.experiments.runs({}).runs[0]!.id

async function train(seed: number): Promise<RunId> {
  const done = await workspace.run(training(seed))
  if (done.state !== 'succeeded') throw new Error(done.steps.flatMap(({ failure }) => failure?.message ?? []).join())
  const run = newest()
  workspace.models.register({ run, name: 'cases-model', purpose: {}, withoutGate: true })
  return run
}

beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  await workspace.addDataset('cases', rows(0, 600), { roles: { outcome: 'target' }, knownWhen: { outcome: 'after' } })
  await workspace.addDataset('march', rows(1000, 1300))
  first = await train(3)
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

const march = stepText('march', 'source', '', 'dataset: march')
const scoring = (model: string, more = ''): string =>
  pipelineOf('scoring', march, stepText('score', 'score', 'rows: march.table', `model: ${model}${more}`))
const failures = ({ steps }: Awaited<ReturnType<PipelineWorkspace['run']>>): string[] =>
  steps.flatMap(({ stepId, failure }) => (failure ? [`${stepId}: ${failure.message}`] : []))

describe('a step that scores', () => {
  it('answers with the version that a name stands for, which report and lineage name', async () => {
    const done = await workspace.run(scoring('cases-model', ', keep: [id]'))
    expect(failures(done)).toEqual([])
    const outputs = done.steps.find(({ stepId }) => stepId === 'score')!.outputs
    const sha256 = outputs.find(({ port }) => port === 'scores')!.sha256
    const { artifacts, id } = workspace.experiments.run(first)
    const of = (kind: string): string => workspace.context.objects.pathOf(artifacts.find((each) => each.kind === kind)!.sha256)
    const table = join(folder.path, 'data', `${workspace.datasets.get('march')!.sha256}.arrow`)
    const expected = await scoreTable({ model: of('model'), signature: await readSignature(of('model'), of('signature')), table })
    const threshold = ((await workspace.experiments.evaluation(id)) as { threshold: number }).threshold
    const at = join(folder.path, 'data', 'written.arrow')
    await copyFile(join(folder.path, 'data', `${sha256}.arrow`), at)
    const found = await workspace.context.duckdb.all<{ id: number; row: number; score: number; decision: number }>(
      `SELECT id::DOUBLE AS id, row::DOUBLE AS row, score, decision::DOUBLE AS decision FROM read_arrow('${at}')`
    )
    expect(found.map((each) => each.score)).toEqual([...expected.scores])
    expect(found.slice(0, 2).map(({ id: key, row }) => [key, row])).toEqual([
      [1000, 1],
      [1001, 2]
    ])
    expect(found.every(({ score, decision }) => decision === Number(score >= threshold))).toBe(true)
    const shown = (await workspace.pipelines.preview(done.id, 'score', 'report')) as { value: unknown }
    const report = scoreReportSchema.parse(shown.value)
    expect(report).toMatchObject({ model: { name: 'cases-model@1' }, rows: 300, shift: { told: true }, ignored: ['outcome'] })
    const [node] = workspace.pipelines.lineage(sha256)
    expect(node!.inputs.map(({ reference }) => reference)).toContain('model:cases-model@1')
    // What trained the version is upstream of its scores.
    expect(workspace.pipelines.lineage(sha256).map(({ type }) => type)).toEqual(expect.arrayContaining(['train', 'split']))
  })

  it('is done again when its name stands for another version, and not before', async () => {
    const stepOf = async () => (await workspace.run(scoring('cases-model@draft'))).steps.find(({ stepId }) => stepId === 'score')!
    const before = await stepOf()
    const same = await stepOf()
    expect([before.cached, same.cached]).toEqual([false, true])
    await train(4)
    const after = await stepOf()
    expect(after.cached).toBe(false)
    const shown = (await workspace.pipelines.preview(workspace.pipelines.runs().runs[0]!.id, 'score', 'report')) as { value: unknown }
    expect(scoreReportSchema.parse(shown.value).model.name).toBe('cases-model@2')
    expect((await workspace.run(scoring('cases-model@1'))).state).toBe('succeeded')
  })

  it('names a model that is not there before anything runs, and a step with two models', async () => {
    await expect(workspace.run(scoring('cases-modl'))).rejects.toThrow(
      'There is no model "cases-modl" in this workspace. Did you mean "cases-model"?'
    )
    await expect(workspace.run(scoring('cases-model@approved'))).rejects.toThrow('No version of "cases-model" is approved')
    const two = training(3) + stepText('score', 'score', 'rows: split.test, model: train.model', 'model: cases-model')
    await expect(workspace.run(two)).rejects.toThrow('either a registered model or the one that is connected')
    const none = pipelineOf('scoring', march, stepText('score', 'score', 'rows: march.table'))
    await expect(workspace.run(none)).rejects.toThrow('needs something at its input "model"')
  })

  it('fails by a value that training did not know where that is asked, and scores with a model that is connected', async () => {
    await workspace.addDataset('odd', rows(0, 50).replace('/ 1000.0 AS x', '/ 100.0 AS x'))
    const odd = pipelineOf(
      'scoring',
      stepText('march', 'source', '', 'dataset: odd'),
      stepText('score', 'score', 'rows: march.table', 'model: cases-model, strict: true')
    )
    expect(failures(await workspace.run(odd)).join()).toContain('above the largest value of training')
    const connected = training(3) + stepText('score', 'score', 'rows: split.test, model: train.model')
    expect(failures(await workspace.run(connected))).toEqual([])
  })
})

describe('a registered model that is evaluated on other rows', () => {
  it('gets a linked run with the figures, about these rows and with what they share with its training', async () => {
    const again = pipelineOf(
      'again',
      march,
      stepText('evaluate', 'evaluate', 'test: march.table', 'model: cases-model@1, bootstrapSamples: 50, latencyCalls: 20, split: march')
    )
    const done = await workspace.run(again)
    expect(failures(done)).toEqual([])
    const run = workspace.experiments.run(newest())
    expect(run.id).not.toBe(first)
    expect(run.name).toContain('(evaluated again)')
    const evaluation = evaluationSchema.parse(await workspace.experiments.evaluation(run.id))
    expect(evaluation).toMatchObject({ rowsShared: 0, subject: { rows: workspace.datasets.get('march')!.sha256, separated: true } })
    expect(run.metrics.auc!.value).not.toBe(workspace.experiments.run(first).metrics.auc!.value)
    expect(run.inputs.find(({ role }) => role === 'test')!.sha256).toBe(workspace.datasets.get('march')!.sha256)
  })

  it('is held against the first test row by row on the same rows, and as two samples on others', async () => {
    const judged =
      training(3) + stepText('again', 'evaluate', 'test: split.test', 'model: cases-model@1, bootstrapSamples: 80, latencyCalls: 20')
    expect(failures(await workspace.run(judged))).toEqual([])
    const [own, newest, ...older] = await workspace.experiments.evaluationsOf(first)
    expect([own!.isFirst, own!.beside]).toEqual([true, null])
    if (newest!.beside?.method !== 'paired') throw new Error('not paired')
    expect(newest!.beside.rows).toBe(own!.rows)
    expect(newest!.beside.metrics.find(({ key }) => key === 'auc')).toMatchObject({ difference: 0, low: 0, high: 0, verdict: 'same' })
    const march = older.find(({ data }) => data?.name === 'march')!
    expect(march.beside!.method).toBe('unpaired')
    const auc = march.beside!.metrics.find(({ key }) => key === 'auc')!
    expect(auc.low!).toBeLessThan(auc.difference!)
    expect(auc.high!).toBeGreaterThan(auc.difference!)
  })
})
