import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findAmbiguousOrder } from './file-names'
import { parseStrictJson } from './strict-json'

const parse = (text: string | Buffer) => parseStrictJson(Buffer.from(text), 'The file')

describe('JSON that decides about trust', () => {
  it('is read like JSON.parse does, for every value', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        // what JSON.parse makes of a text has no duplicates any more
        const value: unknown = JSON.parse(text)
        expect(parse(JSON.stringify(value, null, 2))).toEqual(value)
      })
    )
  })
  it('is refused with a name twice, however it is written or nested', () => {
    for (const text of [
      '{"a":1,"a":2}',
      '{"a":1,"\\u0061":2}',
      '[{"x":[{"b":1,"c":{},"b":[]}]}]',
      '{"":1,"":1}',
      '{"a\\"":1,"b":"a","a\\"":2}'
    ])
      expect(() => parse(text)).toThrow(/twice/)
  })
  it('is accepted when only values or different objects repeat', () => {
    for (const text of ['{"a":"a","b":["a","a",{"a":1}],"c":{"a":"b"}}', '["{","a","a","}"]', '{"a\\\\":1,"a":"\\""}'])
      expect(parse(text)).toEqual(JSON.parse(text))
  })
  it('is refused with a byte order mark, bad UTF-8 or bad syntax', () => {
    expect(() => parse('\ufeff{}')).toThrow(/valid JSON/)
    expect(() => parse(Buffer.from([0x22, 0xff, 0x22]))).toThrow(/UTF-8/)
    expect(() => parse('{')).toThrow(/valid JSON/)
  })
})

describe('the order of names', () => {
  it('is ambiguous exactly when a folder and the start of a neighbour meet', () => {
    expect(findAmbiguousOrder(['a/x', 'a-b/x'])).not.toBeNull()
    expect(findAmbiguousOrder(['a/x', 'a.txt'])).not.toBeNull()
    expect(findAmbiguousOrder(['a/x', 'ab/x', 'a0'])).toBeNull()
    expect(findAmbiguousOrder(['\u{10000}', '\uffee'])).toBeNull()
  })
})
