import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evaluationSchema } from '../../../../model/evaluation'
import { trainedModelSchema, type TrainedModel } from '../../../../model/training'
import { casesStep, evaluateStep, pipelineOf, stepText } from '../../fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from '../../fixtures/pipeline-workspace'

let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  // 60 patients of ten visits, one a day; half of the outcome is the patient's own.
  await workspace.addDataset(
    'cases',
    `SELECT 'p' || (i % 60) AS patient, DATE '2024-01-01' + CAST(i // 4 AS INTEGER) AS day, (i * 7919 % 1000) / 1000.0 AS x,
       CAST('0x' || substr(md5('p' || i % 60), 1, 4) AS INTEGER) / 65536.0 AS trait,
       (i * 7919 % 1000) / 1000.0 + CAST('0x' || substr(md5('n' || i), 1, 4) AS INTEGER) / 65536.0 > 0.9 AS outcome
     FROM (SELECT range AS i FROM range(600))`,
    { roles: { outcome: 'target', patient: 'group', day: 'time' } }
  )
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

const train = (inputs: string): string =>
  stepText('train', 'train', inputs, 'target: outcome, exclude: [patient, day], parameters: { trees: 60, minRowsPerLeaf: 10 }, seed: 3')

async function trained(...steps: string[]): Promise<TrainedModel> {
  const run = await workspace.run(pipelineOf('job', casesStep, ...steps))
  expect(run.steps.flatMap((step) => step.failure?.message ?? [])).toEqual([])
  const report = await workspace.pipelines.preview(run.id, 'train', 'report')
  return trainedModelSchema.parse((report as { value: unknown }).value)
}

describe('rows that watch a training', () => {
  const split = (parameters: string): string => stepText('split', 'split', 'table: cases.table', `test: 0.2, seed: 1, ${parameters}`)

  it('are those of the validation input, which the run names', async () => {
    const record = await trained(
      split('by: group, column: patient, validation: 0.2'),
      train('train: split.train, validation: split.validation'),
      evaluateStep('bootstrapSamples: 20, latencyCalls: 5')
    )
    expect(record.rows).toMatchObject({ training: 360, validation: 120 })
    expect(record.heldOut).toEqual({ from: 'input', table: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(record.parameters).toMatchObject({ validationFraction: 0, earlyStoppingRounds: 30 })
    expect(record.history.every(({ validationLoss }) => validationLoss !== null)).toBe(true)
    expect(record.shuffled).toEqual({ on: 'validation', rows: 120, repeats: 10 })
    const made = workspace.experiments.run(workspace.experiments.runs({}).runs[0].id)
    expect(made.inputs.map(({ role, name }) => `${role} ${name}`)).toEqual(
      expect.arrayContaining(['train split.train', 'validation split.validation', 'test split.test'])
    )
    expect(made.inputs.filter(({ role }) => role === 'dataset')).toHaveLength(1)
  })

  it('are the latest of the training rows after a split by time, a query between them or not', async () => {
    const between = stepText('cut', 'sql', 'part: split.train', 'query: "SELECT * FROM part WHERE x >= 0"')
    for (const steps of [[train('train: split.train')], [between, train('train: cut.table')]]) {
      const record = await trained(split('by: time, column: day'), ...steps)
      expect(record.heldOut).toEqual({ from: 'training table', by: 'time', column: 'day' })
      // 480 rows are left of the split, of which the 18 latest days are nearest to 15%.
      expect(record.rows).toMatchObject({ training: 408, validation: 72 })
    }
  })

  it('are whole groups after a split by group, and where only the roles of the columns say what belongs together', async () => {
    for (const steps of [[split('by: group, column: patient'), train('train: split.train')], [train('train: cases.table')]]) {
      const record = await trained(...steps)
      expect(record.heldOut).toEqual({ from: 'training table', by: 'group', column: 'patient' })
      expect(record.rows.validation % 10).toBe(0)
      expect(record.rows.validation).toBeGreaterThan(0)
    }
  })

  it('are random after a random split, and where the column of the split is gone, which is said', async () => {
    const random = await trained(split('by: random'), train('train: split.train'))
    expect(random.heldOut).toEqual({ from: 'training table', by: 'random', column: null })
    const without = stepText('cut', 'sql', 'part: split.train', 'query: "SELECT x, trait, outcome FROM part"')
    const lost = await trained(
      split('by: time, column: day'),
      without,
      stepText('train', 'train', 'train: cut.table', 'target: outcome, parameters: { trees: 20 }')
    )
    expect(lost.heldOut).toEqual({ from: 'training table', by: 'random', column: null })
    expect(lost.warnings.join()).toMatch(/divided by time, but "day" is not in the training table.*Connect the validation part/)
  })

  it('must have the columns and outcomes that the model learns', async () => {
    const other = stepText('other', 'sql', 'part: split.test', 'query: "SELECT x, outcome FROM part"')
    const run = await workspace.run(
      pipelineOf('job', casesStep, split('by: random'), other, train('train: split.train, validation: other.table'))
    )
    expect(run.steps.at(-1)!.failure).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/^The validation rows cannot be used: The table has no column "trait"/)
    })
  })
})

