import { expect, it } from 'vitest'
import type { MulticlassMetric } from '../../../model/tasks/multiclass'
import { Random } from '../../numerics'
import { drawRows } from './fixtures/drawn-rows'
import { judgeClasses } from './judge'

const shares = [0.5, 0.3, 0.2]
const classes = ['a', 'b', 'c']
const watched: MulticlassMetric[] = [
  'log_loss',
  'accuracy',
  'balanced_accuracy',
  'precision_macro',
  'f1_macro',
  'auc_ovr',
  'auc_ovr_weighted'
]

/** In how many of the trials the interval held the figure that very many rows have. */
async function coverage(trials: number, skill: number, clusterOf: (rows: number) => { rows: number; clusters: Uint32Array | null }) {
  const many = drawRows(120_000, shares, skill, new Random(1))
  const truth = await judgeClasses({ labels: many.labels, weights: null }, many.scores, { classes, bootstrapSamples: 0, seed: 1 })
  const held = Object.fromEntries(watched.map((key) => [key, 0]))
  const random = new Random(7)
  for (let trial = 0; trial < trials; trial++) {
    const drawn = drawRows(300, shares, skill, random)
    const { rows, clusters } = clusterOf(300)
    const times = rows / 300
    // Rows that stand for several copies say no more than once.
    const labels = Uint16Array.from({ length: rows }, (_, row) => drawn.labels[Math.floor(row / times)]!)
    const scores = Float64Array.from({ length: rows * 3 }, (_, at) => drawn.scores[Math.floor(at / 3 / times) * 3 + (at % 3)]!)
    const judged = await judgeClasses({ labels, weights: null }, scores, {
      classes,
      bootstrapSamples: 400,
      seed: trial,
      clusters: clusters && { by: 'group', column: 'g', codes: clusters }
    })
    for (const key of watched) {
      const { lower, upper } = judged.metrics[key]!.interval!
      const value = truth.metrics[key]!.value!
      if (lower <= value && value <= upper) held[key]! += 1
    }
  }
  return Object.fromEntries(watched.map((key) => [key, held[key]! / trials]))
}

it('holds the true figures in 95 of 100 trials of 300 rows, within what 400 trials can show', async () => {
  const found = await coverage(400, 1.6, (rows) => ({ rows, clusters: null }))
  for (const key of watched) {
    expect(found[key], key).toBeGreaterThan(0.92)
    expect(found[key], key).toBeLessThan(0.985)
  }
}, 120_000)

it('holds them as often where every row stands three times and its copies are one cluster', async () => {
  const found = await coverage(200, 1.6, (rows) => ({
    rows: rows * 3,
    clusters: Uint32Array.from({ length: rows * 3 }, (_, row) => Math.floor(row / 3))
  }))
  for (const key of watched) {
    expect(found[key], key).toBeGreaterThan(0.9)
    expect(found[key], key).toBeLessThan(0.99)
  }
}, 120_000)
