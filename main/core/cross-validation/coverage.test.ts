import { expect, it } from 'vitest'
import { rounds } from '../../testing/deep'
import { Random } from '../numerics'
import { drawOf } from './folds/by-chance'
import { correctedHalf, spreadOf } from './summarise'

/** Normal numbers (Box and Muller 1958). */
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform())

interface Sample {
  x: Float64Array
  y: Float64Array
}

const draw = (random: Random, rows: number): Sample => {
  const x = Float64Array.from({ length: rows }, () => normal(random))
  return { x, y: x.map((each) => each + 2 * normal(random)) }
}

/** Root mean squared error of a least-squares line on rows that it was not fitted to. */
function errorOf({ x, y }: Sample, training: readonly number[], test: readonly number[]): number {
  const mean = (values: Float64Array) => training.reduce((sum, row) => sum + values[row]!, 0) / training.length
  const [mx, my] = [mean(x), mean(y)]
  const slope =
    training.reduce((sum, row) => sum + (x[row]! - mx) * (y[row]! - my), 0) / training.reduce((sum, row) => sum + (x[row]! - mx) ** 2, 0)
  return Math.sqrt(test.reduce((sum, row) => sum + (y[row]! - my - slope * (x[row]! - mx)) ** 2, 0) / test.length)
}

/** Errors of a repeated k-fold. */
function foldErrors(sample: Sample, folds: number, repeats: number, seed: number): number[] {
  return Array.from({ length: repeats }, (_, repeat) => {
    const order = [...drawOf(seed, repeat).shuffle(Uint32Array.from(sample.x.keys()))]
    return Array.from({ length: folds }, (_fold, fold) =>
      errorOf(
        sample,
        order.filter((_row, rank) => rank % folds !== fold),
        order.filter((_row, rank) => rank % folds === fold)
      )
    )
  }).flat()
}

/** Mean error of many samples of a model of as many rows as one fold learns from: the truth that the interval is about. */
function truth(rows: number, folds: number): number {
  const random = new Random(99)
  const all = Array.from({ length: rounds(1600, 20_000) }, () => {
    const sample = draw(random, rows)
    const cut = Math.floor((rows * (folds - 1)) / folds)
    const numbers = [...sample.x.keys()]
    return errorOf(sample, numbers.slice(0, cut), numbers.slice(cut))
  })
  return spreadOf(all).mean
}

it.each([
  [5, 1],
  [5, 4],
  [10, 2]
])('the corrected interval of %i folds and %i repeats holds the truth, where the plain one of repeats does not', (folds, repeats) => {
  const rows = 300
  const right = truth(rows, folds)
  const random = new Random(7)
  const draws = rounds(400, 4000)
  let [corrected, plain] = [0, 0]
  for (let at = 0; at < draws; at++) {
    const errors = foldErrors(draw(random, rows), folds, repeats, at)
    const { mean, deviation } = spreadOf(errors)
    if (Math.abs(mean - right) <= correctedHalf(deviation, errors.length, 1 / (folds - 1))) corrected++
    if (Math.abs(mean - right) <= correctedHalf(deviation, errors.length, 0)) plain++
  }
  const [share, naive] = [corrected / draws, plain / draws]
  expect(share).toBeGreaterThan(0.93)
  expect(share).toBeLessThan(0.999)
  if (repeats > 1) expect(naive).toBeLessThan(0.9)
})
