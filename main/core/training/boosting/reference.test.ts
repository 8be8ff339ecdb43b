import { describe, expect, it } from 'vitest'
import { gradientBoostingParametersSchema } from '../../../model/training'
import { areaUnderCurve } from '../../tasks/binary/ranking'
import { widthOf, type Objective } from '../objective'
import { fitBoosting } from './fit-boosting'
import reference from './fixtures/reference.json'
import { amounts, manyLevels } from './fixtures/reference-rows'
import { lossOf } from './losses'
import { predictTrees } from './tree'

const objectives: Objective[] = [
  { name: 'squared' },
  { name: 'absolute' },
  { name: 'quantile', quantile: 0.8 },
  { name: 'poisson' },
  { name: 'gamma' },
  { name: 'softmax', classes: 3 }
]
const learning = amounts(4000, 5)
const testing = amounts(4000, 6)

/** Mean loss of margins on the test rows. */
function meanLoss(objective: Objective, margins: Float64Array, weights: Float64Array | null): number {
  const width = widthOf(objective)
  const loss = lossOf(objective)
  const labels = testing.outcomes[objective.name as 'squared']
  const spare = new Float64Array(width)
  let [sum, total] = [0, 0]
  labels.forEach((label, row) => {
    const weight = weights ? weights[row]! : 1
    sum += weight * loss.row(margins.subarray(row * width, (row + 1) * width), label, spare, spare.slice())
    total += weight
  })
  return sum / total
}

describe('against scikit-learn and LightGBM (fixtures/make-reference.py)', () => {
  it('draws the same rows', () => {
    expect(learning.outcomes.squared.reduce((sum, value) => sum + value, 0)).toBeCloseTo(reference.amounts.checksum, 8)
    expect(manyLevels(20_000, 2).labels.reduce((sum, label) => sum + label, 0)).toBe(reference.levels.positives)
  })

  it.each(objectives)('loses as little on new rows as HistGradientBoosting, with and without weights: $name', async (objective) => {
    const parameters = gradientBoostingParametersSchema.parse({
      ...{ trees: 60, learningRate: 0.1, maxLeaves: 15, minRowsPerLeaf: 20, l2: 0, earlyStoppingRounds: 0 }
    })
    for (const kind of ['plain', 'weighted'] as const) {
      const own = kind === 'weighted'
      const { model } = await fitBoosting({
        ...{ objective, parameters, table: learning.table, encodings: learning.encodings, training: 4000, seed: 1 },
        ...{ labels: learning.outcomes[objective.name as 'squared'], weights: own ? learning.weights : null }
      })
      const margins = predictTrees(model, testing.table.columns, [], 4000)
      const expected = reference.amounts.losses[objective.name as 'squared'][kind]
      const ratio = meanLoss(objective, margins, own ? testing.weights : null) / expected
      expect(ratio, kind).toBeLessThan(1.015)
      expect(ratio, kind).toBeGreaterThan(0.97)
    }
  })

  it('ranks rows with a text of 300 levels as well as LightGBM, over five seeds', async () => {
    const parameters = gradientBoostingParametersSchema.parse({
      ...{ trees: 100, learningRate: 0.1, maxLeaves: 31, minRowsPerLeaf: 20, l2: 0, earlyStoppingRounds: 0 }
    })
    let gap = 0
    for (let seed = 1; seed <= 5; seed++) {
      const { table, encodings, labels } = manyLevels(20_000, 2 * seed)
      const { model } = await fitBoosting({
        objective: { name: 'logistic' },
        parameters,
        table,
        encodings,
        labels,
        weights: null,
        training: 20_000,
        seed
      })
      const test = manyLevels(20_000, 2 * seed + 1)
      const margins = predictTrees(model, test.table.columns, [301, 0, 0], 20_000)
      gap += (areaUnderCurve(test.labels, margins)! - reference.levels.aucs[seed - 1]!) / 5
    }
    expect(gap).toBeGreaterThan(-0.001)
  })
})
