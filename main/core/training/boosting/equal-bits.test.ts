import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { gradientBoostingParametersSchema } from '../../../model/training'
import { Random } from '../../numerics'
import { fitBoosting, type BoostingRequest } from './fit-boosting'
import { randomTable } from './fixtures/random-table'
import type { Objective } from '../objective'

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex')

const objectives: Objective[] = [
  { name: 'logistic' },
  { name: 'softmax', classes: 3 },
  { name: 'squared' },
  { name: 'absolute' },
  { name: 'quantile', quantile: 0.8 },
  { name: 'poisson' },
  { name: 'gamma' }
]

/** A fit of any kind: rows, columns, parameters, weights and directions are drawn. */
function randomRequest(random: Random, objective: Objective): BoostingRequest {
  const chance = (share: number): boolean => random.uniform() < share
  const drawn = randomTable(random, objective)
  const parameters = gradientBoostingParametersSchema.parse({
    trees: 3 + random.below(6),
    learningRate: 0.05 + 0.9 * random.uniform(),
    maxLeaves: 2 + random.below(40),
    maxDepth: random.below(6),
    minRowsPerLeaf: 1 + random.below(30),
    l2: chance(0.5) ? 0 : random.uniform() * 3,
    maxBins: chance(0.5) ? 255 : 2 + random.below(254),
    rowFraction: chance(0.5) ? 1 : 0.3 + 0.7 * random.uniform(),
    featureFraction: chance(0.5) ? 1 : 0.3 + 0.7 * random.uniform(),
    earlyStoppingRounds: random.below(5)
  })
  const directions = chance(0.3) ? Int8Array.from(drawn.encodings, ({ kind }) => (kind === 'category' ? 0 : random.below(3) - 1)) : null
  return { ...drawn, objective, parameters, directions, seed: random.below(1000) }
}

describe('the model of a fit', () => {
  it.each(objectives)('has the same bits with any number of threads, in WebAssembly and in plain TypeScript: $name', async (objective) => {
    const random = new Random(41)
    for (let round = 0; round < 6; round++) {
      const request = randomRequest(random, objective)
      const found: string[] = []
      for (const way of [{ engine: 'plain' as const }, { threads: 1 }, { threads: 2 }, { threads: 3 }]) {
        const { model, history, gains } = await fitBoosting({ ...request, ...way })
        expect(model.trees.length).toBeGreaterThan(0)
        found.push(digest([model, history, [...gains]]))
      }
      expect(new Set(found).size, `round ${round}`).toBe(1)
    }
  })

  it.each([
    { rows: 900, columns: 64, featureFraction: 0.5 },
    { rows: 900, columns: 300, featureFraction: 0.4 },
    { rows: 40_000, columns: 80, featureFraction: 0.6 }
  ])(
    'has the same bits where features with gaps between them are drawn of many: $rows x $columns',
    async ({ rows, columns, featureFraction }) => {
      const drawn = randomTable(new Random(7), { name: 'logistic' }, { rows, columns })
      const parameters = gradientBoostingParametersSchema.parse({ trees: 3, maxLeaves: 12, featureFraction, earlyStoppingRounds: 0 })
      const request = { ...drawn, objective: { name: 'logistic' }, parameters, seed: 1 } as const
      const found: string[] = []
      for (const way of [{ engine: 'plain' as const }, { threads: 1 }, { threads: 2 }, { threads: 3 }]) {
        const { model, history } = await fitBoosting({ ...request, ...way })
        found.push(digest([model, history]))
      }
      expect(new Set(found).size).toBe(1)
    }
  )

  it('has the same bits where large nodes are divided by several threads', async () => {
    const random = new Random(7)
    const drawn = randomTable(random, { name: 'logistic' }, { rows: 70_000, columns: 3 })
    const parameters = gradientBoostingParametersSchema.parse({ trees: 3, maxLeaves: 12, earlyStoppingRounds: 0 })
    const request = { ...drawn, objective: { name: 'logistic' }, parameters, seed: 1 } as const
    const found = await Promise.all([1, 2, 4].map((threads) => fitBoosting({ ...request, threads })))
    const plain = await fitBoosting({ ...request, engine: 'plain' })
    expect(plain.model.trees[0]!.feature.length).toBeGreaterThan(10)
    expect(new Set([...found, plain].map(({ model, history }) => digest([model, history]))).size).toBe(1)
  })
})
