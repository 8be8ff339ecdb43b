import { describe, expect, it } from 'vitest'
import { gradientBoostingParametersSchema } from '../../../model/training'
import { Random } from '../../numerics'
import type { FeatureEncoding } from '../features'
import { fitBoosting } from './fit-boosting'
import { lossOf } from './losses'

const rows = 20_000
const training = 17_000

const encodingsOf = (names: readonly string[]): FeatureEncoding[] =>
  names.map((name) => ({ name, kind: 'number', missingShare: 0, min: 0, max: 1, kept: [], hasOther: false, categoryCount: 0 }))

/** Mean amounts of two kinds of rows, which a column tells apart; another column says nothing. */
async function lossesOn(name: 'gamma' | 'poisson', share: number, small: number, large: number, learningRate: number) {
  const random = new Random(3)
  const [x, noise] = [0, 1].map(() => Float32Array.from({ length: rows }, () => random.uniform())) as [Float32Array, Float32Array]
  const means = Float64Array.from(x, (value) => (value < share ? small : large))
  const labels = means.map((mean) => (name === 'gamma' ? -mean * Math.log(1 - random.uniform()) : Math.round(mean)))
  const encodings = encodingsOf(['x', 'noise'])
  const parameters = gradientBoostingParametersSchema.parse({ trees: 200, learningRate })
  const table = { rows, columns: [x, noise] }
  const { history } = await fitBoosting({ objective: { name }, table, encodings, training, labels, weights: null, seed: 1, parameters })
  const row = lossOf({ name }).row
  let known = 0
  for (let at = training; at < rows; at++)
    known += row(Float64Array.of(Math.log(means[at]!)), labels[at]!, new Float64Array(1), new Float64Array(1)) / (rows - training)
  return { first: history[0]!, best: Math.min(...history.map(({ validationLoss }) => validationLoss!)), known }
}

describe('amounts far from their mean', () => {
  it.each([
    ['a fifth is a hundred thousandth of the others', 0.2, 0.01, 1000],
    ['two of a thousand are a hundred thousand times as large', 0.998, 1, 100_000]
  ])('are learned where %s', async (_, share, small, large) => {
    const { best, known } = await lossesOn('gamma', share, small, large, 0.05)
    expect(known).toBeGreaterThan(1)
    expect(best).toBeLessThan(1.1 * known)
  })

  it('do not throw the first tree of counts beyond what there is to learn', async () => {
    const { first, best } = await lossesOn('poisson', 0.998, 1, 1000, 0.3)
    // Every row at the mean of all of them loses about 20.
    expect(first.trainingLoss).toBeLessThan(20)
    expect(best).toBeLessThan(5)
  })
})

describe('events that are rare but for a hundredth of the rows', () => {
  it.each([{ name: 'logistic' }, { name: 'softmax', classes: 2 }] as const)(
    'are learned in large steps without a penalty: $name',
    async (objective) => {
      const random = new Random(3)
      const [x, noise] = [0, 1].map(() => Float32Array.from({ length: rows }, () => random.uniform())) as [Float32Array, Float32Array]
      const labels = Float64Array.from(x, (value) => (random.uniform() < (value < 0.01 ? 0.9 : 1e-3) ? 1 : 0))
      const parameters = gradientBoostingParametersSchema.parse({ trees: 60, learningRate: 0.3, l2: 0, earlyStoppingRounds: 0 })
      const shared = { objective, encodings: encodingsOf(['x', 'noise']), training, labels, weights: null, seed: 1, parameters }
      const { history, model } = await fitBoosting({ ...shared, table: { rows, columns: [x, noise] } })
      const values = model.trees.flatMap((tree) => tree.value)
      expect(values.every((value) => Math.abs(value) <= 0.3 * 10 + 1e-6)).toBe(true)
      // The share of events alone loses about 0.05; who knows how the rows were made, about 0.01.
      const losses = history.map(({ validationLoss }) => validationLoss!)
      expect(Math.min(...losses)).toBeLessThan(0.02)
      expect(Math.max(...losses)).toBeLessThan(0.06)
    }
  )
})
