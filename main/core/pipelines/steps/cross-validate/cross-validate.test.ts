import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { crossValidationSchema } from '../../../../model/cross-validation'
import { trainedModelSchema } from '../../../../model/training'
import { casesStep, pipelineOf, stepText } from '../../fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from '../../fixtures/pipeline-workspace'

let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  // 40 patients of ten visits, one a day; half of the outcome is the patient's own.
  await workspace.addDataset(
    'cases',
    `SELECT 'p' || (i % 40) AS patient, DATE '2024-01-01' + CAST(i // 4 AS INTEGER) AS day, (i * 7919 % 1000) / 1000.0 AS x,
       CAST('0x' || substr(md5('p' || i % 40), 1, 4) AS INTEGER) / 65536.0 AS trait,
       (i * 7919 % 1000) / 1000.0 + CAST('0x' || substr(md5('n' || i), 1, 4) AS INTEGER) / 65536.0 > 0.9 AS outcome
     FROM (SELECT range AS i FROM range(400))`,
    { roles: { outcome: 'target', patient: 'group', day: 'time' } }
  )
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

const question = 'target: outcome, exclude: [patient, day], algorithm: logistic-regression, seed: 3'
const judge = (more = ''): string => stepText('judge', 'cross-validate', 'table: cases.table', question + more)
const fit = (more = ''): string => stepText('train', 'train', 'train: cases.table, cross_validation: judge.report', question + more)

const problemsOf = async (...steps: string[]): Promise<string[]> => {
  const { steps: done } = await workspace.run(pipelineOf('job', casesStep, ...steps))
  return done.flatMap((step) => step.failure?.message ?? [])
}
const documentOf = async (run: string, step: string, port: string): Promise<unknown> =>
  ((await workspace.pipelines.preview(run as never, step, port)) as { value: unknown }).value

describe('a cross-validation and its final fit', () => {
  it('are two runs: the figures of the one stay with the other, which takes the settings that were chosen', async () => {
    const made = await workspace.run(pipelineOf('job', casesStep, judge(', candidates: [{ l2: 100000 }, { l2: 1 }], folds: 4'), fit()))
    expect(made.steps.flatMap((step) => step.failure?.message ?? [])).toEqual([])
    const document = crossValidationSchema.parse(await documentOf(made.id, 'judge', 'report'))
    // By the role of the column, like a split.
    expect(document.design).toMatchObject({ by: 'group', column: 'patient', folds: 4 })
    expect(document.folds[0]!.groups).toEqual({ training: 30, test: 10 })
    expect(document.features).toEqual(['x', 'trait'])
    expect(document.chosen).toMatchObject({ candidate: 2, parameters: { l2: 1 } })
    const scores = made.steps.find(({ stepId }) => stepId === 'judge')!.outputs.find(({ port }) => port === 'scores')!
    expect(scores).toMatchObject({ type: 'Table', rows: 400, sha256: document.outOfFold.sha256 })

    const runs = workspace.experiments.runs({}).runs.map(({ id }) => workspace.experiments.run(id))
    const [judged] = runs.filter(({ artifacts }) => artifacts.some(({ kind }) => kind === 'out-of-fold'))
    const [fitted] = runs.filter(({ artifacts }) => artifacts.some(({ kind }) => kind === 'model'))
    expect(judged!.id).not.toBe(fitted!.id)
    const { mean, lower, upper } = document.summary['auc']!
    for (const run of [judged!, fitted!]) {
      expect(run.metrics['cv_auc']).toEqual({ value: mean, low: lower, high: upper })
      expect(await workspace.experiments.crossValidation(run.id)).toEqual(document)
    }
    expect(fitted!.inputs).toContainEqual(
      expect.objectContaining({ role: 'cross-validation', sha256: expect.any(String), reference: expect.stringContaining('judge.report') })
    )
    expect(trainedModelSchema.parse(await documentOf(made.id, 'train', 'report')).parameters).toMatchObject({ l2: 1 })
  })

  it('hold rows back to stop the training in the same way, whatever the roles say', async () => {
    const boosted = (more: string): string => `${question.replace('logistic-regression', 'gradient-boosting')}${more}`
    const made = await workspace.run(
      pipelineOf(
        'job',
        casesStep,
        stepText('judge', 'cross-validate', 'table: cases.table', boosted(', by: time, column: day, folds: 2, parameters: { trees: 10 }')),
        stepText('train', 'train', 'train: cases.table, cross_validation: judge.report', boosted('')),
        stepText('other', 'sql', 'rows: cases.table', 'query: "SELECT * REPLACE (x / 2 AS x, trait / 2 AS trait) FROM rows"'),
        stepText('calibrate', 'calibrate', 'model: train.model, rows: other.table'),
        stepText('conform', 'conform', 'model: train.model, rows: other.table')
      )
    )
    expect(made.steps.flatMap((step) => step.failure?.message ?? [])).toEqual([])
    expect(trainedModelSchema.parse(await documentOf(made.id, 'train', 'report')).heldOut).toEqual({
      from: 'training table',
      by: 'time',
      column: 'day'
    })
    expect(crossValidationSchema.parse(await documentOf(made.id, 'judge', 'report')).design.kind).toBe('timestamp')
    // Other probabilities are another model than was judged; intervals around the same ones are not.
    const names = workspace.experiments.runs({}).runs.map(({ id }) => workspace.experiments.run(id).artifacts.map(({ name }) => name))
    const kept = (record: string): boolean => names.find((own) => own.includes(record))!.includes('cross-validation.json')
    expect([kept('calibration.json'), kept('intervals.json')]).toEqual([false, true])
  })

  it('are held apart where the fit is another than what was judged', async () => {
    expect(await problemsOf(judge(), fit(', features: [x]'))).toEqual([
      'The cross-validation judged the features x, trait, and this step learns from x. Give both steps the same, or disconnect it.'
    ])
    expect(await problemsOf(judge(), fit(', parameters: { l2: 3 }'))).toEqual([
      'The cross-validation judged l2 none, and this step has 3. Take that setting out here, or disconnect it.'
    ])
    const part = stepText('part', 'split', 'table: cases.table', 'test: 0.2, by: roles')
    const other = stepText('train', 'train', 'train: part.train, cross_validation: judge.report', question)
    expect(await problemsOf(judge(), part, other)).toEqual([
      'The cross-validation judged other rows than this step learns from. Connect the same table to both, or disconnect it.'
    ])
  })
})

