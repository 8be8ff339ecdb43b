import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
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

describe('how deep it is nested', () => {
  const nested = (depth: number, inside = '') => `${'['.repeat(depth)}${inside}${']'.repeat(depth)}`
  it('is up to a hundred levels, of lists and objects alike', () => {
    expect(() => parse(nested(100))).not.toThrow()
    expect(() => parse(nested(101))).toThrow(/nested more than 100 levels/)
    expect(() => parse(nested(99, '{}'))).not.toThrow()
    expect(() => parse(nested(100, '{}'))).toThrow(/nested/)
    expect(() => parse(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`)).not.toThrow()
    expect(() => parse(`${'{"a":'.repeat(101)}1${'}'.repeat(101)}`)).toThrow(/nested/)
  })
  it('counts what is open at once, and no bracket in a text', () => {
    expect(() => parse(`[${Array(200).fill('[],{}').join(',')}]`)).not.toThrow()
    expect(() => parse(`["${'['.repeat(200)}","\\"${'{'.repeat(200)}"]`)).not.toThrow()
    expect(() => parse(nested(100, `"\\\\","\\"]]"`))).not.toThrow()
    expect(() => parse(nested(100, `"]]]",[]`))).toThrow(/nested/)
    expect(() => parse(`["${'['.repeat(200)}`)).toThrow(/valid JSON/)
  })
})

describe('where a name may stand again', () => {
  it.each([
    '{"a":{"a":{"a":1}},"b":1}',
    '[{"a":1},{"a":2}]',
    '{"x":[1,"x","x"],"y":["y"]}',
    '{"a":"b","b":"a","c":"\\"a\\""}',
    '{"a":[],"b":{},"c":1}',
    '["a","a"]'
  ])('is another object or a value: %s', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text))
  })
  it.each([
    '{"a":{"b":1},"a":1}',
    '{"a":["b"],"a":1}',
    '{"x":1,"a":[{"b":1,"c":2}],"x":1}',
    '{"a":{"x":1,"y":2,"x":3}}',
    '{"a":"\\"","a":1}',
    '{"a" : 1 , "b":"x,y{", "a" : 2}'
  ])('is not the same one: %s', (text) => {
    expect(() => parse(text)).toThrow(/has the name "[ax]" twice/)
  })
  it('is named without what would mislead', () => {
    expect(() => parse('{"\u202e":1,"\u202e":2}')).toThrow(/"\\u202e" twice/)
  })
})
