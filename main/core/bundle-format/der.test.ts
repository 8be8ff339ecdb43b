import { describe, expect, it } from 'vitest'
import { derTags, encodeDer, encodeDerInteger, encodeDerOid, readDerChildren, readDerElements, readDerInteger, readDerOid } from './der'

const oidOf = (...content: number[]): string => readDerOid(readDerElements(encodeDer(derTags.oid, Buffer.of(...content)))[0])
const malformed = expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining('ASN.1') })

describe('an ASN.1 element', () => {
  it('has a length in one byte up to 127, and in as few as it needs beyond', () => {
    for (const [length, head] of [
      [127, [0x04, 0x7f]],
      [128, [0x04, 0x81, 0x80]],
      [256, [0x04, 0x82, 0x01, 0x00]]
    ] as const) {
      const whole = encodeDer(derTags.octetString, Buffer.alloc(length, 7))
      expect([...whole.subarray(0, head.length)]).toEqual(head)
      expect(readDerElements(whole)).toEqual([{ tag: derTags.octetString, content: Buffer.alloc(length, 7), whole }])
    }
  })

  it.each([
    ['has a tag of several bytes', [0x1f, 0x01, 0x00]],
    ['has a tag of several bytes and is constructed', [0x3f, 0x01, 0x00]],
    ['ends behind its tag', [0x04]],
    ['has no length', [0x04, 0x80, 0x00, 0x00]],
    ['has a length of five bytes', [0x04, 0x85, 0, 0, 0, 0, 1, 7]],
    ['ends within its length', [0x04, 0x82, 0x01]],
    ['ends within its content', [0x04, 0x02, 0x07]]
  ])('that %s is refused', (_what, bytes) => {
    expect(() => readDerElements(Buffer.from(bytes))).toThrow(malformed)
  })
})

describe('an object identifier', () => {
  it.each(['1.2', '2.5.29.15', '1.2.840.10045.4.3.2', '1.3.6.1.5.5.7.3.3'])('%s is read as it was written', (dotted) => {
    expect(readDerOid(readDerElements(encodeDerOid(dotted))[0])).toBe(dotted)
  })

  it('may begin with any second number below the arc 2', () => {
    expect([oidOf(0x27), oidOf(0x28), oidOf(0x50), oidOf(0x88, 0x37)]).toEqual(['0.39', '1.0', '2.0', '2.999'])
  })

  it('of no number, or of another tag, is refused', () => {
    expect(() => oidOf()).toThrow(malformed)
    expect(() => readDerOid(readDerElements(encodeDer(derTags.integer, Buffer.of(0x2a)))[0])).toThrow(malformed)
    expect(() => readDerOid(undefined)).toThrow(malformed)
  })
})

describe('a whole number', () => {
  it.each([
    [0, [0]],
    [1, [1]],
    [15, [0x0f]],
    [127, [0x7f]],
    [128, [0, 0x80]],
    [255, [0, 0xff]],
    [256, [1, 0]],
    [600_000, [0x09, 0x27, 0xc0]],
    [2 ** 47 - 1, [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff]]
  ])('%i is written without a sign and read again', (value, bytes) => {
    const written = encodeDerInteger(value)
    expect([...written.subarray(2)]).toEqual(bytes)
    expect(readDerInteger(readDerElements(written)[0])).toBe(value)
  })
  it('of no or of more than six bytes, or of another tag, is refused', () => {
    const element = (tag: number, length: number) => readDerElements(encodeDer(tag, Buffer.alloc(length, 1)))[0]
    expect(readDerInteger(element(derTags.integer, 6))).toBe(0x010101010101)
    for (const other of [element(derTags.integer, 0), element(derTags.integer, 7), element(derTags.octetString, 1), undefined])
      expect(() => readDerInteger(other)).toThrow(malformed)
  })
})

describe('the children of an element', () => {
  const child = encodeDerInteger(1)
  it('are those of the one element with that tag', () => {
    expect(readDerChildren(encodeDer(derTags.sequence, child, child), derTags.sequence).map(readDerInteger)).toEqual([1, 1])
    expect(readDerChildren(encodeDer(derTags.sequence), derTags.sequence)).toEqual([])
  })
  it('are refused of none, of two, or of another', () => {
    const whole = encodeDer(derTags.sequence, child)
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.concat([whole, whole]),
      encodeDer(0x31, child),
      encodeDer(derTags.sequence, Buffer.of(0x04))
    ])
      expect(() => readDerChildren(bytes, derTags.sequence)).toThrow(malformed)
  })
  it('may be long, with a length of up to four bytes', () => {
    const inside = Buffer.alloc(70_000, 5)
    expect(readDerElements(Buffer.concat([Buffer.from([0x04, 0x84, 0, 1, 0x11, 0x70]), inside]))[0]?.content).toEqual(inside)
    expect(readDerElements(Buffer.concat([child, encodeDer(0x05)])).map(({ tag, whole }) => [tag, whole.length])).toEqual([
      [0x02, 3],
      [0x05, 2]
    ])
  })
})
