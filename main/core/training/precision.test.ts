import type { BinaryEvaluation } from '../../model/evaluation'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelSignatureSchema, type Algorithm } from '../../model/training'
import { Random } from '../numerics'
import { syntheticRows, writeArrow } from './fixtures/synthetic'
import { evaluateModel, scoreTable, trainModel } from './index'
import { countMerged, needsDouble } from './precision'
import { lastRoundedTo } from './rounding'

const judgeBinary = evaluateModel as (options: Parameters<typeof evaluateModel>[0]) => Promise<BinaryEvaluation>

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'precision-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A value for each of 40 steps, of which single precision makes few; the outcome follows the step. */
const columns: [string, (step: number) => number, (step: number) => boolean][] = [
  ['whole numbers above 2^24, by their last digit', (step) => 16_777_216 + step, (step) => step % 2 === 1],
  ['seconds since 1970', (step) => 1_700_000_000 + step, (step) => step >= 20],
  ['amounts with cents', (step) => 250_000 + step / 100, (step) => step >= 13],
  ['identifiers of twelve digits', (step) => 123_456_789_000 + step, (step) => step % 10 >= 5],
  ['two heaps far apart', (step) => (step % 2) * 1e12 + step, (step) => step >= 20]
]

function cellsOf(valueOf: (step: number) => number, isEvent: (step: number) => boolean, seed: number) {
  const random = new Random(seed)
  const steps = Array.from({ length: 1000 }, () => random.below(40))
  return {
    value: steps.map((step) => (random.uniform() < 0.05 ? null : valueOf(step))),
    other: steps.map(() => random.uniform()),
    y: steps.map((step) => isEvent(step) !== random.uniform() < 0.02)
  }
}

async function train(algorithm: Algorithm, cells: ReturnType<typeof cellsOf>) {
  const table = await writeArrow(join(folder, 'train.arrow'), cells)
  const parameters = algorithm === 'gradient-boosting' ? { minRowsPerLeaf: 5, learningRate: 0.2 } : {}
  const record = await trainModel({ table, target: 'y', algorithm, parameters, seed: 1, outputDirectory: folder })
  const signature = modelSignatureSchema.parse(JSON.parse(await readFile(join(folder, 'signature.json'), 'utf8')))
  return { record, signature, model: join(folder, 'model.onnx') }
}

/** Share of the rows with a value that the exported model decides rightly. */
async function rightly(model: string, cells: ReturnType<typeof cellsOf>): Promise<number> {
  const { labels } = await scoreTable({ model, table: await writeArrow(join(folder, 'test.arrow'), cells) })
  const known = cells.y.map((yes, row) => ({ yes, row })).filter(({ row }) => cells.value[row] !== null)
  return known.filter(({ yes, row }) => labels[row] === Number(yes)).length / known.length
}

