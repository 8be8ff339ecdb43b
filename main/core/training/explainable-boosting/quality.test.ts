import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { explainableBoostingParametersSchema } from '../../../model/training-parameters/explainable-boosting'
import { isDeep } from '../../../testing/deep'
import { selectRows } from '../../frames'
import { deriveEncodings, encodeFeatures } from '../features'
import type { Objective } from '../objective'
import { keepCategories } from './categories'
import { fitShapes } from './fit'
import { divide, movies, strikes, type RealTable } from './fixtures/tables'
import { predictShapes } from './model'

interface Reference {
  seeds: number[]
  pairs: number[]
  strikes: number[][]
  movies: number[][]
}
const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', 'interpret.json'), 'utf8')) as Reference

async function marginsOn({ frame, labels, features }: RealTable, objective: Objective, seed: number, pairs: number) {
  const { learned, watching, held } = divide(frame.rows, seed)
  const parameters = explainableBoostingParametersSchema.parse({ pairs })
  const encodings = deriveEncodings(selectRows(frame, learned), features, keepCategories(parameters))
  const part = (rows: Uint32Array) => ({
    table: encodeFeatures(selectRows(frame, rows), encodings),
    labels: Float64Array.from(rows, (row) => labels[row]!),
    weights: new Float64Array(rows.length).fill(1)
  })
  const fit = await fitShapes({
    objective,
    parameters,
    features: encodings,
    training: { ...part(learned), groups: null },
    watching: part(watching),
    isWatchedByLeft: false,
    directions: encodings.map(() => null),
    seed,
    progress: {}
  })
  const { table, labels: own } = part(held)
  return { margins: predictShapes(fit.model, encodings, table), labels: own }
}

function aucOf(scores: Float64Array, labels: Float64Array): number {
  const order = [...scores.keys()].sort((a, b) => scores[a]! - scores[b]!)
  let [rank, events] = [0, 0]
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++
    for (let at = from; at < to; at++)
      if (labels[order[at]!]) {
        rank += (from + to + 1) / 2
        events++
      }
  }
  return (rank - (events * (events + 1)) / 2) / (events * (order.length - events))
}

/** Without pairs and with five; one of the two in the short form. */
const settings = (short: number): [number, number][] =>
  reference.pairs.map((pairs, at): [number, number] => [pairs, at]).filter(([pairs]) => isDeep || pairs === short)

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe('explainable boosting beside interpret, over seeds', () => {
  it.each(settings(0))('ranks bird strikes as well, %i pairs', async (pairs, at) => {
    const found: number[] = []
    for (const seed of reference.seeds) {
      const { margins, labels } = await marginsOn(strikes(), { name: 'logistic' }, seed, pairs)
      found.push(aucOf(margins, labels))
    }
    console.log(`strikes, ${pairs} pairs: ${mean(found).toFixed(4)}, interpret ${mean(reference.strikes[at]!).toFixed(4)}`)
    expect(mean(found) / mean(reference.strikes[at]!)).toBeGreaterThan(1 - 0.003)
  })

  it.each(settings(5))('predicts ratings as well, %i pairs', async (pairs, at) => {
    const found: number[] = []
    for (const seed of reference.seeds) {
      const { margins, labels } = await marginsOn(movies(), { name: 'squared' }, seed, pairs)
      found.push(Math.sqrt(mean([...margins].map((margin, row) => (margin - labels[row]!) ** 2))))
    }
    console.log(`movies, ${pairs} pairs: ${mean(found).toFixed(4)}, interpret ${mean(reference.movies[at]!).toFixed(4)}`)
    expect(mean(found) / mean(reference.movies[at]!)).toBeLessThan(1 + 0.003)
  })
})
