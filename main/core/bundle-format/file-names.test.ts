import { describe, expect, it } from 'vitest'
import { compareNames, findAmbiguousOrder, findCollision, isOutsideSignature, refuseName } from './file-names'

const segment = (length: number) => 's'.repeat(length)

describe('a name of a file', () => {
  it.each([
    ...[
      'a',
      'README.md',
      'a/b/c.txt',
      '.hidden',
      '..a',
      'a..b',
      'a b',
      '\u00fc',
      '\u{1f600}',
      'e\u0301',
      'con-1',
      'console.txt',
      'com',
      'com10',
      'lptx',
      'nullable'
    ],
    ...[segment(255), '\u00fc'.repeat(127), `${`${segment(255)}/`.repeat(4).slice(0, -1)}`, 'a;b', "a'b", 'a&b', '1a']
  ])('may be %s', (name) => {
    expect(refuseName(name)).toBeNull()
  })

  it.each<[string, string]>([
    ['an empty name', ''],
    ['a name that is not valid Unicode', 'a\ud800'],
    ['a name that is not valid Unicode', 'a\ufffdb'],
    ['a NUL in the name', 'a\0b'],
    ['a backslash in the name', 'a\\b'],
    ['an absolute path', '/a'],
    ['a drive letter', 'Z:'],
    ['a drive letter', 'c:/a'],
    ...[0x01, 0x09, 0x0a, 0x1f, 0x7f, 0x80, 0x9f].map((code): [string, string] => [
      'a control character in the name',
      `a${String.fromCodePoint(code)}b`
    ]),
    ...[0x61c, 0x200e, 0x200f, 0x202a, 0x202e, 0x2066, 0x2069].map((code): [string, string] => [
      'an invisible character that changes the writing direction',
      `a${String.fromCodePoint(code)}b`
    ]),
    ...[0xad, 0x200b, 0x200c, 0x200d, 0x2060, 0xfeff, 0xe0041].map((code): [string, string] => [
      'an invisible character in the name',
      `a${String.fromCodePoint(code)}b`
    ]),
    ...[...'<>:"|?*'].map((sign): [string, string] => ['a character that Windows does not allow in names', `ab${sign}c`]),
    ['an empty part in the path', 'a//b'],
    ['an empty part in the path', 'a/'],
    ['a "." part in the path', 'a/./b'],
    ['a ".." part in the path', 'a/..'],
    ['a part that ends with a dot or a space', 'a./b'],
    ['a part that ends with a dot or a space', 'a/b '],
    ...['con', 'PRN', 'aux.txt', 'a/Nul', 'com0', 'COM1.tar.gz', 'lpt9', 'com\u00b9', 'lpt\u00b3', 'CONIN$', 'conout$.x'].map(
      (name): [string, string] => ['a name that Windows reserves for devices', name]
    ),
    ['a part of the path that is too long', segment(256)],
    ['a part of the path that is too long', `a/${'\u00fc'.repeat(128)}`],
    ['a name that is too long', `${segment(255)}/`.repeat(4) + 'a']
  ])('with %s is refused: %j', (reason, name) => {
    expect(refuseName(name)).toBe(reason)
  })
})

describe('the order of names', () => {
  it('is that of their bytes', () => {
    expect(['b', 'a', '\u{10000}', '\uffee', 'ab', 'a/'].sort(compareNames)).toEqual(['a', 'a/', 'ab', 'b', '\uffee', '\u{10000}'])
    expect(compareNames('a', 'a')).toBe(0)
  })

  it('is the same by parts, or the two that change places are named', () => {
    expect(findAmbiguousOrder([])).toBeNull()
    expect(findAmbiguousOrder(['b', 'a/x', 'a/x/y', 'a'])).toBeNull()
    expect(findAmbiguousOrder(['c', 'a/x', 'a-b'])).toEqual(['a-b', 'a/x'])
    expect(findAmbiguousOrder(['z/a/x', 'z/a!', 'a'])).toEqual(['z/a!', 'z/a/x'])
  })
})

describe('names that one system takes for the same', () => {
  it.each<[string[], [string, string]]>([
    [
      ['a', 'b', 'a'],
      ['a', 'a']
    ],
    [
      ['A', 'a'],
      ['a', 'A']
    ],
    [
      ['\u00e9', 'e\u0301'],
      ['e\u0301', '\u00e9']
    ],
    [
      ['stra\u00dfe', 'STRASSE'],
      ['STRASSE', 'stra\u00dfe']
    ],
    [
      ['a', 'a/b'],
      ['a/b', 'a']
    ],
    [
      ['a/b', 'A'],
      ['a/b', 'A']
    ],
    [
      ['x/a/b', 'x/a'],
      ['x/a/b', 'x/a']
    ],
    [
      ['Model/a', 'model/b'],
      ['model/b', 'Model/']
    ],
    [
      ['x/Y/a', 'x/y/b'],
      ['x/y/b', 'x/Y/']
    ]
  ])('%j collide', (names, [name, other]) => {
    expect(findCollision(names)).toEqual({ name, other })
  })
  it('are others where they only begin alike', () => {
    expect(findCollision([])).toBeNull()
    expect(findCollision(['a', 'ab', 'b/a', 'b/ab', 'b/c/a', 'bc/a'])).toBeNull()
  })
})

describe('what no signature lists', () => {
  it('is the signature in the root, and what is under attestations', () => {
    const names = [
      'model.sig',
      'attestations/a',
      'attestations/a/b',
      'attestations',
      'a/model.sig',
      'model.sig.old',
      'attestations2/a',
      'a/attestations/b',
      'Model.sig'
    ]
    expect(names.filter(isOutsideSignature)).toEqual(['model.sig', 'attestations/a', 'attestations/a/b'])
  })
})
