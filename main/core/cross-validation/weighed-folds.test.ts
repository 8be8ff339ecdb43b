import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { taskOf } from '../../model/tasks'
import type { CrossValidation } from '../../model/cross-validation'
import { setWorkerDirectory } from '../jobs'
import { uniformStream, writeArrow } from '../training/fixtures/synthetic'
import { evaluateModel, trainModel } from '../training'
import { divideRows, prepareRows } from './prepare-rows'
import { crossValidate, type CrossValidationRequest } from './index'

let folder: string
beforeAll(async () => {
  setWorkerDirectory(inject('programs'))
  folder = await mkdtemp(join(tmpdir(), 'weighed-folds-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const ROWS = 300
/** Rows with a number, a category, weights, a time at risk, and an outcome of each kind. */
function rowsOf() {
  const uniform = uniformStream(77)
  const columns = { x: [] as number[], kind: [] as string[], w: [] as number[], years: [] as number[] }
  const outcomes = { ill: [] as string[], species: [] as string[], claims: [] as number[] }
  for (let row = 0; row < ROWS; row++) {
    const [x, kind, noise, years] = [uniform() * 4, ['n', 's', 'e'][Math.floor(uniform() * 3)]!, uniform(), 0.2 + uniform()]
    columns.x.push(x)
    columns.kind.push(kind)
    columns.w.push(0.5 + Math.floor(uniform() * 4))
    columns.years.push(years)
    outcomes.ill.push(x + noise * 3 > 5 ? 'yes' : 'no')
    outcomes.species.push(['oak', 'pine', 'elm'][Math.min(2, Math.floor((x + noise * 2) / 2.1))]!)
    outcomes.claims.push(Math.floor(years * x * noise * 2))
  }
  return { ...columns, ...outcomes }
}
type Rows = ReturnType<typeof rowsOf>
const pick = (rows: Rows, from: ArrayLike<number>): Rows =>
  Object.fromEntries(Object.entries(rows).map(([name, cells]) => [name, Array.from(from, (row) => cells[row]!)])) as Rows

const cases: [string, Partial<CrossValidationRequest>][] = [
  ['a yes or no, balanced', { task: 'binary', target: 'ill', positive: 'yes', classWeights: 'balanced', algorithm: 'logistic-regression' }],
  [
    'a yes or no, balanced over weighted rows',
    {
      task: 'binary',
      target: 'ill',
      positive: 'yes',
      classWeights: 'balanced',
      weight: 'w',
      algorithm: 'gradient-boosting',
      parameters: { trees: 12 }
    }
  ],
  ['classes, as asked', { task: 'multiclass', target: 'species', classWeights: { elm: 4, oak: 0.5 }, algorithm: 'logistic-regression' }],
  [
    'counts over years, weighted',
    { task: 'regression', target: 'claims', objective: 'poisson', weight: 'w', exposure: 'years', algorithm: 'generalised-linear-model' }
  ]
]

describe('folds that count rows by class, weight and exposure', () => {
  it.each(cases)('are what a train step and an evaluation of each fold by hand come to: %s', async (_, asked) => {
    const rows = rowsOf()
    const table = await writeArrow(join(folder, 'all.arrow'), rows)
    const request = {
      ...{ table, tableSha256: 'a'.repeat(64), features: ['x', 'kind'], parameters: {}, candidates: [], innerFolds: 3, seed: 3 },
      holdBack: { by: 'random', column: null },
      design: { by: 'stratified', column: null, folds: 3, repeats: 1, gap: '0', history: null },
      ...asked
    } as unknown as CrossValidationRequest
    const document: CrossValidation = await crossValidate(request, { scores: join(folder, 'scores.arrow'), memory: 2 ** 32, processes: 1 })
    expect(document.classWeights).toEqual(asked.classWeights)
    expect(document.methods.classWeights !== undefined).toBe(asked.classWeights !== undefined)
    const prepared = await prepareRows(request)
    const folds = divideRows(prepared, prepared.design)
    expect(folds).toHaveLength(3)
    for (const [at, { training, test }] of folds.entries()) {
      const outputDirectory = await mkdtemp(join(folder, 'by-hand-'))
      const train = await writeArrow(join(outputDirectory, 'train.arrow'), pick(rows, training))
      const held = await writeArrow(join(outputDirectory, 'test.arrow'), pick(rows, test))
      const { task, target, features, algorithm, seed, holdBack } = request
      const counted = { weight: asked.weight, exposure: asked.exposure }
      const record = await trainModel({
        ...{ ...counted, ...asked, table: train, task, target, features, algorithm, seed, holdBack, outputDirectory },
        parameters: request.parameters
      })
      const evaluation = await evaluateModel({
        ...{ table: held, model: join(outputDirectory, 'model.onnx'), signature: join(outputDirectory, 'signature.json') },
        ...{ weight: asked.weight, seed, bootstrapSamples: 0, importanceBudget: 0, latencyCalls: 1 },
        trainingRate: taskOf({ task }).trainingRate(record.rows)
      })
      const own = taskOf({ task }).metricsOf(evaluation)
      let compared = 0
      for (const [name, value] of Object.entries(document.folds[at]!.metrics)) {
        const byHand = own[name]
        if (byHand === undefined || value === null) continue
        // The figures by hand are those of the exported graph, whose scores are single precision.
        expect(Math.abs(value - byHand), `${name} of fold ${at + 1}: ${value}, by hand ${byHand}`).toBeLessThan(
          2e-5 * Math.max(1, Math.abs(byHand))
        )
        compared++
      }
      expect(compared).toBeGreaterThan(5)
    }
  })
})
