import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../model/errors'
import { modelSignatureSchema, trainedModelSchema, type Algorithm } from '../../model/training'
import { syntheticRows, writeArrow } from './fixtures/synthetic'
import { scoreTable } from './index'
import { trainModel } from './train-model'
import type { TrainOptions } from './train-options'
import { holdBack, strataOf } from './held-out'
import { openDatabase } from '../../storage/duckdb/database'
import { sha256 } from '../../storage/objects/durable-files'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'training-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const algorithms: Algorithm[] = ['gradient-boosting', 'logistic-regression']

async function failure(work: Promise<unknown>): Promise<WorkbenchError> {
  const outcome = await work.catch((error: unknown) => error)
  if (!(outcome instanceof WorkbenchError)) throw new Error(`expected a WorkbenchError, got ${String(outcome)}`)
  return outcome
}

describe('trainModel', () => {
  it.each(algorithms)('%s writes four files, agrees with ONNX Runtime and repeats itself', async (algorithm) => {
    const table = await writeArrow(join(folder, 'rows.arrow'), { ...syntheticRows(1500, 7) })
    const points: string[] = []
    const parameters = algorithm === 'gradient-boosting' ? { trees: 40, rowFraction: 0.8, featureFraction: 0.7 } : {}
    const options = { table, target: 'damaged', algorithm, seed: 3, parameters, units: { load: 't' }, trainingTableSha256: sha256('rows') }
    const first = await trainModel({
      ...options,
      outputDirectory: join(folder, 'a'),
      onMetric: ({ name, step }) => points.push(`${name} ${step}`)
    })
    const second = await trainModel({ ...options, outputDirectory: join(folder, 'b') })
    expect(trainedModelSchema.parse(JSON.parse(await readFile(join(folder, 'a', 'training.json'), 'utf8')))).toEqual(first)
    const signature = modelSignatureSchema.parse(JSON.parse(await readFile(join(folder, 'a', 'signature.json'), 'utf8')))
    expect(signature.inputs.find((input) => input.name === 'load')).toMatchObject({ tensor: 'float', unit: 't', missing: 'NaN' })
    expect(signature.inputs.find((input) => input.name === 'phase')).toMatchObject({
      tensor: 'string',
      missing: 'empty string',
      categoryCount: 6
    })
    expect((await readFile(join(folder, 'a', 'model.onnx'))).includes('drydock.training_table_sha256')).toBe(true)
    expect(first.parity.maxDifference).toBeLessThan(1e-6)
    expect(first.parity.rows).toBe(1500)
    expect(second.modelDigest).toBe(first.modelDigest)
    expect(second.files).toEqual(first.files)
    const watched = first.rows.validation > 0
    expect(watched).toBe(algorithm === 'gradient-boosting')
    expect(points).toEqual(
      first.history.flatMap(({ iteration }) => [`training_loss ${iteration}`, ...(watched ? [`validation_loss ${iteration}`] : [])])
    )
    expect(first.importances[0]!.feature).toBe('load')
    expect(first.importances.reduce((sum, { gain }) => sum + gain, 0)).toBeCloseTo(1, 10)
    // What a column matters is measured on rows that the fit did not learn from, or not at all.
    if (watched)
      expect(first.importances.find(({ feature }) => feature === 'noise')!.permutation!).toBeLessThan(first.importances[0]!.permutation!)
    else expect(first.importances.every(({ permutation }) => permutation === null)).toBe(true)
    expect(first.shuffled).toEqual(watched ? { on: 'validation', rows: first.rows.validation, repeats: 10 } : null)
  })

  it('draws other trees with another seed', async () => {
    const table = await writeArrow(join(folder, 'seeds.arrow'), { ...syntheticRows(600, 8) })
    const options = { table, target: 'damaged', algorithm: 'gradient-boosting' as const, parameters: { trees: 5, rowFraction: 0.5 } }
    const digests = await Promise.all([1, 2].map((seed) => trainModel({ ...options, seed, outputDirectory: join(folder, `seed-${seed}`) })))
    expect(digests[0]!.modelDigest).not.toBe(digests[1]!.modelDigest)
  })

  it('stops early on the held-back rows and keeps the best round', async () => {
    const table = await writeArrow(join(folder, 'early.arrow'), { ...syntheticRows(1200, 9) })
    const parameters = { trees: 400, learningRate: 0.3, validationFraction: 0.25, earlyStoppingRounds: 10 }
    const trained = await trainModel({
      table,
      target: 'damaged',
      algorithm: 'gradient-boosting',
      parameters,
      seed: 1,
      outputDirectory: join(folder, 'early')
    })
    expect(trained.stopped).toBe('early-stopping')
    expect(trained.rows.validation).toBe(300)
    expect(trained.iterations).toBe(trained.bestIteration + 10)
    const losses = trained.history.map(({ validationLoss }) => validationLoss!)
    expect(losses.indexOf(Math.min(...losses)) + 1).toBe(trained.bestIteration)
  })

  it('learns nothing from the rows that it holds back', async () => {
    const rows = syntheticRows(800, 12)
    const { validation } = holdBack(
      { rows: 800, columns: new Map() },
      strataOf(Uint8Array.from(rows.damaged, Number), { name: 'logistic' }),
      0.25,
      1,
      {
        by: 'random',
        column: null
      }
    )
    expect(validation).toHaveLength(200)
    const held = new Set(validation)
    const changed = {
      ...rows,
      load: rows.load.map((load, row) => (held.has(row) ? load * 1e6 - row : load)),
      phase: rows.phase.map((phase, row) => (held.has(row) ? `other ${row % 9}` : phase)),
      age: rows.age.map((age, row) => (held.has(row) ? null : age))
    }
    const digests: string[] = []
    for (const cells of [rows, changed]) {
      const table = await writeArrow(join(folder, 'held.arrow'), { ...cells })
      const parameters = { trees: 15, validationFraction: 0.25, earlyStoppingRounds: 0 }
      const outputDirectory = join(folder, 'held')
      digests.push(
        (await trainModel({ table, target: 'damaged', algorithm: 'gradient-boosting', parameters, seed: 1, outputDirectory })).modelDigest
      )
    }
    expect(digests[1]).toBe(digests[0])
  })

  it.each(algorithms)('%s survives the columns of real files', async (algorithm) => {
    const rows = 400
    const at = Array.from({ length: rows }, (_, row) => row)
    const columns = {
      target: at.map((row) => (row % 10 === 9 ? null : row % 3 === 0 ? 'Yes' : 'No')),
      'Höhe über Grund (ft)': at.map((row) => (row % 3 === 0 ? row : row / 2)),
      label: at.map((row) => (row * 37) % 11),
      probabilities: at.map((row) => `p${row % 4}`),
      graph_Concat_1: at.map((row) => row % 5),
      constant: at.map(() => 4.2),
      'all missing': at.map(() => null),
      'no text': at.map(() => null),
      single: at.map(() => 'only'),
      unique: at.map((row) => `id ${row}`),
      '漢字 \u{1f600}': at.map((row) => (row % 7 === 0 ? '' : ['ä', 'naïve "x"', 'a\nb', '☂', 'a\0b'][row % 5]!)),
      flag: at.map((row) => (row % 13 === 0 ? null : row % 2 === 0)),
      huge: at.map((row) => (row % 6 === 0 ? Infinity : row % 6 === 1 ? 1e300 : row * 1e30))
    }
    const table = await writeArrow(join(folder, 'odd.arrow'), columns, { 'no text': 'text' })
    const outputDirectory = join(folder, `odd-${algorithm}`)
    const parameters =
      algorithm === 'gradient-boosting' ? { trees: 20, minRowsPerLeaf: 5, minRowsPerCategory: 1 } : { minRowsPerCategory: 1 }
    const trained = await trainModel({ table, target: 'target', algorithm, parameters, seed: 1, outputDirectory })
    expect(trained.target).toEqual({ name: 'target', positive: 'Yes', negatives: ['No'] })
    expect(trained.rows.withoutTarget).toBe(40)
    expect(trained.warnings.join('\n')).toMatch(/40 rows have no value in the target/)
    expect(trained.warnings.join('\n')).toMatch(/"constant" has a single value/)
    expect(trained.parity).toMatchObject({ rows: 360 })
    // Texts and values never seen in training: both predictors answer, and alike.
    const strange = { ...columns, probabilities: at.map(() => 'never seen'), single: at.map(() => null), unique: at.map(() => 'id ?') }
    const other = await writeArrow(join(folder, 'strange.arrow'), strange, { single: 'text' })
    const { scores, labels } = await scoreTable({ model: join(outputDirectory, 'model.onnx'), table: other })
    expect(scores.every((p) => p >= 0 && p <= 1)).toBe(true)
    expect([...labels]).toEqual([...scores].map((p) => (p >= 0.5 ? 1 : 0)))
  })

  it.each(algorithms)('%s takes a handful of rows, only texts, and more than 255 categories', async (algorithm) => {
    const tiny = await writeArrow(join(folder, 'tiny.arrow'), { y: [1, 0, 1], word: ['a', 'b', null] })
    const few = await trainModel({ table: tiny, target: 'y', algorithm, seed: 1, outputDirectory: join(folder, `tiny-${algorithm}`) })
    expect(few.warnings.join()).toMatch(/Only 1 row has the rarer outcome/)
    expect(few.parity.maxDifference).toBeLessThan(1e-6)
    const at = Array.from({ length: 4000 }, (_, row) => row)
    const many = await writeArrow(join(folder, 'many.arrow'), {
      y: at.map((row) => (row % 400) % 3 === 0),
      town: at.map((row) => `town ${row % 400}`)
    })
    const trained = await trainModel({
      table: many,
      target: 'y',
      algorithm,
      seed: 1,
      parameters: { minRowsPerCategory: 5, ...(algorithm === 'gradient-boosting' ? { trees: 50 } : {}) },
      outputDirectory: join(folder, `many-${algorithm}`)
    })
    expect(trained.parity.maxDifference).toBeLessThan(1e-6)
    const { scores } = await scoreTable({ model: join(folder, `many-${algorithm}`, 'model.onnx'), table: many })
    // "town 0" is kept apart and always positive; boosting keeps 254 of the 400 towns.
    expect(scores[0]!).toBeGreaterThan(0.75)
    expect(scores[1]!).toBeLessThan(0.25)
  })

  it('refuses what cannot be learned, and says why', async () => {
    const at = Array.from({ length: 30 }, (_, row) => row)
    const table = await writeArrow(join(folder, 'bad.arrow'), {
      word: at.map((row) => ['red', 'green', 'blue'][row % 3]!),
      number: at,
      one: at.map(() => true),
      none: at.map(() => null)
    })
    const base: TrainOptions = { table, target: 'word', algorithm: 'gradient-boosting', seed: 1, outputDirectory: join(folder, 'bad') }
    const cases: [Partial<TrainOptions>, RegExp][] = [
      [{}, /not clear which value.*"red", "green", "blue"/],
      [{ positive: 'pink' }, /Every one of 30 rows is negative/],
      [{ target: 'number', positive: 99 }, /99 does not occur/],
      [{ target: 'one' }, /Every one of 30 rows is positive/],
      [{ target: 'none' }, /no value in any of 30 rows/],
      [{ target: 'absent' }, /no column "absent".*"word"/],
      [{ positive: 'red', features: ['number', 'missing'] }, /no column "missing"/],
      [{ positive: 'red', features: ['word'] }, /would only copy it/],
      [{ positive: 'red', features: ['number', 'number'] }, /listed twice/],
      [{ positive: 'red', features: [] }, /No column is left/],
      [{ positive: 'red', parameters: { tree: 5 } }, /parameters do not fit/],
      [{ positive: 'red', parameters: { trees: 0 } }, /parameters do not fit/],
      [{ positive: 'red', seed: 0.5 }, /not a whole number/]
    ]
    for (const [change, message] of cases) {
      const error = await failure(trainModel({ ...base, ...change }))
      expect(error.code).toBe('INVALID_INPUT')
      expect(error.message).toMatch(message)
    }
  })

  it('refuses a damaged file and a missing one', async () => {
    const good = await writeArrow(join(folder, 'good.arrow'), { y: [true, false], x: [1, 2] })
    const bytes = await readFile(good)
    const cut = join(folder, 'cut.arrow')
    const base = { target: 'y', algorithm: 'gradient-boosting' as const, seed: 1, outputDirectory: join(folder, 'never') }
    for (const content of [bytes.subarray(0, bytes.length - 40), bytes.subarray(0, 20), Buffer.from('a,b\n1,2\n'), Buffer.alloc(0)]) {
      await writeFile(cut, content)
      expect((await failure(trainModel({ ...base, table: cut }))).code).toBe('INVALID_INPUT')
    }
    expect((await failure(trainModel({ ...base, table: join(folder, 'absent.arrow') }))).code).toBe('NOT_FOUND')
  })

  it('stops when cancelled and writes nothing', async () => {
    const table = await writeArrow(join(folder, 'long.arrow'), { ...syntheticRows(3000, 5) })
    const controller = new AbortController()
    const outputDirectory = join(folder, 'cancelled')
    const work = trainModel({
      table,
      target: 'damaged',
      algorithm: 'gradient-boosting',
      parameters: { trees: 5000 },
      seed: 1,
      outputDirectory,
      signal: controller.signal
    })
    setTimeout(() => controller.abort(), 150)
    expect((await failure(work)).code).toBe('CANCELLED')
    await expect(readFile(join(outputDirectory, 'model.onnx'))).rejects.toThrow()
  })

  it.each(algorithms)('%s learns from exact decimals, counts infinities as missing, and says what no number holds', async (algorithm) => {
    const rows = syntheticRows(300, 11)
    const arrow = join(folder, 'exact.arrow')
    const plain = await writeArrow(join(folder, 'plain.arrow'), { ...rows })
    const db = await openDatabase({ readDirectories: [folder] })
    // what an import makes of money with more digits than a number holds, of identifiers and of `inf`
    await db.exportArrow(
      `SELECT load::DECIMAL(18, 3) AS load, 9007199254740993 + (row_number() OVER ()) * 2 AS id, CASE WHEN count < 10 THEN 'infinity' WHEN count < 20 THEN '-infinity' ELSE count END::DOUBLE AS count, 1234567890123456.78::DECIMAL(18, 2) AS money, phase, damaged FROM read_arrow('${plain}')`,
      arrow
    )
    await db.close()
    const outputDirectory = join(folder, `exact-${algorithm}`)
    const trained = await trainModel({ table: arrow, target: 'damaged', algorithm, seed: 1, outputDirectory })
    expect(trained.parity.maxDifference).toBeLessThan(1e-6)
    const infinite = rows.count.filter((count) => count < 20).length
    expect(trained.warnings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(new RegExp(`"count" has ${infinite} values in the table that are infinite .* they count as missing`)),
        expect.stringMatching(/"id" has \d+ values in the table with more digits than a 64-bit number holds/),
        expect.stringMatching(/"money" has 300 values in the table with more digits/)
      ])
    )
    expect(trained.warnings.join('\n')).not.toContain('"load"')
    const signature = modelSignatureSchema.parse(JSON.parse(await readFile(join(outputDirectory, 'signature.json'), 'utf8')))
    const load = signature.inputs.find(({ name }) => name === 'load')!
    expect(load).toMatchObject({ tensor: 'float' })
    expect(signature.inputs.find(({ name }) => name === 'count')!.missingShare).toBeGreaterThan(0.15)
    const { scores } = await scoreTable({ model: join(outputDirectory, 'model.onnx'), table: arrow })
    expect(scores.every(Number.isFinite)).toBe(true)
    const byLoad = rows.load.map((value, row) => ({ value, p: scores[row]! })).sort((a, b) => a.value - b.value)
    const mean = (part: typeof byLoad): number => part.reduce((sum, { p }) => sum + p, 0) / part.length
    expect(mean(byLoad.slice(200))).toBeGreaterThan(mean(byLoad.slice(0, 100)) + 0.2)
  })
})
