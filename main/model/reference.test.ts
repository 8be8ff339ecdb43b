import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestOf, parseNamed, parseReference, printReference, Sha256, type Reference } from './reference'

const hex = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
const sha256 = hex(64).map((text) => Sha256.parse(text))
const seen = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .filter((name) => !/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(name))
const name = fc.oneof(seen, sha256, fc.constantFrom('a@b', 'sha256:x', 'split.train', 'x@2', 'dir/file.txt', 'größe'))
const reference: fc.Arbitrary<Reference> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('dataset', 'pipeline', 'policy', 'table', 'model', 'file', 'report', 'bundle'),
    name: fc.option(name, { nil: null }),
    sha256
  }),
  fc.record({ kind: fc.constantFrom('model' as const, 'feature' as const), name, number: fc.integer({ min: 1, max: 999_999_999 }) }),
  fc.record({ kind: fc.constant('run' as const), id: fc.oneof(hex(32), fc.uuid()) }),
  fc.record({ kind: fc.constant('person' as const), id: fc.uuid() }),
  fc.record({ kind: fc.constant('key' as const), id: sha256 })
)
const digest = 'ab'.repeat(32)

describe('references', () => {
  it('are read back as they were printed', () => {
    fc.assert(
      fc.property(reference, (each) => {
        expect(parseReference(printReference(each))).toEqual(each)
      })
    )
  })

  it('are printed as they were read, in one form', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), reference.map(printReference)), (text) => {
        const read = parseReference(text)
        if (read && !/^[a-z-]+:[0-9a-f]{64}$/.test(text)) expect(printReference(read)).toBe(text)
      })
    )
    expect(printReference(parseReference(`model:${digest}`)!)).toBe(`model:sha256:${digest}`)
  })

  it.each([
    '',
    ':',
    'dataset',
    'dataset:',
    'dataset:strikes',
    'dataset:strikes@sha256:',
    `dataset:@sha256:${digest}`,
    `dataset:strikes@sha256:${digest}0`,
    `dataset:strikes@sha256:${digest.slice(1)}`,
    `dataset:strikes@sha256:${digest.toUpperCase()}`,
    `dataset:strikes@${digest}`,
    ` dataset:strikes@sha256:${digest}`,
    `dataset:strikes@sha256:${digest}\n`,
    `dataset:str\u0000ikes@sha256:${digest}`,
    `dataset:str\u202eikes@sha256:${digest}`,
    `Dataset:strikes@sha256:${digest}`,
    `constructor:${digest} `,
    `dataset:${'x'.repeat(4097)}@sha256:${digest}`,
    'model:tides@0',
    'model:tides@01',
    'model:tides@-1',
    'model:tides@1e3',
    'dataset:strikes@2',
    'run:../../etc',
    `run:${digest}`,
    'person:Ada',
    'key:1234'
  ])('refuse %j', (text) => {
    expect(parseReference(text)).toBeUndefined()
  })

  it('name the digest of their version, also where the name looks like one', () => {
    expect(digestOf(`dataset:${'0'.repeat(64)}@sha256:${digest}`)).toBe(digest)
    expect(digestOf(`table:split.train@sha256:${digest}`)).toBe(digest)
    expect(digestOf(`report:sha256:${digest}`)).toBe(digest)
    expect(digestOf(`file:odd\u0000name@sha256:${digest}`)).toBe(digest)
    expect(digestOf('model:tides@2')).toBeUndefined()
    expect(digestOf(`key:${digest}`)).toBeUndefined()
  })

  it('of a person need neither kind nor version', () => {
    expect(parseNamed('policy', 'floor')).toEqual({ name: 'floor', version: null })
    for (const text of [`floor@${digest}`, `floor@sha256:${digest}`, `policy:floor@sha256:${digest}`])
      expect(parseNamed('policy', text)).toEqual({ name: 'floor', version: digest })
    expect(parseNamed('model', 'model:tides@2')).toEqual({ name: 'tides', version: '2' })
    expect(parseNamed('model', 'a@b@2')).toEqual({ name: 'a@b', version: '2' })
    for (const text of ['', 'policy:', '@2', 'ti\u202edes']) expect(parseNamed('policy', text)).toBeUndefined()
  })
})
