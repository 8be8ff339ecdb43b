import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gradientBoostingParametersSchema, logisticRegressionParametersSchema } from '../../model/training'
import { readFrame, selectRows, type Frame } from '../frames'
import { fitBoosting } from './boosting/fit-boosting'
import { deriveEncodings, encodeFeatures } from './features'
import { syntheticRows, writeArrow } from './fixtures/synthetic'
import { holdBack, strataOf } from './held-out'
import { fitLinear } from './linear/fit-linear'

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
  categoryL2: 10,
  minRowsPerGroup: 100,
  mostCategoriesMoved: 32,
  rowFraction: 0.8,
  featureFraction: 0.7,
  validationFraction: 0.2,
  earlyStoppingRounds: 5
}
const numeric = ['load', 'age', 'count', 'noise']
const all = ['load', 'age', 'count', 'phase', 'noise']

describe('a fit whose parameters are all given', () => {
  // Digests of what the second version of the trainers grows; a change of these bits changes models that people have signed. The first version
  // summed derivatives as they were; sums of whole numbers, which every thread finds alike, round them to a unit and so moved some last digits.
  it.each([
    [
      'numbers, all rows',
      numeric,
      { validationFraction: 0, earlyStoppingRounds: 0 },
      '389a31b39f22c6c9c4f1e95c7d04d4f622d34ba31302f3d2a02e1a907b1f7399'
    ],
    ['numbers, stopped early', numeric, {}, '07d58ce32353f65ee4b32abdace5fcb3389914a6de11471244b6659ddccfac80'],
    [
      'a text among them',
      all,
      { validationFraction: 0, earlyStoppingRounds: 0 },
      '3d68938cf629d2b9e52b000512d62a8de7482f6c51393711b2d45ee9d15b74d1'
    ],
    ['a text among them, stopped early', all, {}, '0be4098e56060299fce885866d2480b4d9d7accea83621c5503d71b03f755de4']
  ])('grows the trees of the second version: %s', async (_, names, change, expected) => {
    const parameters = gradientBoostingParametersSchema.parse({ ...explicit, ...change })
    const { training, validation } = holdBack(frame, strataOf(labels, { name: 'logistic' }), parameters.validationFraction, 3, {
      by: 'random',
      column: null
    })
    const encodings = deriveEncodings(frame, names, (counts) => counts.length)
    const order = Uint32Array.from([...training, ...validation])
    const { model } = await fitBoosting({
      objective: { name: 'logistic' },
      table: encodeFeatures(selectRows(frame, order), encodings),
      encodings,
      labels: Uint8Array.from(order, (row) => labels[row]!),
      weights: null,
      training: training.length,
      parameters,
      seed: 3
    })
    // Where a text goes that training did not see, the first release left open; every text that it saw goes where it went.
    const seen = (feature: number, set: number[]): number[] => set.filter((code) => code < encodings[feature]!.kept.length)
    const trees = model.trees.map((tree) => ({
      ...tree,
      set: tree.set.map((set, node) => (set < 0 ? null : seen(tree.feature[node]!, model.sets[set]!)))
    }))
    expect(digest({ base: model.base, trees })).toBe(expected)
  })

  it('finds the weights that it always found', async () => {
    const given = { l2: 1, maxIterations: 200, tolerance: 1e-6, imputation: 'median', minRowsPerCategory: 10 }
    const encodings = deriveEncodings(frame, all, (counts) => counts.length)
    const { l2: penalty, ...settings } = logisticRegressionParametersSchema.parse(given)
    const { model } = await fitLinear({ name: 'logistic' }, encodeFeatures(frame, encodings), encodings, labels, null, {
      ...settings,
      penalty
    })
    if (!('intercept' in model)) throw new Error('several outputs')
    // The first release had no weight for texts that training did not see.
    const unknown = encodings[3]!.kept.length
    const terms = model.terms.map((term) =>
      term.type === 'category' ? { ...term, weights: term.weights.map((weight, code) => (code === unknown ? 0 : weight)) } : term
    )
    expect(digest({ ...model, terms })).toBe('7c6609bfc3863c330116200e17abe83199fe824c9eaf190eb4c3e4d00ae3abf1')
  })
})
