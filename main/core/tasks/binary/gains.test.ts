import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { gainsByTenth } from './gains'
import { deriveRanking } from './ranking'

interface Case {
  scores: number[]
  labels: number[]
  weights: number[] | null
  gain: number[]
  lift: number[]
}
const cases = JSON.parse(readFileSync(new URL('./fixtures/gains.json', import.meta.url), 'utf8')) as Case[]

describe('gains by tenth', () => {
  it.each(cases)('are those of numpy, with equal scores and weights', ({ scores, labels, weights, gain, lift }) => {
    const stated = Float64Array.from(scores)
    const found = gainsByTenth(Uint8Array.from(labels), stated, deriveRanking(stated), weights && Float64Array.from(weights))
    found.forEach((tenth, at) => {
      expect(tenth.gain).toBeCloseTo(gain[at]!, 10)
      expect(tenth.lift).toBeCloseTo(lift[at]!, 9)
      if (weights) expect(tenth.lower).toBeNull()
      else expect(tenth.lower! <= tenth.lift + 1e-12 && tenth.lift <= tenth.upper! + 1e-12).toBe(true)
    })
    expect(found.at(-1)!.gain).toBe(1)
  })

  it('are straight where every score is the same, and none where nothing happened', () => {
    const flat = new Float64Array(40).fill(0.3)
    const labels = Uint8Array.from({ length: 40 }, (_, row) => (row % 4 === 0 ? 1 : 0))
    for (const { lift } of gainsByTenth(labels, flat, deriveRanking(flat), null)) expect(lift).toBeCloseTo(1, 12)
    expect(gainsByTenth(new Uint8Array(40), flat, deriveRanking(flat), null)).toEqual([])
  })
})
