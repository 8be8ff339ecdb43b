import { describe, expect, it } from 'vitest'
import { assertSafeListing, defaultLimits } from './container-limits'

const refused = (message: RegExp) => expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringMatching(message) })

describe('what a bundle may cost its reader unless told', () => {
  it('is 8 GiB over all files, to the byte', () => {
    const most = 8 * 2 ** 30
    const listing = (last: number) => [
      { name: 'a', bytes: most - 100 },
      { name: 'b', bytes: last }
    ]
    expect(() => assertSafeListing(listing(100), defaultLimits)).not.toThrow()
    expect(() => assertSafeListing(listing(101), defaultLimits)).toThrow(refused(/larger than 8589934592 bytes together/))
  })

  it('is 100,000 files', () => {
    const files = Array.from({ length: 100_000 }, (_, index) => ({ name: `f${index}`, bytes: 0 }))
    expect(() => assertSafeListing(files, defaultLimits)).not.toThrow()
    expect(() => assertSafeListing([...files, { name: 'one-more', bytes: 0 }], defaultLimits)).toThrow(refused(/100001 files/))
  })
})
