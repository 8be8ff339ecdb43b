import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SignedIntervals } from '../../model/conformal'
import type { ModelSignature } from '../../model/training'
import { ArrowFileWriter } from '../../storage/arrow/file-writer'
import { openDatabase } from '../../storage/duckdb/database'
import { scoreColumns, type Answers } from './score-columns'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'score-columns-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** What another reader finds in the file. */
async function written(
  signature: Partial<ModelSignature>,
  answers: Answers,
  reasons = 0,
  from: number | null = null
): Promise<Record<string, unknown>[]> {
  const columns = scoreColumns(signature as ModelSignature, from, reasons)
  const path = join(folder, `${Math.random()}.arrow`)
  const writer = new ArrowFileWriter(path, columns.fields)
  writer.writeBatch(columns.batch(answers, 0))
  await writer.finish()
  const db = await openDatabase({ readDirectories: [folder] })
  try {
    return await db.all(`SELECT * EXCLUDE (row) FROM read_arrow('${path}')`)
  } finally {
    await db.close()
  }
}

const shared = { method: 'split-conformal', coverage: 0.9, rows: 100, table: 'a'.repeat(64) }
const amounts = { rows: 3, width: 1, scores: Float64Array.of(10, -4, 100) }
const regression = (intervals: object): Partial<ModelSignature> =>
  ({ task: 'regression', target: { name: 'price' }, intervals: { ...shared, ...intervals } as SignedIntervals }) as never

it('writes both bounds of an amount, and a bound that there is none of as missing', async () => {
  expect(await written(regression({ score: 'absolute', quantile: 2.5 }), amounts)).toEqual([
    { score: 10, lower: 7.5, upper: 12.5 },
    { score: -4, lower: -6.5, upper: -1.5 },
    { score: 100, lower: 97.5, upper: 102.5 }
  ])
  // Half of the square root of the amount, which counts as at least 16.
  const normalised = await written(regression({ score: 'normalised', quantile: 0.5, power: 0.5, floor: 16 }), amounts)
  expect(normalised.map(({ lower, upper }) => [lower, upper])).toEqual([
    [8, 12],
    [-6, -2],
    [95, 105]
  ])
  const upper = await written(regression({ score: 'quantile', side: 'upper', quantile: 1 }), amounts)
  expect(upper.map(({ lower, upper: bound }) => [lower, bound])).toEqual([
    [null, 11],
    [null, -3],
    [null, 101]
  ])
})

it('writes the set of several classes, the likeliest first, and reasons of which a row may have fewer', async () => {
  const signature = {
    task: 'multiclass',
    target: { name: 'band', classes: ['low', 'middle', 'high'] },
    intervals: { ...shared, score: 'lac', quantile: 0.75 }
  } as never
  const answers: Answers = {
    ...{ rows: 2, width: 3, scores: Float64Array.of(0.25, 0.5, 0.25, 0.9, 0.06, 0.04) },
    reasons: { names: ['x', null, 'y', 'x'], amounts: Float64Array.of(1.5, 0, -2, 0.5) }
  }
  const found = await written(signature, answers, 2)
  expect(found).toEqual([
    {
      label: 'middle',
      score: 0.5,
      score_low: 0.25,
      score_middle: 0.5,
      score_high: 0.25,
      set: 'middle|low|high',
      reason_1: 'x',
      contribution_1: 1.5,
      reason_2: null,
      contribution_2: 0
    },
    {
      label: 'low',
      score: 0.9,
      score_low: 0.9,
      score_middle: 0.06,
      score_high: 0.04,
      set: 'low',
      reason_1: 'y',
      contribution_1: -2,
      reason_2: 'x',
      contribution_2: 0.5
    }
  ])
})

it('decides nothing of a row that has no score', async () => {
  const sets = { ...shared, score: 'lac', quantile: 0.75 }
  const binary = { task: 'binary-classification', target: { name: 'late', positive: 'yes', negatives: ['no'] }, intervals: sets } as never
  expect(await written(binary, { rows: 3, width: 1, scores: Float64Array.of(0.9, NaN, 0.1) }, 0, 0.5)).toEqual([
    { score: 0.9, decision: 1, set: 'yes' },
    { score: null, decision: null, set: null },
    { score: 0.1, decision: 0, set: 'not yes' }
  ])
  const classes = { task: 'multiclass-classification', target: { name: 'band', classes: ['low', 'high'] }, intervals: sets } as never
  expect(await written(classes, { rows: 2, width: 2, scores: Float64Array.of(0.2, NaN, 0.3, 0.7) })).toEqual([
    { label: null, score: null, score_low: 0.2, score_high: null, set: null },
    { label: 'high', score: 0.7, score_low: 0.3, score_high: 0.7, set: 'high|low' }
  ])
})

it('labels the class that is decided for by the costs of the model, with its probability as the score', async () => {
  const answers = { rows: 3, width: 3, scores: Float64Array.of(0.1, 0.6, 0.3, 0.05, 0.9, 0.05, NaN, 0.5, 0.5) }
  const classes = { task: 'multiclass-classification', target: { name: 'band', classes: ['high', 'low', 'middle'] } }
  const labels = async (decision: object): Promise<unknown[][]> => {
    const rows = await written({ ...classes, ...decision } as never, answers)
    return rows.map(({ label, score }) => [label, score])
  }
  expect(await labels({})).toEqual([
    ['low', 0.6],
    ['low', 0.9],
    [null, null]
  ])
  // Missing a high one costs 10: of the first row low costs 1.3, high 0.9 and middle 1.6.
  const costs = [
    [0, 10, 10],
    [1, 0, 1],
    [1, 1, 0]
  ]
  expect(await labels({ decision: { rule: { by: 'class-costs', costs }, rows: 100, table: shared.table } })).toEqual([
    ['high', 0.1],
    ['low', 0.9],
    [null, null]
  ])
})
