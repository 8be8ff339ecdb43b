import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffLines } from './line-diff'

/** Length of the longest common subsequence by the textbook table. */
function longestCommon(a: string[], b: string[]): number {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++)
      table[i][j] = a[i - 1] === b[j - 1] ? table[i - 1][j - 1] + 1 : Math.max(table[i - 1][j], table[i][j - 1])
  return table[a.length][b.length]
}

describe('difference of two texts', () => {
  it('gives both texts back and is as short as possible (against the textbook table)', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 14 })
    fc.assert(
      fc.property(text, text, (a, b) => {
        const lines = diffLines(a.join('\n'), b.join('\n'))
        expect(lines.filter((line) => line.kind !== 'added').map((line) => line.text)).toEqual(a)
        expect(lines.filter((line) => line.kind !== 'removed').map((line) => line.text)).toEqual(b)
        expect(lines.filter((line) => line.kind === 'same')).toHaveLength(longestCommon(a, b))
        expect(lines.flatMap((line) => line.after ?? [])).toEqual(b.map((_, index) => index + 1))
      }),
      { numRuns: 400 }
    )
  })
})
