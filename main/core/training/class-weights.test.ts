import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClassWeights } from '../../model/class-weights'
import { algorithmsFor, algorithmSchema } from '../../model/training'
import reference from './fixtures/class-weights.json'
import { syntheticRows, writeArrow } from './fixtures/synthetic'
import { readSignature, scoreTable, trainModel } from './index'
import type { TrainOptions } from './train-options'

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'class-weights-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

const train = async (each: (typeof reference.cases)[number], classWeights: unknown, more: object = {}) => {
  const outputDirectory = await mkdtemp(join(folder, 'model-'))
  const { a, b, outcome, weights } = each
  const table = await writeArrow(join(outputDirectory, 'train.arrow'), { a, b, outcome, ...(weights && { w: weights }) })
  const record = await trainModel({
    ...{ table, target: 'outcome', outputDirectory, seed: 1, algorithm: 'logistic-regression' },
    ...(each.classes.length > 2 ? { task: 'multiclass' as const } : { positive: 'yes' }),
    ...(weights && { weight: 'w' }),
    parameters: { l2: 0, tolerance: 1e-10 },
    classWeights: classWeights as ClassWeights,
    ...more
  })
  return { record, table, model: join(outputDirectory, 'model.onnx'), signature: join(outputDirectory, 'signature.json') }
}

describe('class weights', () => {
  it.each(reference.cases.map((each) => [each.name, each] as const))(
    'are those of scikit-learn, and so are the probabilities: %s (fixtures/make-class-weights.py)',
    async (_, each) => {
      const { record, table, model, signature } = await train(each, each.asked)
      for (const { class: value, weight } of record.classWeights!.used)
        expect(weight, String(value)).toBeCloseTo(each.used[each.classes.indexOf(String(value))]!, 12)
      const { scores } = await scoreTable({ table, model, signature })
      const width = (await readSignature(model, signature)).task === 'binary-classification' ? 1 : each.classes.length
      for (const [row, wanted] of each.probabilities.entries()) {
        const found = width === 1 ? [1 - scores[row]!, scores[row]!] : [...scores.subarray(row * width, (row + 1) * width)]
        for (const [place, value] of wanted.entries()) expect(Math.abs(found[place]! - value), `row ${row}`).toBeLessThan(2e-5)
      }
    }
  )

  it('count in the fit only: what rows held back say of it is as without them', async () => {
    const [each] = reference.cases
    const more = { algorithm: 'gradient-boosting', parameters: { minRowsPerLeaf: 5 } }
    const [weighed, plain] = [await train(each!, { yes: 5 }, more), await train(each!, undefined, more)]
    expect(weighed.record.heldOut).toEqual(plain.record.heldOut)
    const stated = ({ record }: typeof plain) => {
      const { rate, log_loss } = record.baseline as { rate: number; log_loss: number }
      return { rate, log_loss }
    }
    expect(stated(weighed)).toEqual(stated(plain))
    expect(weighed.record.history.at(-1)!.trainingLoss).not.toBe(plain.record.history.at(-1)!.trainingLoss)
  })

  it('are weights of rows to every trainer of classes, with and without a validation table: the same model, bit for bit', async () => {
    const { load, count, phase, noise } = syntheticRows(400, 5)
    const kinds = (classes: number): string[] =>
      load.map((each, row) => ['a', 'b', 'c'][Math.floor((each + noise[row]! * 3 + count[row]! / 20) * 0.29) % classes]!)
    const weightOf: Record<string, number> = { a: 0.5, b: 3, c: 2 }
    const digest = async (classes: number, more: Partial<TrainOptions> & Pick<TrainOptions, 'algorithm'>, isConnected: boolean) => {
      const outputDirectory = await mkdtemp(join(folder, 'model-'))
      const outcome = kinds(classes)
      const columns = { load, count, phase, outcome, w: outcome.map((each) => weightOf[each]!) }
      const table = await writeArrow(join(outputDirectory, 'train.arrow'), columns)
      const watching = Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, cells.slice(0, 120)])) as typeof columns
      const validation = isConnected ? await writeArrow(join(outputDirectory, 'validation.arrow'), watching) : undefined
      const record = await trainModel({
        ...{ table, validation, target: 'outcome', outputDirectory, seed: 1, features: ['load', 'count', 'phase'] },
        ...(classes > 2 ? { task: 'multiclass' as const } : { positive: 'b' }),
        ...more
      })
      return record.modelDigest
    }
    const taking = algorithmSchema.options.flatMap((algorithm) =>
      ([2, 3] as const).flatMap((classes) =>
        algorithmsFor(classes > 2 ? 'multiclass' : 'binary').includes(algorithm) ? [[algorithm, classes] as const] : []
      )
    )
    expect(taking.length).toBe(7)
    for (const [algorithm, classes] of taking)
      for (const isConnected of [false, true]) {
        const parameters =
          algorithm === 'gradient-boosting' ? { trees: 8 } : algorithm === 'explainable-boosting' ? { rounds: 8, pairs: 0 } : {}
        const of = (more: Partial<TrainOptions>) => digest(classes, { algorithm, parameters, ...more }, isConnected)
        const weighed = await of({ classWeights: classes > 2 ? weightOf : { a: 0.5, b: 3 } })
        const what = `${algorithm}, ${classes} classes${isConnected ? ', validation table' : ''}`
        expect(weighed, what).toBe(await of({ weight: 'w' }))
        expect(weighed, what).not.toBe(await of({}))
      }
  })

  it('that name no class, leave only one, or meet an amount are refused with what to do', async () => {
    const [each] = reference.cases
    await expect(train(each!, { yess: 2 })).rejects.toThrow(
      '"yess", which the target "outcome" does not have. It has: "no", "yes". Did you mean'
    )
    await expect(train(each!, { no: 0 })).rejects.toThrow('fewer than two classes of the target "outcome"')
    await expect(train(each!, 'balanced', { task: 'regression', target: 'a' })).rejects.toThrow(
      'The target "a" is an amount and has no classes to weigh. Take the class weights out'
    )
  })
})
