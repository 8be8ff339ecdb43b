import { afterAll, beforeAll, expect, it } from 'vitest'
import { casesStep, pipelineOf, stepText } from '../pipelines/fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from '../pipelines/fixtures/pipeline-workspace'
import { createExplaining } from './explaining'

let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  await workspace.addDataset(
    'cases',
    `SELECT (i * 7919 % 1000) / 1000.0 AS x, (i * 104729 % 997) / 997.0 AS noise, 'site ' || (i % 40) AS site,
       (i * 7919 % 1000) / 1000.0 + CAST('0x' || substr(md5('n' || i), 1, 4) AS INTEGER) / 65536.0 > 0.9 AS outcome
     FROM (SELECT range AS i FROM range(600))`,
    { roles: { outcome: 'target', site: 'group' } }
  )
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

it('draws the groups whole that the split kept apart, as the evaluation of the run does', async () => {
  const made = await workspace.run(
    pipelineOf(
      'job',
      casesStep,
      stepText('split', 'split', 'table: cases.table', 'test: 0.5, seed: 1, by: roles'),
      stepText('train', 'train', 'train: split.train', 'target: outcome, parameters: { trees: 20, minRowsPerLeaf: 10 }, seed: 3'),
      stepText('evaluate', 'evaluate', 'model: train.model, test: split.test', 'bootstrapSamples: 100')
    )
  )
  expect(made.steps.flatMap((step) => step.failure?.message ?? [])).toEqual([])
  const { models, experiments } = workspace
  const explaining = createExplaining(workspace.context, { models, experiments, workspace: { restricted: false } })
  const run = experiments.runs({}).runs[0]!.id
  expect((await experiments.evaluation(run))!.bootstrap.clusters).toMatchObject({ by: 'group', column: 'site' })
  const { explanation } = await explaining.explainRun(run, { method: 'auto', seed: 42, rows: 50 })
  expect(explanation.permutation).toMatchObject({ clusters: 'site' })
  explaining.close()
})
