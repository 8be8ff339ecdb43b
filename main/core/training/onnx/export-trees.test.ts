import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import type { BoostedTrees } from '../boosting/tree'
import { encodeFeatures } from '../features'
import { randomModel } from '../fixtures/random-model'
import type { Frame } from '../../frames'
import { predictNative, type NativeModel } from '../native-model'
import { Random } from '../../numerics'
import { exportOnnx } from './export-model'
import { inputNames } from './graph-builder'

const rows = 40

/** What an exported model states for the rows of a frame. */
async function score(native: NativeModel, frame: Frame, treeOperators: 3 | 5): Promise<Float32Array> {
  const session = await InferenceSession.create(exportOnnx(native, 'trees', {}, treeOperators))
  const names = inputNames(native.features.map(({ name }) => name))
  const feeds = native.features.map(({ name, precision }, index) => {
    const column = frame.columns.get(name)!
    const cells =
      column.kind === 'category'
        ? new Tensor(
            'string',
            Array.from(column.codes, (code) => (code < 0 ? '' : column.categories[code]!)),
            [rows, 1]
          )
        : precision === 'double'
          ? new Tensor('float64', column.values, [rows, 1])
          : new Tensor('float32', Float32Array.from(column.values), [rows, 1])
    return [names[index]!, cells] as const
  })
  const outputs = await session.run(Object.fromEntries(feeds))
  await session.release()
  return (outputs.probabilities ?? outputs.prediction)!.data as Float32Array
}

/** The same trees as a model of three classes, or of an amount. */
function asObjective(native: NativeModel, objective: NativeModel['objective']): NativeModel {
  const model = native.model as BoostedTrees
  if (objective?.name !== 'softmax') return { ...native, ...(objective && { objective }) }
  const trees = Array.from({ length: Math.ceil(model.trees.length / 3) * 3 }, (_, at) => model.trees[at % model.trees.length]!)
  return { ...native, objective, model: { ...model, trees, base: [0.25, -0.5, 0] } }
}

describe('exported trees', () => {
  it.each([undefined, { name: 'softmax', classes: 3 }, { name: 'squared' }, { name: 'poisson' }] as const)(
    'give equal results by the operators of ai.onnx.ml 3 and 5, and those of the predictor: %o',
    async (objective) => {
      let sets = 0
      for (let seed = 1; seed <= 12; seed++) {
        const drawn = randomModel(new Random(seed), 'gradient-boosting', rows)
        const native = asObjective(drawn.native, objective)
        const [old, recent] = [await score(native, drawn.frame, 3), await score(native, drawn.frame, 5)]
        expect(
          Buffer.from(recent.buffer, recent.byteOffset, recent.byteLength).equals(Buffer.from(old.buffer, old.byteOffset, old.byteLength)),
          `seed ${seed}`
        ).toBe(true)
        const own = predictNative(native, encodeFeatures(drawn.frame, native.features))
        const stated = objective ? old : old.filter((_, at) => at % 2 === 1)
        own.forEach((value, at) => expect(Math.abs(stated[at]! - value)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value))))
        sets += (native.model as BoostedTrees).sets.length
      }
      expect(sets).toBeGreaterThan(20)
    }
  )
})