describe('values that single precision makes equal', () => {
  it.each(columns)('keep their signal in boosting: %s', async (_, valueOf, isEvent) => {
    const { record, signature, model } = await train('gradient-boosting', cellsOf(valueOf, isEvent, 1))
    expect(record.merged).toMatchObject([
      { column: 'value', distinct: 40, precision: 'double' },
      ...(record.merged!.length > 1 ? [{ column: 'other', precision: 'single' }] : [])
    ])
    expect(record.merged![0]!.merged).toBeGreaterThan(5)
    expect(record.warnings.join()).toMatch(/"value" has 40 different values of which single precision would merge \d+; .*pass it as double/)
    expect(signature.inputs.map(({ tensor }) => tensor)).toEqual(['double', 'float'])
    expect(record.parity.maxDifference).toBeLessThan(1e-6)
    expect(record.parity.unrounded).toMatchObject({ beyond: 0 })
    expect(await rightly(model, cellsOf(valueOf, isEvent, 2))).toBeGreaterThan(0.95)
  })

  it.each([columns[1]!, columns[2]!])('keep their signal in logistic regression: %s', async (_, valueOf, isEvent) => {
    const { record, signature, model } = await train('logistic-regression', cellsOf(valueOf, isEvent, 3))
    expect(signature.inputs[0]!.tensor).toBe('double')
    expect(record.parity).toMatchObject({ unrounded: { beyond: 0 } })
    expect(await rightly(model, cellsOf(valueOf, isEvent, 4))).toBeGreaterThan(0.9)
  })

  it('are counted on the judged rows of a model of single precision, which says what it does to them', async () => {
    const small = cellsOf(
      (step) => step,
      (step) => step >= 20,
      5
    )
    const { model, signature } = await train('gradient-boosting', small)
    expect(signature.inputs[0]!.tensor).toBe('float')
    const large = await writeArrow(join(folder, 'large.arrow'), {
      ...small,
      value: small.value.map((value) => (value === null ? null : 1_700_000_000 + value))
    })
    const { warnings } = await judgeBinary({ model, table: large, seed: 1, bootstrapSamples: 0, latencyCalls: 5, importanceBudget: 0 })
    expect(warnings.join()).toMatch(/"value" has 40 different values in the judged rows, of which the model's single precision merges 39/)
  })

  it('are none where nothing is lost: ordinary columns stay in single precision, and no value is counted twice', async () => {
    const rows = syntheticRows(3000, 9)
    for (const values of [rows.load, rows.count, rows.noise]) expect(needsDouble(countMerged(Float64Array.from(values)))).toBe(false)
    expect(countMerged(Float64Array.of(16_777_217, 16_777_217, 16_777_216, NaN, 5))).toEqual({ distinct: 3, merged: 1 })
    expect(countMerged(Float64Array.of(0.5, 3, NaN, 16_777_216))).toEqual({ distinct: 0, merged: 0 })
    const table = await writeArrow(join(folder, 'ordinary.arrow'), { ...rows })
    await trainModel({
      table,
      target: 'damaged',
      algorithm: 'gradient-boosting',
      parameters: { trees: 5 },
      seed: 1,
      outputDirectory: folder
    })
    const signature = modelSignatureSchema.parse(JSON.parse(await readFile(join(folder, 'signature.json'), 'utf8')))
    expect(new Set(signature.inputs.map(({ tensor }) => tensor))).toEqual(new Set(['float', 'string']))
  })
})

describe('a border between two numbers', () => {
  const above = (value: number): number => {
    const cell = new Float64Array([value === 0 ? 0 : value])
    new BigInt64Array(cell.buffer)[0]! += value < 0 ? -1n : 1n
    return cell[0]!
  }

  it('lies at the last double that rounds to it', () => {
    const borders = fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -0, 1, -1, 0.1, -0.1).map(Math.fround))
    fc.assert(
      fc.property(borders, (border) => {
        fc.pre(Math.abs(border) < 3.4e38)
        const last = lastRoundedTo(border)
        expect(Math.fround(last) === border).toBe(true)
        expect(Math.fround(above(last))).toBeGreaterThan(border)
      }),
      { seed: 7 }
    )
  })

  it('is the same to the model document, which reads values as they are, and to the graph, which rounds them', async () => {
    // Tenths: the middle between two of the training rows is a value of the rows that watch, and rounds to either side.
    const random = new Random(11)
    const values = Array.from({ length: 4000 }, () => random.below(3000) / 1000 - 1.5)
    const cells = { value: values, other: values, y: values.map((value) => value + random.uniform() > 0.4) }
    const { record, signature } = await train('gradient-boosting', cells)
    expect(signature.inputs.map(({ tensor }) => tensor)).toEqual(['float', 'float'])
    expect(record.parity).toMatchObject({ rows: 4000, unrounded: { maxDifference: 0, beyond: 0 } })
  })

  it('matters to a weight where numbers lie far from zero: the model then reads them as they are', async () => {
    const random = new Random(5)
    const values = Array.from({ length: 1500 }, () => 40_000 + random.below(400) / 100)
    const cells = {
      value: values,
      other: values.map(() => random.below(9)),
      y: values.map((value) => value + 2 * random.uniform() > 40_003)
    }
    expect(needsDouble(countMerged(Float64Array.from(values)))).toBe(false)
    const { record, signature } = await train('logistic-regression', cells)
    expect(signature.inputs.map(({ tensor }) => tensor)).toEqual(['double', 'float'])
    expect(record.parity).toMatchObject({ unrounded: { beyond: 0 } })
  })
})
