import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rounds } from '../../testing/deep'
import { Random } from '../numerics'
import { binaryTask } from '../tasks'
import { writeArrow } from './fixtures/synthetic'
import { shuffleColumns } from './importance'
import { evaluateModel, trainModel } from './index'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'importance-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A number that matters a little, one that does not, and a text of 60 kinds that says nothing. */
function cellsOf(rows: number, seed: number) {
  const random = new Random(seed)
  const useful = Array.from({ length: rows }, () => random.uniform())
  return {
    useful,
    useless: useful.map(() => random.uniform()),
    town: useful.map(() => `town ${random.below(60)}`),
    outcome: useful.map((x) => random.uniform() < 0.25 + 0.5 * x)
  }
}

/** Deep enough to learn the rows by heart, as a fit without rows to watch it does. */
const byHeart = {
  ...{ trees: 150, learningRate: 0.2, maxLeaves: 31, minRowsPerLeaf: 5, l2: 0, validationFraction: 0 },
  ...{ minRowsPerCategory: 2, minRowsPerGroup: 1, categoryL2: 0, mostCategoriesMoved: 60 }
}

describe('what a column matters', () => {
  it('is told by rows that the model did not learn from: a text of 60 kinds without meaning does not rank first', async () => {
    const repeats = rounds(3, 40)
    const first = { learned: 0, judged: 0 }
    let covered = 0
    let told = 0
    for (let seed = 1; seed <= repeats; seed++) {
      const outputDirectory = join(folder, `model-${seed}`)
      const table = await writeArrow(join(folder, 'train.arrow'), cellsOf(800, seed))
      const record = await trainModel({
        table,
        target: 'outcome',
        algorithm: 'gradient-boosting',
        parameters: byHeart,
        seed,
        outputDirectory
      })
      // Without rows that were held back there is no measure by shuffling.
      expect(record.importances.every(({ permutation }) => permutation === null)).toBe(true)
      const judge = async (rows: string) =>
        (await evaluateModel({ model: join(outputDirectory, 'model.onnx'), table: rows, seed, bootstrapSamples: 0, latencyCalls: 5 }))
          .importance!
      const learned = await judge(table)
      const judged = await judge(await writeArrow(join(folder, 'test.arrow'), cellsOf(800, seed + 1000)))
      expect(judged).toMatchObject({ rows: 800, repeats: 10 })
      if (learned.columns[0]!.feature === 'town') first.learned++
      if (judged.columns[0]!.feature === 'town') first.judged++
      const town = judged.columns.find(({ feature }) => feature === 'town')!
      if (town.low! <= 0) covered++
      const useful = judged.columns.find(({ feature }) => feature === 'useful')!
      if (useful.low! > 0) told++
      expect(useful.low! < useful.value && useful.value < useful.high!).toBe(true)
    }
    console.log(
      `a text without meaning ranks first in ${first.learned} of ${repeats} models on the rows learned from, in ${first.judged} on others; its interval holds 0 in ${covered}, that of the useful number lies above it in ${told}`
    )
    expect(first.judged).toBe(0)
    expect(first.learned).toBeGreaterThan(0.8 * repeats)
    expect(covered).toBeGreaterThan(0.8 * repeats)
    expect(told).toBeGreaterThan(0.8 * repeats)
  })

  it('has an interval that holds the long-run loss about as often as it says', async () => {
    // Scores that are their own column: what shuffling loses in the long run is AUC - 0.5, known from very many rows.
    const draw = (rows: number, seed: number) => {
      const random = new Random(seed, 4)
      const scores = Float64Array.from({ length: rows }, () => random.uniform())
      return { scores, labels: Uint8Array.from(scores, (p) => (random.uniform() < 0.2 + 0.6 * p ? 1 : 0)) }
    }
    const { skill } = binaryTask
    const many = draw(400_000, 0)
    const truth = skill({ labels: many.labels, weights: null }, many.scores)! - 0.5
    const trials = rounds(60, 2000)
    let held = 0
    for (let seed = 1; seed <= trials; seed++) {
      const { scores, labels } = draw(300, seed)
      const found = await shuffleColumns(skill, { labels, weights: null, columns: 1, seed, budget: 1e6 }, (rows, shuffled) =>
        Float64Array.from(shuffled?.order ?? rows, (row) => scores[row]!)
      )
      const { low, high } = found!.columns[0]!
      if (low! <= truth && truth <= high!) held++
    }
    console.log(`95% intervals of importance hold the long-run loss in ${held} of ${trials} trials`)
    expect(held / trials).toBeGreaterThan(0.88)
  })

  it('has an interval of whole clusters where rows come in such', async () => {
    // Outcomes and scores go by the cluster and have nothing to do with each other, so in the long run shuffling loses nothing.
    const { skill } = binaryTask
    const [trials, rows] = [rounds(60, 1000), 600]
    const clusters = Uint32Array.from({ length: rows }, (_, row) => Math.floor(row / 20))
    const held = { clusters: 0, rows: 0 }
    for (let seed = 1; seed <= trials; seed++) {
      const random = new Random(seed, 6)
      const shared = Array.from({ length: rows / 20 }, () => [random.uniform(), random.uniform()] as const)
      const labels = Uint8Array.from(clusters, (cluster) => (random.uniform() < 0.1 + 0.8 * shared[cluster]![0] ? 1 : 0))
      const scores = Float64Array.from(clusters, (cluster) => 0.9 * shared[cluster]![1] + 0.1 * random.uniform())
      const ask = { labels, weights: null, columns: 1, seed, budget: 1e6 }
      for (const [key, codes] of [['clusters', clusters] as const, ['rows', null] as const]) {
        const found = await shuffleColumns(skill, { ...ask, clusters: codes }, (chosen, shuffled) =>
          Float64Array.from(shuffled?.order ?? chosen, (row) => scores[row]!)
        )
        const { low, high } = found!.columns[0]!
        if (low! <= 0 && high! >= 0) held[key]++
      }
    }
    console.log(
      `intervals of importance over clusters hold what is lost in ${held.clusters} of ${trials} trials, of rows one by one in ${held.rows}`
    )
    expect(held.clusters / trials).toBeGreaterThan(0.88)
    expect(held.rows / trials).toBeLessThan(0.8)
  })

  it('is not measured on a handful of rows, nor on one outcome, nor beyond the budget', async () => {
    const { skill } = binaryTask
    const ask = (rows: number, budget: number, positives: number) => {
      const labels = Uint8Array.from({ length: rows }, (_, row) => (row < positives ? 1 : 0))
      return shuffleColumns(skill, { labels, weights: null, columns: 4, seed: 1, budget }, (chosen) =>
        Float64Array.from(chosen, (row) => row / rows)
      )
    }
    expect(await ask(49, 1e6, 20)).toBeNull()
    expect(await ask(400, 40 * 49, 20)).toBeNull()
    expect(await ask(400, 1e6, 0)).toBeNull()
    expect((await ask(400, 40 * 120, 200))!.rows).toBe(120)
    expect((await ask(4000, 1e6, 2000))!.rows).toBe(1000)
  })
})
