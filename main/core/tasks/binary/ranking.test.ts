import fc from 'fast-check'
import { expect, it } from 'vitest'
import { deriveRanking } from './ranking'

it('ranks rows from the highest score on, equal ones together and in the order of the table, as a sort of rows does', () => {
  const score = fc.oneof(fc.constantFrom(0, -0, 0.25, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }))
  fc.assert(
    fc.property(fc.array(score, { maxLength: 60 }), (drawn) => {
      const scores = Float64Array.from(drawn)
      const { order, starts } = deriveRanking(scores)
      const expected = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b)
      expect([...order]).toEqual(expected)
      const groups = expected.flatMap((row, at) => (at === 0 || scores[row] !== scores[expected[at - 1]!] ? [at] : []))
      expect([...starts]).toEqual([...groups, drawn.length])
    })
  )
})
