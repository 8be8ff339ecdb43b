import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gradientBoostingParametersSchema, logisticRegressionParametersSchema } from '../../model/training'
import { readFrame, type Frame } from '../frames'
import { fitBoosting } from './boosting/fit-boosting'
import { deriveEncodings, encodeFeatures } from './features'
import { syntheticRows, writeArrow } from './fixtures/synthetic'
import { holdBack } from './held-out'
import { fitLogistic } from './logistic/fit-logistic'

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex')
const rows = syntheticRows(1200, 77)
const labels = Uint8Array.from(rows.damaged, Number)

let folder: string
let frame: Frame
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bit-equal-'))
  frame = await readFrame(await writeArrow(join(folder, 'rows.arrow'), { ...rows }))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Every parameter written out, so that no default takes part. */
const explicit = {
  trees: 40,
  learningRate: 0.1,
  maxLeaves: 31,
  maxDepth: 0,
  minRowsPerLeaf: 20,
  l2: 0,
  maxBins: 255,
  categoricalSmoothing: 10,
  minRowsPerCategory: 10,
  rowFraction: 0.8,
  featureFraction: 0.7,
  validationFraction: 0.2,
  earlyStoppingRounds: 5
}
const numeric = ['load', 'age', 'count', 'noise']
const all = ['load', 'age', 'count', 'phase', 'noise']

describe('a fit whose parameters are all given', () => {
  // Digests of what the first release grew; a change of these bits changes models that people have signed.
  it.each([
    [
      'numbers, all rows',
      numeric,
      { validationFraction: 0, earlyStoppingRounds: 0 },
      '3fc936f90eece1034ad9329959668d65e9f57fba0052b48e5a5880255bd86541'
    ],
    ['numbers, stopped early', numeric, {}, '8cfa727b8f6bb60cebd0f501cb94875aac30c7c015a1b754b3e706418b356002'],
    [
      'a text among them',
      all,
      { validationFraction: 0, earlyStoppingRounds: 0 },
      'd07194afbfdd50f06124c094f120242c4e2fb7cb8c0d4adb508d413000fe77c4'
    ],
    ['a text among them, stopped early', all, {}, '2d0d9a8a975c36529cc28511851aba7659d150f43b8cf27defd82987a4bf4d42']
  ])('grows the trees that it always grew: %s', async (_, names, change, expected) => {
    const parameters = gradientBoostingParametersSchema.parse({ ...explicit, ...change })
    const { training, validation } = holdBack(frame, labels, parameters.validationFraction, 3, { by: 'random', column: null })
    const encodings = deriveEncodings(frame, names, (counts) => counts.length)
    const { model } = await fitBoosting(encodeFeatures(frame, encodings), encodings, labels, training, validation, parameters, 3)
    expect(digest({ base: model.base, trees: model.trees })).toBe(expected)
  })

  it('finds the weights that it always found', async () => {
    const given = { l2: 1, maxIterations: 200, tolerance: 1e-6, imputation: 'median', minRowsPerCategory: 10 }
    const encodings = deriveEncodings(frame, all, (counts) => counts.length)
    const { model } = await fitLogistic(
      encodeFeatures(frame, encodings),
      encodings,
      labels,
      logisticRegressionParametersSchema.parse(given)
    )
    expect(digest(model)).toBe('7c6609bfc3863c330116200e17abe83199fe824c9eaf190eb4c3e4d00ae3abf1')
  })
})
