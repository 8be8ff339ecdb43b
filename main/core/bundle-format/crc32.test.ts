import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32, crc32InScript } from './crc32'

/** The definition, bit by bit. */
function slowly(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return (sum ^ 0xffffffff) >>> 0
}

describe('the checksum of a container', () => {
  it('has the check value of its definition', () => {
    for (const sum of [crc32, crc32InScript]) expect(sum(Buffer.from('123456789'))).toBe(0xcbf43926)
  })

  it('is the same in one piece or in two, by the system or in script', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), fc.nat(70), (bytes, cut) => {
        const expected = slowly(bytes)
        for (const sum of [crc32, crc32InScript]) {
          expect(sum(bytes)).toBe(expected)
          expect(sum(bytes.subarray(cut), sum(bytes.subarray(0, cut)))).toBe(expected)
        }
      }),
      { numRuns: 200 }
    )
  })
})
