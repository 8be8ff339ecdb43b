import { describe, expect, it } from 'vitest'
import { Random, studentQuantile } from '../../numerics'
import { compareWithShares } from './baseline'

const [units, copies] = [24, 25]
const random = new Random(31)
const labels = Uint16Array.from({ length: units }, () => random.below(3))
const scores = new Float64Array(units * 3)
labels.forEach((label, row) => {
  for (let place = 0; place < 3; place++) scores[row * 3 + place] = place === label ? 0.4 + 0.1 * random.uniform() : 0.25
})
const shares = [1 / 3, 1 / 3, 1 / 3]

/** Every row so many times. */
const copied = {
  labels: Uint16Array.from({ length: units * copies }, (_, row) => labels[Math.floor(row / copies)]!),
  scores: Float64Array.from({ length: units * copies * 3 }, (_, at) => scores[Math.floor(at / 3 / copies) * 3 + (at % 3)]!),
  clusters: Uint32Array.from({ length: units * copies }, (_, row) => Math.floor(row / copies))
}

describe('a model beside the class shares', () => {
  it('is no surer of rows that are copies of each other than of one of each', () => {
    const one = compareWithShares({ labels, weights: null }, scores, shares)
    const about = { clusters: { by: 'group' as const, column: 'house', codes: copied.clusters } }
    const many = compareWithShares({ labels: copied.labels, weights: null }, copied.scores, shares, about)
    const half = ({ gain }: typeof one): number => gain.upper! - gain.value
    expect(many.gain.value).toBeCloseTo(one.gain.value, 12)
    // Student's distribution of 24 clusters in place of the normal one.
    expect(half(many) / half(one)).toBeCloseTo(studentQuantile(0.975, units - 1) / 1.959964, 5)
    const asRows = compareWithShares({ labels: copied.labels, weights: null }, copied.scores, shares)
    expect(half(many) / half(asRows)).toBeGreaterThan(4)
  })

  it('cannot be told apart by the rows of a single cluster', () => {
    const codes = new Uint32Array(units)
    const { gain, verdict } = compareWithShares({ labels, weights: null }, scores, shares, {
      clusters: { by: 'group', column: 'house', codes }
    })
    expect([gain.lower, gain.upper, verdict]).toEqual([null, null, 'cannot be told'])
  })

  it('is compared by the rows that count', () => {
    const weights = Float64Array.from({ length: units }, (_, row) => (row % 3 === 0 ? 2 : 0))
    const rows = Uint32Array.from(weights.keys()).filter((row) => weights[row]! > 0)
    const own = compareWithShares(
      { labels: Uint16Array.from(rows, (row) => labels[row]!), weights: Float64Array.from(rows, () => 2) },
      Float64Array.from({ length: rows.length * 3 }, (_, at) => scores[rows[Math.floor(at / 3)]! * 3 + (at % 3)]!),
      shares
    )
    expect(compareWithShares({ labels, weights }, scores, shares).gain).toEqual(own.gain)
  })
})
