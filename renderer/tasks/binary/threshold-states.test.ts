import { describe, expect, it } from 'vitest'
import { judgeScores } from '../../../main/core/tasks/binary/judge'
import { wilsonInterval } from '../../../main/model/tasks'
import { intervalsAt, thresholdStates } from './threshold-states'

/** Rows that count 1 to 4, and the same rows standing so often. */
const weights = Float64Array.from({ length: 60 }, (_, row) => 1 + (row % 4))
const labels = Uint8Array.from(weights, (_, row) => (row % 3 === 0 ? 1 : 0))
const scores = Float64Array.from(weights, (_, row) => ((row * 37) % 60) / 100 + (labels[row] ? 0.3 : 0.1))
const standing = [...weights].flatMap((times, row) => new Array<number>(times).fill(row))
const choices = { threshold: 0.555, bootstrapSamples: 0, seed: 1 }
const positives = labels.reduce((sum, label) => sum + label, 0)
const judged = { judged: 60, positives, negatives: 60 - positives, withoutTarget: 0, read: 60 }

const weighted = async () => ({ ...(await judgeScores(labels, scores, { ...choices, weights })), threshold: 0.555, rows: judged })
const plain = async () => {
  const own = Uint8Array.from(standing, (row) => labels[row]!)
  const found = await judgeScores(
    own,
    Float64Array.from(standing, (row) => scores[row]!),
    choices
  )
  const came = own.reduce((sum, label) => sum + label, 0)
  return {
    ...found,
    threshold: 0.555,
    rows: { judged: own.length, positives: came, negatives: own.length - came, withoutTarget: 0, read: 60 }
  }
}

describe('decisions at every threshold', () => {
  it('of rows that count by weight are those of the rows they stand for, as a share of the judged ones', async () => {
    const [one, many] = [thresholdStates(await weighted()), thresholdStates(await plain())]
    const factor = 60 / standing.length
    // The sweep of both holds other quantiles of the scores besides the even steps.
    const both = one.flatMap((state) => many.filter((other) => other.threshold === state.threshold).map((other) => [state, other]))
    expect(both.length).toBeGreaterThan(60)
    for (const [state, other] of both) {
      for (const key of ['truePositive', 'falsePositive', 'trueNegative', 'falseNegative'] as const)
        expect(state!.confusion[key], `${key} at ${state!.threshold}`).toBeCloseTo(other!.confusion[key] * factor, 9)
      expect(state!.selectionRate).toBeCloseTo(other!.selectionRate, 12)
    }
    expect(one.some(({ threshold }) => threshold === 0.555)).toBe(true)
  })

  it('have the intervals of the evaluation where rows count by weight: few heavy events are no more than they are', async () => {
    const came = Uint8Array.from({ length: 1000 }, (_, row) => (row < 100 ? 1 : 0))
    const heavy = Float64Array.from(came, (event) => (event ? 10 : 1))
    const stated = Float64Array.from(came, (event, row) => ((row * 37) % 100) / 200 + (event ? 0.4 : 0.1))
    const found = await judgeScores(came, stated, { ...choices, weights: heavy })
    const rows = { judged: 1000, positives: 100, negatives: 900, withoutTarget: 0, read: 1000 }
    const evaluation = { ...found, threshold: 0.555, rows }
    const states = thresholdStates(evaluation)
    const state = states.find(({ threshold }) => threshold === 0.555)!
    const { recall } = intervalsAt(evaluation, state)
    const hundred = wilsonInterval(100 * state.recall!, 100)
    expect(recall!.lower).toBeCloseTo(hundred.lower, 3)
    expect(recall!.upper).toBeCloseTo(hundred.upper, 3)
    expect(Object.values(intervalsAt(evaluation, states[3]!)).every((each) => each === null)).toBe(true)
  })

  it('have the intervals of the evaluation at its own threshold, and none elsewhere, where rows come in clusters', async () => {
    const codes = Uint32Array.from(labels, (_, row) => row % 15)
    const found = await judgeScores(labels, scores, { ...choices, clusters: { by: 'group', column: 'house', codes } })
    const evaluation = { ...found, threshold: 0.555, rows: judged }
    const states = thresholdStates(evaluation)
    const own = intervalsAt(
      evaluation,
      states.find(({ threshold }) => threshold === 0.555)!
    )
    expect(own.recall).toBe(found.metrics.recall.interval)
    expect(own.falsePositiveRate!.upper).toBeCloseTo(1 - found.metrics.specificity.interval!.lower, 12)
    expect(Object.values(intervalsAt(evaluation, states[3]!)).every((each) => each === null)).toBe(true)
  })
})
