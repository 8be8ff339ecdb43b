import { describe, expect, it } from 'vitest'
import { isLargerThan } from './frames'

/** The size that is counted: the smallest limit that the value does not exceed. */
function sizeOf(value: unknown): number {
  let size = 0
  while (isLargerThan(value, size)) size++
  return size
}

describe('the size of a frame', () => {
  it.each([
    ['a number', 1, 8],
    ['nothing', null, 8],
    ['a text, two bytes for each character', 'abc', 8 + 6],
    ['a buffer', new ArrayBuffer(10), 8 + 10],
    ['a view of a part of a buffer', new Uint16Array(new ArrayBuffer(100), 2, 5), 8 + 10],
    ['a list and what is in it', [1, 'ab'], 8 + 8 + (8 + 4)],
    ['an object, its keys and their values', { key: 'v', n: 1 }, 8 + 6 + (8 + 2) + 2 + 8],
    ['a map, its keys and values', new Map([['k', 'vv']]), 8 + (8 + 2) + (8 + 4)],
    ['a set, as its entries give it', new Set(['k']), 8 + 2 * (8 + 2)],
    ['one thing in another', { rows: [[1], [2]] }, 8 + 8 + 8 + 2 * (8 + 8)]
  ])('is that of %s', (_what, value, size) => {
    expect(sizeOf(value)).toBe(size)
    expect(isLargerThan(value, size)).toBe(false)
  })

  it('is not counted to its end where that would take long', () => {
    let reads = 0
    const entry = {
      get next(): unknown {
        reads++
        return entry
      }
    }
    expect(isLargerThan(entry, 1_599)).toBe(true)
    expect(reads).toBe(100)
    // A list says how long it is before anything of it is read.
    const long = new Proxy(Array.from({ length: 1_000 }), {
      get: (target, key) => {
        if (key === Symbol.iterator) throw new Error('it was read')
        return Reflect.get(target, key) as unknown
      }
    })
    expect(isLargerThan(long, 8 + 8_000 - 1)).toBe(true)
    expect(() => isLargerThan(long, 8 + 8_000)).toThrow('it was read')
  })
})