describe('folds that cannot be', () => {
  it('are refused before the run where the text says so', async () => {
    const { problems } = await workspace.pipelines.validate(
      pipelineOf(
        'job',
        casesStep,
        judge(', by: time, repeats: 2, candidates: [{ l2: 1, trees: 3 }], metric: auc'),
        stepText('again', 'cross-validate', 'table: cases.table', `${question}, by: stratified, gap: 3 days, column: day`)
      )
    )
    expect(problems.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('Candidate 1: logistic-regression has no setting "trees"'),
        'One candidate leaves nothing to choose. Name two or more, or write its settings above.',
        'Folds by time need the column.',
        'Windows in time come out the same each time. Take the repeats out.',
        'Folds by stratified take no column. Choose group or time, or take it out.',
        'A gap goes with folds by time only.'
      ])
    )
    const { problems: advice } = await workspace.pipelines.validate(pipelineOf('job', casesStep, judge(', by: stratified')))
    expect(advice).toMatchObject([{ severity: 'warning', message: expect.stringContaining('"patient" has the role group in Data') }])
  })

  it('are told by column, cause and next step where only the rows say so, and leave a failed run', async () => {
    expect(await problemsOf(judge(', folds: 60'))).toEqual([
      'The column "patient" has 40 groups, fewer than the 60 folds. Ask for at most 40 folds, or bring rows of more groups.'
    ])
    expect(await problemsOf(judge(', by: time, column: day, gap: 1 week, folds: 20'))).toEqual([
      'Window 1 of 20 in "day" has no rows to learn from: all earlier rows are within the gap of 7 days. Choose a shorter gap or fewer windows.'
    ])
    expect(await problemsOf(judge(', gap: 3 days'))).toEqual([
      'A gap goes with folds by time, and by the roles of the columns these are by groups of "patient". Set by: time and the column, or take the gap out.'
    ])
    expect(workspace.experiments.runs({}).runs.filter(({ status }) => status === 'failed').length).toBeGreaterThanOrEqual(3)
  })
})
