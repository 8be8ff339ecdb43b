import { describe, expect, it } from 'vitest'
import { gradientBoostingParametersSchema } from '../../model/training'
import { rounds } from '../../testing/deep'
import { selectRows } from '../frames'
import { Random } from '../numerics'
import { binaryTask } from '../tasks'
import { fitModel, type FitRequest } from './fit-model'
import { encodeFeatures } from './features'
import { frameOf, fromTheUsa, gentoo, noise, sex, weak, type SmallSet } from './fixtures/small-sets'
import { predictNative } from './native-model'

/** Name, rows, and how much of the base rate's log loss may be left; nothing is to be learned from the first four. */
const sets: [string, SmallSet, number][] = [
  ['noise, 150 rows, 20%', noise(150, 0.2, 1), 1.1],
  ['noise, 300 rows, 20%', noise(300, 0.2, 2), 1.06],
  ['noise, 600 rows, 10%', noise(600, 0.1, 3), 1.05],
  ['noise, 1500 rows, 20%', noise(1500, 0.2, 4), 1.03],
  ['weak signal, 300 rows', weak(300, 5), 0.95],
  ['weak signal, 1000 rows', weak(1000, 6), 0.8],
  ['penguins: Gentoo', gentoo(), 0.35],
  ['penguins: sex', sex(), 0.75],
  ['cars: from the USA', fromTheUsa(), 0.75]
]

const task = binaryTask

/** Mean log loss on the three tenths that were not learned from, and that of the base rate of the others. */
async function judge(set: SmallSet, parameters: object, seed: number) {
  const order = new Random(seed, 9).shuffle(Uint32Array.from(set.labels.keys()))
  const cut = Math.round(order.length * 0.7)
  const frame = frameOf(set)
  const part = (rows: Uint32Array) => ({
    frame: selectRows(frame, rows),
    labels: Uint8Array.from(rows, (row) => set.labels[row]!),
    weights: null
  })
  const [rows, test] = [part(order.slice(0, cut)), part(order.slice(cut))]
  const request = {
    task,
    target: { name: 'y', positive: 1, negatives: [0] },
    objective: { name: 'logistic' },
    algorithm: 'gradient-boosting',
    parameters,
    seed,
    features: Object.keys(set.cells),
    rows,
    validation: null,
    holdBack: { by: 'random', column: null }
  } satisfies FitRequest
  const { native } = await fitModel(request, [], {})
  const { log_loss, gain } = task.baseline.compare(
    test,
    predictNative(native, encodeFeatures(test.frame, native.features)),
    task.baseline.of(rows)
  )
  return { base: log_loss, model: log_loss - gain.value }
}

describe('the defaults of boosting on small tables', () => {
  it.each(sets)('%s: no worse than the base rate, and better where there is something to learn', async (name, set, most) => {
    const repeats = rounds(3, 20)
    let base = 0
    let model = 0
    for (let seed = 1; seed <= repeats; seed++) {
      const found = await judge(set, {}, seed)
      base += found.base / repeats
      model += found.model / repeats
    }
    console.log(`${name}: log loss ${model.toFixed(3)}, base rate ${base.toFixed(3)}`)
    expect(model / base).toBeLessThan(most)
  })

  it('are what keeps it from overfitting: without them the same rows cost half as much again as the base rate', async () => {
    const before = { trees: 200, learningRate: 0.1, maxLeaves: 31, l2: 0, validationFraction: 0, earlyStoppingRounds: 0 }
    const { base, model } = await judge(noise(600, 0.2, 3), before, 1)
    expect(model / base).toBeGreaterThan(1.5)
    expect(gradientBoostingParametersSchema.parse({})).toMatchObject({ earlyStoppingRounds: 30, validationFraction: 0.15 })
  })
})
