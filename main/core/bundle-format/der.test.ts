import { describe, expect, it } from 'vitest'
import { derTags, encodeDer, encodeDerOid, readDerElements, readDerOid } from './der'

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
