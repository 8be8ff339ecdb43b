import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { gradientBoostingParametersSchema } from '../../../model/training'
import { Random } from '../../numerics'
import type { Objective } from '../objective'
import type { NativeModel } from '../native-model'
import { exportOnnx } from '../onnx/export-model'
import { settleBorders } from '../rounding'
import { fitBoosting } from './fit-boosting'
import { randomTable } from './fixtures/random-table'
import type { MonotoneDirections } from './monotone'

const rows = 60
const objectives: Objective[] = [{ name: 'logistic' }, { name: 'squared' }, { name: 'quantile', quantile: 0.3 }, { name: 'poisson' }]

/** A fit to random rows, as the model that is exported. */
async function grow(random: Random, objective: Objective, isBound: boolean) {
  const drawn = randomTable(random, objective, { columns: 5 })
  const parameters = gradientBoostingParametersSchema.parse({
    ...{ trees: 15, learningRate: 0.3, maxLeaves: 12, minRowsPerLeaf: 3, l2: 0.1, earlyStoppingRounds: 0, minRowsPerGroup: 5 }
  })
  const directions: MonotoneDirections = Int8Array.from(drawn.encodings, ({ kind }, at) => (kind === 'category' ? 0 : at % 2 ? -1 : 1))
  const { model } = await fitBoosting({ ...drawn, objective, parameters, directions: isBound ? directions : null, seed: 1 })
  const native: NativeModel = {
    ...{ schema: 'drydock.native-model', version: 1, algorithm: 'gradient-boosting', objective },
    ...{ features: [...drawn.encodings], model: settleBorders(model, drawn.encodings) }
  }
  const session = await InferenceSession.create(exportOnnx(native, 'monotone', {}))
  return { ...drawn, directions, session }
}

type Grown = Awaited<ReturnType<typeof grow>>

/** What the exported model states where one column runs upwards through its range and all others are those of one row. */
async function sweepColumn({ table, encodings, session }: Grown, row: number, swept: number): Promise<Float32Array> {
  const feeds = encodings.map(({ name, kind, kept, precision }, index) => {
    const own = table.columns[index]![row]!
    const cells = Array.from({ length: rows }, (_, at) => (index === swept ? -4.2 + (8.4 * at) / rows : own))
    if (kind === 'category')
      return [
        name,
        new Tensor(
          'string',
          cells.map((code) => kept[code] ?? (code > kept.length ? '' : 'rare')),
          [rows, 1]
        )
      ]
    return [
      name,
      precision === 'double'
        ? new Tensor('float64', Float64Array.from(cells), [rows, 1])
        : new Tensor('float32', Float32Array.from(cells), [rows, 1])
    ]
  })
  const outputs = await session.run(Object.fromEntries(feeds) as Record<string, Tensor>)
  if (outputs.prediction) return outputs.prediction.data as Float32Array
  return (outputs.probabilities!.data as Float32Array).filter((_, at) => at % 2 === 1)
}

/** How often what is stated goes against the direction asked for. */
async function breaches(grown: Grown, random: Random): Promise<number> {
  let found = 0
  for (const [index, direction] of grown.directions.entries())
    for (let draw = 0; direction !== 0 && draw < 4; draw++) {
      const stated = await sweepColumn(grown, random.below(grown.table.rows), index)
      for (let at = 1; at < rows; at++) if ((stated[at]! - stated[at - 1]!) * direction < 0) found++
    }
  return found
}

describe('a direction asked for', () => {
  it.each(objectives)('holds in the exported model, on any row: $name', async (objective) => {
    const random = new Random(11)
    let without = 0
    for (let round = 0; round < 4; round++) {
      const grown = await grow(random, objective, true)
      expect(await breaches(grown, random), `round ${round}`).toBe(0)
      without += await breaches(await grow(random, objective, false), random)
    }
    // The same rows without directions go both ways.
    expect(without).toBeGreaterThan(50)
  })
})
