import type { BinaryEvaluation } from '../../model/evaluation'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgeScores } from '../tasks/binary/judge'
import { evaluateModel, trainModel } from './index'
import type { LinearModel } from './linear/linear-model'
import { readNativeModel } from './native-model'
import reference from './fixtures/reference.json'
import { syntheticRows, uniformStream, writeArrow } from './fixtures/synthetic'

const judgeBinary = evaluateModel as (options: Parameters<typeof evaluateModel>[0]) => Promise<BinaryEvaluation>

let folder: string
let trainTable: string
let testTable: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reference-'))
  trainTable = await writeArrow(join(folder, 'train.arrow'), { ...syntheticRows(2000, 11) })
  testTable = await writeArrow(join(folder, 'test.arrow'), { ...syntheticRows(2000, 12) })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('against scikit-learn (fixtures/make-reference.py)', () => {
  it('draws the same rows', () => {
    const { load, damaged } = syntheticRows(2000, 11)
    expect(load.reduce((sum, value) => sum + value, 0)).toBeCloseTo(reference.checksum, 8)
    expect(damaged.filter(Boolean)).toHaveLength(reference.positives)
  })

  it('finds the weights of its logistic regression to six digits and its test figures', async () => {
    const outputDirectory = join(folder, 'logistic')
    const parameters = { l2: reference.logistic.l2, tolerance: 1e-9 }
    const trained = await trainModel({
      table: trainTable,
      target: 'damaged',
      algorithm: 'logistic-regression',
      parameters,
      seed: 1,
      outputDirectory
    })
    expect(trained.stopped).toBe('converged')
    const native = await readNativeModel(join(outputDirectory, 'model.json'))
    const model = native.model as LinearModel
    const found: Record<string, number> = {}
    native.features.forEach((feature, index) => {
      const term = model.terms[index]!
      if (term.type === 'number') {
        found[feature.name] = term.weight
        if (feature.missingShare > 0) found[`${feature.name} missing`] = term.missingWeight
      } else {
        feature.kept.forEach((category, code) => (found[category] = term.weights[code]!))
        found[`${feature.name} missing`] = term.weights[feature.kept.length + 1]!
      }
    })
    expect(Object.keys(found).sort()).toEqual(Object.keys(reference.logistic.weights).sort())
    for (const [name, weight] of Object.entries(reference.logistic.weights)) expect(found[name], name).toBeCloseTo(weight, 6)
    expect(model.intercept).toBeCloseTo(reference.logistic.intercept, 6)
    const evaluation = await judgeBinary({
      model: join(outputDirectory, 'model.onnx'),
      table: testTable,
      seed: 1,
      bootstrapSamples: 0,
      latencyCalls: 10
    })
    for (const [key, value] of Object.entries(reference.logistic.test))
      expect(evaluation.metrics[key as keyof typeof evaluation.metrics]!.value, key).toBeCloseTo(value, 5)
  })

  it('boosts as well as its histogram gradient boosting', async () => {
    const outputDirectory = join(folder, 'boosting')
    await trainModel({
      table: trainTable,
      target: 'damaged',
      algorithm: 'gradient-boosting',
      parameters: { trees: 100 },
      seed: 1,
      outputDirectory
    })
    const { metrics } = await judgeBinary({
      model: join(outputDirectory, 'model.onnx'),
      table: testTable,
      seed: 1,
      bootstrapSamples: 0,
      latencyCalls: 10
    })
    expect(metrics.auc.value!).toBeGreaterThan(reference.boosting.test.auc - 0.006)
    expect(metrics.log_loss.value!).toBeLessThan(reference.boosting.test.log_loss + 0.02)
  })

  it('computes the same figures from the same scores', async () => {
    const uniform = uniformStream(99)
    const scores = new Float64Array(500)
    const labels = new Uint8Array(500)
    for (let row = 0; row < 500; row++) {
      scores[row] = (Math.floor(uniform() * 40) / 40) * 0.96 + 0.02
      labels[row] = uniform() < scores[row]! * scores[row]! ? 1 : 0
    }
    const { metrics } = await judgeScores(labels, scores, { threshold: 0.5, bootstrapSamples: 0, seed: 1 })
    for (const [key, value] of Object.entries(reference.fixedScores))
      expect(metrics[key as keyof typeof metrics]!.value, key).toBeCloseTo(value, 10)
  })
})
