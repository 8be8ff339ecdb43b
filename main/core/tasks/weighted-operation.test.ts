import { expect, it } from 'vitest'
import type { BinaryEvaluation } from '../../model/evaluation'
import { judgeScores } from './binary/judge'
import { expectedSelection } from './binary/operation'
import { judgeClasses } from './multiclass/judge'
import { expectedSelection as expectedClass, operationText } from './multiclass/operation'

/** Rows that count 1 to 4, and the same rows standing so often. */
const weights = Float64Array.from({ length: 80 }, (_, row) => 1 + (row % 4))
const standing = Uint32Array.from([...weights].flatMap((times, row) => new Array<number>(times).fill(row)))
const choices = { bootstrapSamples: 0, seed: 1 }

it('an operator of a yes or no is told to expect what the weighted rows stand for', async () => {
  const labels = Uint8Array.from(weights, (weight, row) => (weight > 2 && row % 3 > 0 ? 1 : 0))
  const scores = Float64Array.from(weights, (weight, row) => ((row * 29) % 80) / 100 + weight / 25)
  const told = async (rows: Uint32Array, own: Float64Array | null) => {
    const came = Uint8Array.from(rows, (row) => labels[row]!)
    const positives = came.reduce((sum, label) => sum + label, 0)
    const judged = await judgeScores(
      came,
      Float64Array.from(rows, (row) => scores[row]!),
      { ...choices, threshold: 0.5, weights: own }
    )
    return expectedSelection({ ...judged, rows: { judged: rows.length, positives } } as unknown as BinaryEvaluation)
  }
  const once = Uint32Array.from(labels.keys())
  const [weighted, asOften, unweighted] = [await told(once, weights), await told(standing, null), await told(once, null)]
  expect(weighted.rate).toBeCloseTo(asOften.rate, 12)
  expect(weighted.rowsUntilSeen).toBe(asOften.rowsUntilSeen)
  expect(unweighted.rate).not.toBeCloseTo(weighted.rate, 2)
  expect(unweighted.rowsUntilSeen).toBeGreaterThan(weighted.rowsUntilSeen)
})

it('an operator of classes is told the shares that the weighted rows stand for, and how many rows were decided rightly', async () => {
  const labels = Uint16Array.from(weights, (weight, row) => (weight === 4 ? 2 : row % 2))
  const scores = Float64Array.from({ length: 240 }, (_, at) => {
    const [row, place] = [Math.floor(at / 3), at % 3]
    return (row % 7 > 1 ? labels[row] : row % 3) === place ? 0.6 : 0.2
  })
  const told = async (rows: Uint32Array, own: Float64Array | null) => {
    const came = Uint16Array.from(rows, (row) => labels[row]!)
    const given = Float64Array.from({ length: rows.length * 3 }, (_, at) => scores[rows[Math.floor(at / 3)]! * 3 + (at % 3)]!)
    const judged = await judgeClasses({ labels: came, weights: own }, given, { ...choices, classes: ['a', 'b', 'c'] })
    const counts = [0, 1, 2].map((place) => came.reduce((sum, label) => sum + (label === place ? 1 : 0), 0))
    return { ...judged, target: { name: 'y', classes: ['a', 'b', 'c'] }, rows: { judged: rows.length, classes: counts }, fairness: null }
  }
  const once = Uint32Array.from(labels.keys())
  const [weighted, asOften, unweighted] = [await told(once, weights), await told(standing, null), await told(once, null)]
  type Told = Parameters<typeof expectedClass>[0]
  expect(expectedClass(weighted as Told).rate).toBeCloseTo(expectedClass(asOften as Told).rate, 12)
  expect(expectedClass(weighted as Told).rowsUntilSeen).toBe(expectedClass(asOften as Told).rowsUntilSeen)
  expect(expectedClass(unweighted as Told).rate).not.toBeCloseTo(expectedClass(weighted as Told).rate, 2)
  const right = labels.reduce((sum, label, row) => sum + ((row % 7 > 1 ? label : row % 3) === label ? 1 : 0), 0)
  expect(operationText.rightAndWrong(weighted as Told)).toContain(`of 80 rows ${right} were decided rightly`)
})
