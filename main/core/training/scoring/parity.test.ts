import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeFeatures } from '../features'
import { randomModel } from '../fixtures/random-model'
import { selectRows } from '../../frames'
import { predictNative, type NativeModel } from '../native-model'
import { exportOnnx } from '../onnx/export-model'
import { Random } from '../../numerics'
import { deriveSignature } from '../signature'
import { assertParity } from './parity'
import { scoreFrame } from './score-table'
import { Scorer } from './scorer'
import { sweep } from '../../../testing/deep'

let folder: string
let path: string
let scorer: Scorer | undefined
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parity-'))
  path = join(folder, 'model.onnx')
})
afterAll(async () => {
  await scorer?.close()
  await rm(folder, { recursive: true, force: true })
})

const rows = 48

/** One process scores all models, one after the other. */
async function load(native: NativeModel) {
  await writeFile(path, exportOnnx(native, 'random', {}))
  const outcome = { task: 'binary-classification', target: { name: 'y', positive: 1, negatives: [0] }, label: '', probability: '' } as const
  const signature = deriveSignature(native.algorithm, native.features, { ...outcome, target: { ...outcome.target, negatives: [0] } }, 1, {})
  const inputs = signature.inputs.map((input) => input.input)
  if (scorer) await scorer.load(path, inputs)
  else scorer = await Scorer.start(path, inputs)
  return { signature, scorer }
}

describe('native predictor against ONNX Runtime', () => {
  it.each(['gradient-boosting', 'logistic-regression', 'explainable-boosting', 'scorecard'] as const)(
    '%s: random schemas and models, rows on the borders',
    async (algorithm) => {
      let decidedByRounding = 0
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 - 1 }), async (seed) => {
          const { native, frame, borders } = randomModel(new Random(seed), algorithm, rows)
          const loaded = await load(native)
          const { maxDifference } = await assertParity(native, loaded.scorer, loaded.signature, frame)
          expect(maxDifference).toBeLessThan(1e-6)
          // A row gets the same alone as among others.
          const alone = selectRows(frame, Uint32Array.of(seed % rows))
          const { scores } = await scoreFrame(loaded.scorer, loaded.signature, alone)
          const own = predictNative(native, encodeFeatures(frame, native.features))[seed % rows]!
          expect(Math.abs(scores[0]! - own)).toBeLessThan(1e-6)
          for (const column of frame.columns.values())
            if (column.kind !== 'category')
              for (const value of column.values)
                if (borders.some((border) => value <= border !== Math.fround(value) <= border)) decidedByRounding++
        }),
        sweep(20, 600)
      )
      // Values whose branch differs between float64 and float32 did occur: both sides round before they compare.
      if (algorithm !== 'logistic-regression') expect(decidedByRounding).toBeGreaterThan(100)
    }
  )

  it('sends a value that rounds onto a border left, on both sides', async () => {
    const border = Math.fround(0.1)
    const tree = {
      feature: [0, -1, -1],
      threshold: [border, 0, 0],
      set: [-1, -1, -1],
      missingLeft: [0, 0, 0] as (0 | 1)[],
      left: [1, 0, 0],
      right: [2, 0, 0],
      value: [0, -2, 2],
      rows: [0, 0, 0],
      gain: [0, 0, 0]
    }
    const feature = { name: 'x', kind: 'number' as const, missingShare: 0, min: 0, max: 1, kept: [], hasOther: false, categoryCount: 0 }
    const native: NativeModel = {
      schema: 'drydock.native-model',
      version: 1,
      algorithm: 'gradient-boosting',
      features: [feature],
      model: { base: 0, trees: [tree], sets: [] }
    }
    // Above the border in float64, equal to it in float32; then the next float32, and a missing value.
    const values = Float64Array.of(border, border + 1e-12, border + 1e-8, NaN)
    const frame = { rows: 4, columns: new Map([['x', { kind: 'number' as const, values, outOfRange: 0 }]]) }
    const loaded = await load(native)
    const { labels } = await scoreFrame(loaded.scorer, loaded.signature, frame)
    expect([...labels]).toEqual([0, 0, 1, 1])
    expect([...predictNative(native, encodeFeatures(frame, [feature]))].map((p) => (p >= 0.5 ? 1 : 0))).toEqual([0, 0, 1, 1])
  })
})
