import { describe, expect, it } from 'vitest'
import { assertSafeListing, assertSignableLayout, defaultLimits, refuseBundle } from './container-limits'

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

describe('a bundle that is refused', () => {
  const cause = new Error('why')
  it('says so, where it failed, and which files are at fault', () => {
    expect(refuseBundle('layout', 'It is odd.', ['a', 'b\u202e'], cause)).toMatchObject({
      code: 'INVALID_INPUT',
      message: 'It is odd. Nothing was extracted. Ask the sender for a bundle that was exported again.',
      cause,
      details: {
        check: 'layout',
        files: [
          { name: 'a', problem: 'refused', expected: null, actual: null },
          { name: 'b\\u202e', problem: 'refused', expected: null, actual: null }
        ]
      }
    })
    expect(refuseBundle('container', 'It is odd.').details).toEqual({ check: 'container', files: [] })
  })

  const failureOf = (work: () => void): unknown => {
    try {
      work()
      return null
    } catch (error) {
      const { message, details } = error as { message: string; details: { check: string; files: { name: string }[] } }
      return [details.check, message.replace(/ Nothing was extracted.*/, ''), details.files.map(({ name }) => name)]
    }
  }
  const listing = (...names: string[]) =>
    failureOf(() =>
      assertSafeListing(
        names.map((name) => ({ name, bytes: 1 })),
        { totalBytes: 3, entries: 3 }
      )
    )

  it('for its listing is one with a name, a size, a number or two names that do not go', () => {
    expect(listing('a', 'b/c', 'b/d')).toBeNull()
    expect(listing('a', 'b', 'c', 'd')).toEqual(['container', 'The bundle has 4 files, more than the 3 that are read.', []])
    expect(listing('a', 'b\u001b')).toEqual([
      'container',
      'The bundle has a file with a control character in the name: b\\u001b.',
      ['b\\u001b']
    ])
    expect(listing('A', 'a')).toEqual([
      'container',
      'Two files of the bundle have the same name on some operating systems: A and a.',
      ['a']
    ])
    expect(failureOf(() => assertSafeListing([{ name: 'a', bytes: 3 }, { name: 'b', bytes: 1 }], { totalBytes: 3, entries: 3 }))).toEqual(['container', 'The files of the bundle are larger than 3 bytes together.', ['b']]) // prettier-ignore
  })

  it('for its layout has names that no signature covers, or in an order that depends on the reader', () => {
    const layout = (...names: string[]) => failureOf(() => assertSignableLayout(names))
    expect(layout('a', 'b/.git/x', '.gitx', 'model.sig', 'attestations/a')).toBeNull()
    expect(layout('a', '.git/config', '.GitHub/x')).toEqual(['layout', '.git/config is in the root of the bundle, where no signature covers it.', ['.git/config', '.GitHub/x']]) // prettier-ignore
    expect(layout('b', 'a/x', 'a-b')).toEqual([
      'layout',
      'Verifiers disagree about the order of a-b and a/x: the name of a folder begins like the name of a neighbour.',
      ['a-b', 'a/x']
    ])
    // What no signature lists has no order that could matter.
    expect(layout('attestations/a', 'attestations-b')).toBeNull()
  })
})