describe('columns that say what a row counts', () => {
  const claims = stepText('claims', 'source', '', 'dataset: claims')
  const ask = (parameters: string): string =>
    pipelineOf('counted', claims, stepText('train', 'train', 'train: claims.table', `${parameters}, parameters: { trees: 5 }, seed: 3`))

  beforeAll(async () => {
    await workspace.addDataset(
      'claims',
      `SELECT i % 9 AS age, 1 + i % 3 AS years, 0.5 + i % 2 AS sample, i % 4 AS number, i % 2 = 0 AS any_claim FROM (SELECT range AS i FROM range(300))`,
      {}
    )
  })

  it('are no features of the model that they are given to', async () => {
    const run = await workspace.run(
      ask('task: regression, objective: poisson, target: number, exclude: [any_claim], weight: sample, exposure: years')
    )
    expect(run.steps.flatMap((step) => step.failure?.message ?? [])).toEqual([])
    const report = (await workspace.pipelines.preview(run.id, 'train', 'report')) as { value: unknown }
    const record = trainedModelSchema.parse(report.value)
    expect([record.features.map(({ name }) => name), record.weight, record.exposure]).toEqual([['age'], 'sample', 'years'])
  })

  it('leave the answers alone when trees are exported for ai.onnx.ml 5', async () => {
    const trained = async (more: string) => {
      const run = await workspace.run(ask(`task: regression, target: number, exclude: [any_claim]${more}`))
      expect(run.steps.flatMap((step) => step.failure?.message ?? [])).toEqual([])
      const report = (await workspace.pipelines.preview(run.id, 'train', 'report')) as { value: unknown }
      return trainedModelSchema.parse(report.value)
    }
    const [old, recent] = [await trained(''), await trained(', onnxMl: "5"')]
    expect(recent.modelDigest).toBe(old.modelDigest)
    expect(recent.files.model.sha256).not.toBe(old.files.model.sha256)
    // The export is held against the trainer row by row, by the operators that it was written with.
    expect(recent.parity).toMatchObject({ rows: 300, maxDifference: old.parity.maxDifference })
    expect(recent.parity.maxDifference).toBeLessThan(1e-6)
  })

  it('are refused where they would be passed over', async () => {
    const problemsOf = async (text: string) => (await workspace.pipelines.validate(text)).problems.map(({ message }) => message)
    expect(await problemsOf(ask('task: multiclass, target: number, exposure: years'))).toContainEqual(
      expect.stringContaining('Only counts and amounts')
    )
    expect(await problemsOf(ask('task: regression, target: number, objective: quantile, algorithm: explainable-boosting'))).toContainEqual(
      expect.stringMatching(/does not answer this question by the objective quantile. Choose gradient-boosting/)
    )
  })

  it('are taken by their roles in Data, through split and evaluation, unless the step names others', async () => {
    const about = { roles: { sample: 'weight', years: 'exposure' } }
    const rows =
      'SELECT i % 9 AS age, 1 + i % 3 AS years, 0.5 + i % 2 AS sample, i % 4 AS number, (i * 7919) % 5 < 2 AS any_claim, 1 + i % 5 AS other'
    await workspace.addDataset('counted', `${rows} FROM (SELECT range AS i FROM range(400))`, about)
    const chain = (name: string, parameters: string): string =>
      pipelineOf(
        name,
        stepText('claims', 'source', '', 'dataset: counted'),
        stepText('split', 'split', 'table: claims.table', 'test: 0.4'),
        stepText('train', 'train', 'train: split.train', `${parameters}, parameters: { trees: 5 }, seed: 3`),
        stepText('judge', 'evaluate', 'model: train.model, test: split.test', 'bootstrapSamples: 100, latencyCalls: 5')
      )
    const documents = async (text: string) => {
      const run = await workspace.run(text)
      expect(run.steps.flatMap((step) => step.failure?.message ?? [])).toEqual([])
      const [report, evaluation] = [
        (await workspace.pipelines.preview(run.id, 'train', 'report')) as { value: unknown },
        (await workspace.pipelines.preview(run.id, 'judge', 'evaluation')) as { value: unknown }
      ]
      return { record: trainedModelSchema.parse(report.value), evaluation: evaluationSchema.parse(evaluation.value) }
    }
    const yes = await documents(chain('yes', 'target: any_claim, exclude: [number]'))
    expect([yes.record.features.map(({ name }) => name), yes.record.weight, yes.record.exposure]).toEqual([
      ['age', 'other'],
      'sample',
      undefined
    ])
    expect(yes.record.columnRoles!.leftOut).toEqual([
      { name: 'years', reason: 'exposure' },
      { name: 'sample', reason: 'weight' }
    ])
    expect(yes.evaluation).toMatchObject({ effectiveRows: expect.any(Number), weightedConfusion: expect.any(Object) })
    const named = await documents(
      chain('named', 'task: regression, objective: poisson, target: number, exclude: [any_claim], weight: other')
    )
    expect([named.record.features.map(({ name }) => name), named.record.weight, named.record.exposure]).toEqual([['age'], 'other', 'years'])
  })

  it('are asked for by name where two have the role, and are no features by name', async () => {
    await workspace.addDataset('twice', 'SELECT range AS x, range % 2 AS y, range + 1 AS a, range + 2 AS b FROM range(60)', {
      roles: { a: 'weight', b: 'weight', y: 'target' }
    })
    const problemsOf = async (parameters: string) =>
      (
        await workspace.pipelines.validate(
          pipelineOf('two', stepText('twice', 'source', '', 'dataset: twice'), stepText('train', 'train', 'train: twice.table', parameters))
        )
      ).problems.map(({ message }) => message)
    expect(await problemsOf('target: y')).toEqual([
      '"a" and "b" have the role weight in Data, and rows can count by one of them. Name it with weight: a, or change the roles in Data.'
    ])
    expect(await problemsOf('target: y, weight: b')).toEqual([])
    expect(await problemsOf('target: y, weight: b, features: [x, a]')).toEqual([expect.stringContaining('is what rows count by')])
  })
})
