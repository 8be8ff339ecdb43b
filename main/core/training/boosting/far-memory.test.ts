import { describe, expect, it } from 'vitest'
import { gradientBoostingParametersSchema } from '../../../model/training'
import { Random } from '../../numerics'
import type { Objective } from '../objective'
import { createEngine } from './create-engine'
import type { EngineShape } from './engine'
import { fitBoosting, type BoostingRequest } from './fit-boosting'
import { layOut } from './wasm/layout'

const rows = 3000
const training = 2500
const maxBins = 2
const half = 2 ** 31

/** Two numbers and a text of five kinds. */
function requestOf(objective: Objective, maxLeaves: number): BoostingRequest {
  const random = new Random(3)
  const [a, b] = [0, 1].map(() => Float32Array.from({ length: rows }, () => random.uniform())) as [Float32Array, Float32Array]
  const c = Uint32Array.from({ length: rows }, () => random.below(5))
  const amounts = Float64Array.from(a, (x, row) => 2 * x + b[row]! + (c[row]! % 2) + random.uniform() / 2)
  const shared = { missingShare: 0, min: 0, max: 1, hasOther: true, categoryCount: 0 }
  const numbers = ['a', 'b'].map((name) => ({ ...shared, name, kind: 'number' as const, kept: [] }))
  const parameters = gradientBoostingParametersSchema.parse({ trees: 1, maxBins, minRowsPerLeaf: 400, maxDepth: 3, rowFraction: 0.8 })
  return {
    ...{ objective, training, weights: null, seed: 1, parameters: { ...parameters, maxLeaves } },
    table: { rows, columns: [a, b, c] },
    encodings: [...numbers, { ...shared, name: 'c', kind: 'category', kept: ['p', 'q', 'r', 's', 't'] }],
    labels: objective.name === 'logistic' ? amounts.map((amount) => (amount > 2 ? 1 : 0)) : amounts
  }
}

const shapeOf = (maxLeaves: number): EngineShape => ({ rows: training, watching: rows - training, width: 1, maxLeaves, isLogistic: true })

/** Pages that nobody writes to take no memory here. What a wide or long table fills, very many leaves only set aside. */
describe.runIf(process.platform === 'linux')('a fit whose memory reaches beyond the addresses of 31 bits', () => {
  const layoutOf = (maxLeaves: number) =>
    layOut(
      shapeOf(maxLeaves),
      [maxBins, maxBins, 6].map((bins) => ({ bins, wide: false })),
      1
    )
  let histograms = 6_300_000
  while (layoutOf(histograms).slots < half) histograms += 200
  it.each([
    { what: 'with its histograms', maxLeaves: histograms, objective: { name: 'squared' } },
    { what: 'with its rows', maxLeaves: 6_800_000, objective: { name: 'logistic' } }
  ] as const)('finds what the plain engine finds: $what', async ({ maxLeaves, objective }) => {
    const { scratch, columns, slots } = layoutOf(maxLeaves)
    expect([scratch < half, columns.every((at) => at > half), slots >= half]).toEqual([
      maxLeaves === histograms,
      maxLeaves !== histograms,
      true
    ])
    const request = requestOf(objective, maxLeaves)
    expect(createEngine(shapeOf(maxLeaves), request.table, request.encodings, maxBins, 1).kind).toBe('wasm')
    const [plain, compiled] = [await fitBoosting({ ...request, engine: 'plain' }), await fitBoosting({ ...request, threads: 1 })]
    expect(plain.model.trees[0]!.feature.length).toBe(7)
    expect(plain.model.sets.length).toBeGreaterThan(0)
    expect([compiled.model, compiled.history]).toEqual([plain.model, plain.history])
  })
})
