import { afterAll, beforeAll, expect, it } from 'vitest'
import { dependenceSchema } from '../../../../model/dependence'
import { explanationSchema } from '../../../../model/explanation'
import { casesStep, pipelineOf, stepText } from '../../fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from '../../fixtures/pipeline-workspace'

let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  await workspace.addDataset(
    'cases',
    `SELECT (i * 7919 % 1000) / 1000.0 AS x, (i * 104729 % 997) / 997.0 AS noise,
       CASE WHEN i % 3 = 0 THEN 'red' WHEN i % 3 = 1 THEN 'blue' ELSE NULL END AS colour,
       (i * 7919 % 1000) / 1000.0 + CAST('0x' || substr(md5('n' || i), 1, 4) AS INTEGER) / 65536.0 > 0.9 AS outcome
     FROM (SELECT range AS i FROM range(600))`,
    { roles: { outcome: 'target' } }
  )
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

it('says what drives the answers of a model, and the run that made the model keeps it', async () => {
  const made = await workspace.run(
    pipelineOf(
      'job',
      casesStep,
      stepText('split', 'split', 'table: cases.table', 'test: 0.3, seed: 1, by: random'),
      stepText('train', 'train', 'train: split.train', 'target: outcome, parameters: { trees: 40, minRowsPerLeaf: 10 }, seed: 3'),
      stepText('explain', 'explain', 'model: train.model, rows: split.test, background: split.train', 'rows: 90')
    )
  )
  expect(made.steps.flatMap((step) => step.failure?.message ?? [])).toEqual([])
  const shown = (await workspace.pipelines.preview(made.id, 'explain', 'explanation')) as { value: unknown }
  const explanation = explanationSchema.parse(shown.value)
  expect(explanation).toMatchObject({ method: 'interventional', space: 'log-odds', rows: 90, background: { from: 'given table' } })
  expect(explanation.background.rows).toBeGreaterThan(300)
  expect(explanation.outputs[0]!.features[0]!.feature).toBe('x')
  expect(explanation.additivity).toBeLessThan(1e-6)
  const run = workspace.experiments.run(workspace.experiments.runs({}).runs[0]!.id)
  const kinds = run.artifacts.map(({ kind }) => kind)
  expect(kinds).toEqual(expect.arrayContaining(['model', 'explanation', 'contributions']))
  expect(run.artifacts.find(({ kind }) => kind === 'model')!.sha256).toBe(explanation.model.sha256)
  expect(explanation.permutation).toMatchObject({ rows: 180, repeats: 5, clusters: null })
  const [first] = explanation.permutation!.features
  expect(first!.feature).toBe('x')
  expect(first!.low!).toBeGreaterThan(0.1)
  expect(explanation.narrative.join(' ')).toContain('AUC lost when the column is shuffled, over 180 rows with a known outcome: "x"')
  const drawn = (await workspace.pipelines.preview(made.id, 'explain', 'dependence')) as { value: unknown }
  const dependence = dependenceSchema.parse(drawn.value)
  expect(dependence).toMatchObject({ rows: 90, lines: 30, by: 'contribution', model: explanation.model })
  expect(dependence.features.map(({ feature }) => feature).sort()).toEqual(['colour', 'noise', 'x'])
  expect(dependence.features[0]!.feature).toBe('x')
  const { mean } = dependence.features[0]!.curves[0]!
  expect(mean.at(-1)! - mean[0]!).toBeGreaterThan(0.5)
  expect(kinds).toContain('dependence')
  // Values stand in the order of their feature: no row of the table can be put together from them.
  for (const { points } of explanation.dependence) {
    const values = points.flatMap(({ value }) => (value === null ? [] : [value]))
    expect(values).toEqual(values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)))
  }
})

it('draws what was asked for, leaves out what cannot be told, and refuses columns that the model does not have', async () => {
  const made = (parameters: string, rows = 'split.test') =>
    workspace.run(
      pipelineOf(
        'job',
        casesStep,
        stepText('split', 'split', 'table: cases.table', 'test: 0.3, seed: 1, by: random'),
        stepText('train', 'train', 'train: split.train', 'target: outcome, parameters: { trees: 40, minRowsPerLeaf: 10 }, seed: 3'),
        stepText('bare', 'sql', 'rows: split.test', 'query: "SELECT x, noise, colour FROM rows"'),
        stepText('explain', 'explain', `model: train.model, rows: ${rows}`, parameters)
      )
    )
  const run = await made('rows: 40, features: [colour], grid: 5, lines: 3, curveRows: 20', 'bare.table')
  expect(run.steps.flatMap((step) => step.failure?.message ?? [])).toEqual([])
  const read = async (port: string) => ((await workspace.pipelines.preview(run.id, 'explain', port)) as { value: unknown }).value
  expect(explanationSchema.parse(await read('explanation')).permutation).toBeNull()
  const { features, rows, lines, by } = dependenceSchema.parse(await read('dependence'))
  expect({ rows, lines, by }).toEqual({ rows: 20, lines: 3, by: 'asked' })
  expect(features.map(({ feature, order, grid }) => [feature, order, grid.at(-1)])).toEqual([['colour', 'similarity', null]])
  await expect(made('rows: 40, features: [colours]')).rejects.toThrow('has no column "colours"')
})

it('is not handed on to a run that is evaluated again, whose judged rows may be others, and says which rows it is about', async () => {
  const made = (threshold: number, ...more: string[]) =>
    workspace.run(
      pipelineOf(
        'again',
        casesStep,
        stepText('split', 'split', 'table: cases.table', 'test: 0.3, seed: 2, by: random'),
        stepText('train', 'train', 'train: split.train', 'target: outcome, parameters: { trees: 20 }, seed: 3'),
        stepText('evaluate', 'evaluate', 'model: train.model, test: split.test', `threshold: ${threshold}, bootstrapSamples: 0`),
        ...more
      )
    )
  const first = await made(0.5, stepText('explain', 'explain', 'model: train.model, rows: split.train', 'rows: 20, shuffles: 0'))
  expect(first.steps.flatMap((step) => step.failure?.message ?? [])).toEqual([])
  await made(0.4)
  const { runs } = workspace.experiments.runs({})
  const artifacts = (isAgain: boolean) =>
    workspace.experiments
      .run(runs.find(({ name, pipeline }) => pipeline === 'again' && name.includes('(evaluated again)') === isAgain)!.id)
      .artifacts.map(({ kind }) => kind)
  const kinds = ['explanation', 'contributions', 'dependence']
  expect(artifacts(false)).toEqual(expect.arrayContaining(['model', ...kinds]))
  expect(artifacts(true)).toContain('model')
  for (const kind of kinds) expect(artifacts(true)).not.toContain(kind)
  for (const port of ['explanation', 'dependence']) {
    const { value } = (await workspace.pipelines.preview(first.id, 'explain', port)) as { value: unknown }
    expect(value).toMatchObject({ explained: { table: expect.stringMatching(/^[0-9a-f]{64}$/), split: 'training' } })
  }
})
