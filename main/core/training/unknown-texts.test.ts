import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Algorithm } from '../../model/training'
import { readFrame } from '../frames'
import { Random } from '../numerics'
import { encodeFeatures } from './features'
import { writeArrow } from './fixtures/synthetic'
import { scoreTable, trainModel } from './index'
import { predictNative, readNativeModel } from './native-model'
import { exportOnnx } from './onnx/export-model'
import { assertParity } from './scoring/parity'
import { readSignature, startScorer } from './scoring/score-table'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unknown-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const algorithms: Algorithm[] = ['gradient-boosting', 'logistic-regression']

/** Rows of a text column with a share of positives for each text, a number without meaning, and a second text column. */
function rowsOf(shares: Record<string, { rows: number; positive: number }>, seed: number) {
  const random = new Random(seed)
  const drawn = Object.entries(shares).flatMap(([text, { rows, positive }]) =>
    Array.from({ length: rows }, () => ({
      town: text === 'missing' ? null : text,
      x: random.uniform(),
      kind: ['p', 'q'][random.below(2)]!,
      y: random.uniform() < positive
    }))
  )
  const order = random.shuffle(Uint32Array.from(drawn.keys()))
  const rows = [...order].map((at) => drawn[at]!)
  return { town: rows.map((row) => row.town), x: rows.map((row) => row.x), kind: rows.map((row) => row.kind), y: rows.map((row) => row.y) }
}

async function train(name: string, algorithm: Algorithm, cells: ReturnType<typeof rowsOf>, parameters: object = {}) {
  const table = await writeArrow(join(folder, `${name}.arrow`), cells)
  const outputDirectory = join(folder, `${name}-${algorithm}`)
  const record = await trainModel({ table, target: 'y', algorithm, parameters, seed: 1, outputDirectory })
  return { record, outputDirectory, model: join(outputDirectory, 'model.onnx') }
}

/** Mean answer to rows whose town is as given. */
async function answerTo(model: string, town: string | null): Promise<number> {
  const count = 200
  const at = Array.from({ length: count }, (_, row) => row)
  const cells = { town: at.map(() => town), x: at.map((row) => row / count), kind: at.map((row) => ['p', 'q'][row % 2]!) }
  const { scores } = await scoreTable({ model, table: await writeArrow(join(folder, 'asked.arrow'), cells, { town: 'text' }) })
  return scores.reduce((sum, p) => sum + p, 0) / count
}

describe('a text that training did not see', () => {
  it.each(algorithms)('%s: is scored like an average row with a text, not like a missing one', async (algorithm) => {
    const cells = rowsOf(
      { north: { rows: 400, positive: 0.1 }, south: { rows: 400, positive: 0.1 }, missing: { rows: 200, positive: 0.95 } },
      1
    )
    const { model } = await train('missing', algorithm, cells)
    expect(await answerTo(model, null)).toBeGreaterThan(0.8)
    expect(await answerTo(model, 'west')).toBeGreaterThan(0.05)
    expect(await answerTo(model, 'west')).toBeLessThan(0.16)
  })

  it.each(algorithms)('%s: stands between texts that differ', async (algorithm) => {
    const cells = rowsOf({ high: { rows: 500, positive: 0.9 }, low: { rows: 500, positive: 0.1 } }, 2)
    const { model } = await train('between', algorithm, cells)
    expect(await answerTo(model, 'high')).toBeGreaterThan(0.8)
    expect(await answerTo(model, 'low')).toBeLessThan(0.2)
    expect(Math.abs((await answerTo(model, 'neither')) - 0.5)).toBeLessThan(0.1)
    const uneven = rowsOf({ rare: { rows: 200, positive: 0.9 }, usual: { rows: 800, positive: 0.2 } }, 3)
    expect(Math.abs((await answerTo((await train('uneven', algorithm, uneven)).model, 'neither')) - 0.34)).toBeLessThan(0.12)
  })

  it('is scored like the rare texts where there were some', async () => {
    const few = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`hamlet ${at}`, { rows: 5, positive: 0.9 }]))
    const cells = rowsOf({ north: { rows: 400, positive: 0.1 }, south: { rows: 400, positive: 0.1 }, ...few }, 4)
    const { model } = await train('rare', 'logistic-regression', cells)
    expect(await answerTo(model, 'hamlet 900')).toBeGreaterThan(0.75)
  })

  it.each(algorithms)('%s: has the same answer from the trainer and from ONNX Runtime, together with others', async (algorithm) => {
    const towns = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`town ${at}`, { rows: 60, positive: at / 12 }]))
    const { model, outputDirectory } = await train('parity', algorithm, rowsOf({ ...towns, missing: { rows: 40, positive: 0.5 } }, 5))
    const asked = rowsOf(
      {
        'town 3': { rows: 50, positive: 0.5 },
        unseen: { rows: 50, positive: 0.5 },
        'unseen too': { rows: 50, positive: 0.5 },
        missing: { rows: 50, positive: 0.5 }
      },
      6
    )
    const frame = await readFrame(
      await writeArrow(join(folder, 'mixed.arrow'), { ...asked, kind: asked.kind.map((kind, row) => (row % 3 ? kind : 'r')) })
    )
    const native = await readNativeModel(join(outputDirectory, 'model.json'))
    const scorer = await startScorer(model, await readSignature(model))
    const { rows, maxDifference } = await assertParity(native, scorer, await readSignature(model), frame).finally(() => scorer.close())
    expect([rows, maxDifference < 1e-6]).toEqual([200, true])
  })

  it('keeps counting as missing in a model of the first versions that saw no rare text', async () => {
    const cells = rowsOf({ north: { rows: 300, positive: 0.1 }, missing: { rows: 100, positive: 0.95 } }, 7)
    const { outputDirectory, model } = await train('old', 'gradient-boosting', cells)
    const native = await readNativeModel(join(outputDirectory, 'model.json'))
    const old = { ...native, features: native.features.map(({ rareShare: _, ...feature }) => ({ ...feature, hasOther: false })) }
    await writeFile(model, exportOnnx(old, 'old', {}))
    expect(await answerTo(model, 'west')).toBe(await answerTo(model, null))
    const frame = await readFrame(join(folder, 'asked.arrow'))
    expect(predictNative(old, encodeFeatures(frame, old.features))[0]).toBeGreaterThan(0.8)
  })
})
