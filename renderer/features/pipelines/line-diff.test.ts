import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { diffLines, foldUnchanged } from './line-diff'

/** Length of the longest common subsequence, by the textbook table. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  const row = Array.from({ length: b.length + 1 }, () => 0)
  for (const x of a) {
    let corner = 0
    for (let at = 1; at <= b.length; at++) {
      const above = row[at]
      row[at] = x === b[at - 1] ? corner + 1 : Math.max(above, row[at - 1])
      corner = above
    }
  }
  return row[b.length]
}
const texts = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 14 }).map((lines) => lines.map((line) => `${line}\n`).join(''))
const split = (text: string) => text.split('\n').slice(0, -1)

describe('the difference of two texts by lines', () => {
  it('gives both texts back, numbers their lines, and is the shortest there is', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const lines = diffLines(before, after)
        const left = lines.filter((line) => line.kind !== 'added')
        const right = lines.filter((line) => line.kind !== 'removed')
        expect(left.map((line) => line.text)).toEqual(split(before))
        expect(right.map((line) => line.text)).toEqual(split(after))
        expect(left.map((line) => line.before)).toEqual(left.map((_, index) => index + 1))
        expect(right.map((line) => line.after)).toEqual(right.map((_, index) => index + 1))
        const same = lines.filter((line) => line.kind === 'same').length
        expect(same).toBe(commonLength(split(before), split(after)))
      }),
      { numRuns: 500 }
    )
  })

  it('shows texts that have nothing in common as replaced, also large ones', () => {
    const many = (prefix: string) => Array.from({ length: 5000 }, (_, index) => `${prefix}${index}\n`).join('')
    const lines = diffLines(many('a'), many('b'))
    expect(lines.filter((line) => line.kind === 'removed')).toHaveLength(5000)
    expect(lines.filter((line) => line.kind === 'added')).toHaveLength(5000)
  })

  it('leaves out equal lines far from a change and says how many', () => {
    const before = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join('')
    const parts = foldUnchanged(diffLines(before, before.replace('line 10\n', 'line ten\n')))
    expect(parts.map((part) => ('skipped' in part ? part.skipped : part.lines.length))).toEqual([6, 8, 7])
    expect(foldUnchanged(diffLines(before, before))).toEqual([{ skipped: 20 }])
  })
})
