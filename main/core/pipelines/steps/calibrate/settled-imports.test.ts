import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { calibrationRecordSchema } from '../../../../model/calibration'
import { classDecisionRecordSchema } from '../../../../model/class-decision'
import { intervalsRecordSchema } from '../../../../model/conformal'
import { decidedCosts, decidedThreshold, thresholdRecordSchema } from '../../../../model/decision'
import { evaluationSchema } from '../../../../model/evaluation'
import { modelSignatureSchema } from '../../../../model/training'
import { casesStep, evaluateStep, pipelineOf, stepText } from '../../fixtures/pipeline-texts'
import { openPipelineWorkspace, temporaryFolder, type PipelineWorkspace } from '../../fixtures/pipeline-workspace'

const fixtures = join(__dirname, '..', '..', '..', 'imported-models', 'fixtures')
let folder: ReturnType<typeof temporaryFolder>
let workspace: PipelineWorkspace
beforeAll(async () => {
  folder = temporaryFolder()
  workspace = await openPipelineWorkspace(folder.path)
  const csv = join(folder.path, 'data', 'loans.csv')
  copyFileSync(join(fixtures, 'loans.csv'), csv)
  await workspace.addDataset('cases', `SELECT * FROM read_csv('${csv}', types = {'default': 'VARCHAR'})`)
  for (const name of ['logistic-zipmap', 'forest-classes', 'linear-amount'])
    copyFileSync(join(fixtures, `${name}.onnx`), join(folder.path, 'code', `${name}.onnx`))
})
afterAll(async () => {
  await workspace.close()
  folder.remove()
})

/** A model of scikit-learn, what is settled of it on rows of its own, and its evaluation on others. */
const settled = (file: string, target: string, last: string, ...steps: string[]): string =>
  pipelineOf(
    'settled',
    casesStep,
    stepText('apart', 'split', 'table: cases.table', 'test: 0.6, seed: 1'),
    stepText('kept', 'split', 'table: apart.test', 'test: 0.5, seed: 2'),
    stepText('taken', 'import-model', 'rows: apart.train', `file: ${file}.onnx, target: ${target}, columns: [income, age, debt]`),
    ...steps,
    evaluateStep('bootstrapSamples: 50, latencyCalls: 5', last).replace('split.test', 'apart.train')
  )

/** Documents of the newest run that was evaluated. */
async function documentsOf(text: string) {
  const run = await workspace.run(text)
  expect(run.steps.flatMap((step) => (step.failure ? [`${step.stepId}: ${step.failure.message}`] : []))).toEqual([])
  const made = workspace.experiments
    .runs({})
    .runs.map(({ id }) => workspace.experiments.run(id))
    .find(({ artifacts }) => artifacts.some(({ kind }) => kind === 'evaluation'))!
  expect(made.artifacts.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['model', 'signature', 'import']))
  const read = async (name: string): Promise<unknown> => {
    const { sha256 } = made.artifacts.find((each) => each.name === name)!
    return JSON.parse((await workspace.context.objects.read(sha256)).toString('utf8'))
  }
  const signature = modelSignatureSchema.parse(await read('signature.json'))
  return { read, signature, evaluation: evaluationSchema.parse(await read('evaluation.json')) }
}

it('calibrates, decides and gives sets to a yes or no of scikit-learn, with its map of classes laid flat', async () => {
  const { read, signature, evaluation } = await documentsOf(
    settled(
      'logistic-zipmap',
      'default',
      'conform.model',
      stepText('calibrate', 'calibrate', 'model: taken.model, rows: kept.train', 'method: platt'),
      stepText('decide', 'decide', 'model: calibrate.model, rows: kept.test', 'by: cost, falseAlarm: 1, missed: 5'),
      stepText('conform', 'conform', 'model: decide.model, rows: kept.test', 'coverage: 0.8')
    )
  )
  const calibration = calibrationRecordSchema.parse(await read('calibration.json'))
  const decision = thresholdRecordSchema.parse(await read('decision.json'))
  const intervals = intervalsRecordSchema.parse(await read('intervals.json'))
  // The graph gives what the correction says of the probabilities of scikit-learn, on every row.
  expect(calibration.parity).toMatchObject({ rows: calibration.rows.used })
  expect(calibration.parity.maxDifference).toBeLessThan(1e-6)
  expect([decision.original, intervals.model]).toEqual([calibration.model, decision.model])
  expect(decidedThreshold(signature)).toBe(decision.threshold)
  expect('threshold' in evaluation && evaluation.threshold).toBe(decision.threshold)
  expect(evaluation.intervals).toMatchObject({ score: 'lac', promised: 0.8, rows: evaluation.rows.judged })
})

it('calibrates, decides by costs and gives sets to a forest of several classes', async () => {
  const { read, signature, evaluation } = await documentsOf(
    settled(
      'forest-classes',
      'band',
      'conform.model',
      stepText('calibrate', 'calibrate', 'model: taken.model, rows: kept.train'),
      stepText('decide', 'decide', 'model: calibrate.model, rows: kept.test', 'by: cost, costs: { high: { low: 9 } }'),
      stepText('conform', 'conform', 'model: decide.model, rows: kept.test', 'score: aps, coverage: 0.8')
    )
  )
  const decision = classDecisionRecordSchema.parse(await read('decision.json'))
  expect(calibrationRecordSchema.parse(await read('calibration.json'))).toMatchObject({ method: 'temperature', model: decision.original })
  expect(decidedCosts(signature)).toEqual(decision.rule.costs)
  expect(evaluation.task === 'multiclass' && evaluation.decision?.costs).toEqual(decision.rule.costs)
  expect(evaluation.intervals?.parts.map(({ name }) => name).sort()).toEqual(decision.rows.classes.map(({ name }) => name).sort())
})

it('puts intervals around the amounts of a linear model', async () => {
  const { read, evaluation } = await documentsOf(
    settled(
      'linear-amount',
      'loss',
      'conform.model',
      stepText('conform', 'conform', 'model: taken.model, rows: kept.train', 'score: absolute, coverage: 0.8')
    )
  )
  const { intervals } = intervalsRecordSchema.parse(await read('intervals.json'))
  expect(evaluation.intervals!.size).toBeCloseTo(2 * intervals.quantile, 6)
  expect(evaluation.intervals!.verdict).toBe('held')
})
