import { createPrivateKey, X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCertificate } from './certificate'
import type { DerElement } from './der'
import { derTags, encodeDer, readDerChildren, readDerElements } from './der'
import { certificatesOf, makeChain, removeFolders } from './sample-bundle.fixture'

const { sequence, octetString, oid } = derTags
const utcTime = 0x17
const generalizedTime = 0x18
const sha384Algorithm = encodeDer(sequence, encodeDer(oid, Buffer.from('2a8648ce3d040303', 'hex')))

let der: Buffer
/** Version, serial number, algorithm, issuer, validity, subject, key, extensions. */
let fields: Buffer[]
let extensions: Buffer[]
let outside: DerElement[]

beforeAll(() => {
  der = Buffer.from(certificatesOf(makeChain((pem) => createPrivateKey(pem)).chainPem)[0] ?? '', 'base64')
  const [body, ...rest] = readDerChildren(der, sequence)
  outside = rest
  const elements = readDerElements(body?.content ?? Buffer.alloc(0))
  fields = elements.map((element) => element.whole)
  extensions = readDerChildren(elements[7]?.content ?? Buffer.alloc(0), sequence).map((element) => element.whole)
})
afterAll(removeFolders)

const rebuilt = (...parts: Buffer[]) => encodeDer(sequence, encodeDer(sequence, ...parts), ...outside.map((element) => element.whole))
const withField = (index: number, value: Buffer) => rebuilt(...fields.map((field, at) => (at === index ? value : field)))
const withExtensions = (value: Buffer) => withField(7, encodeDer(0xa3, value))
const validFrom = (tag: number, text: string) =>
  withField(4, encodeDer(sequence, encodeDer(tag, Buffer.from(text)), encodeDer(utcTime, Buffer.from('440101000000Z'))))
/** The same element with a length that ends nowhere but at two zero bytes: BER, which DER forbids. */
const withoutLength = (element: Buffer) =>
  Buffer.concat([element.subarray(0, 1), Buffer.of(0x80), readDerElements(element)[0]?.content ?? Buffer.alloc(0), Buffer.alloc(2)])

describe('a certificate', () => {
  it('taken apart and put together again is the same', () => {
    expect(rebuilt(...fields)).toEqual(der)
    expect(withExtensions(encodeDer(sequence, ...extensions))).toEqual(der)
    expect(readCertificate(der)).toMatchObject({ keyUsage: new Set([0]), extendedKeyUsage: ['1.3.6.1.5.5.7.3.3'], isAuthority: false })
    expect(readCertificate(validFrom(utcTime, '240101000000Z')).validFrom).toEqual(new Date('2024-01-01T00:00:00Z'))
  })

  it.each<[string, () => Buffer]>([
    ['bytes behind it', () => Buffer.concat([der, Buffer.from('x')])],
    ['no length around it', () => withoutLength(der)],
    ['no length around its extensions', () => withExtensions(withoutLength(encodeDer(sequence, ...extensions)))],
    ['an extension that occurs twice', () => withExtensions(encodeDer(sequence, ...extensions, ...extensions.slice(-1)))],
    ['another algorithm inside than outside', () => withField(2, sha384Algorithm)],
    ['a time without seconds', () => validFrom(utcTime, '2401010000Z')],
    ['a time with an offset', () => validFrom(utcTime, '240101000000+0100')],
    ['a time with a fraction', () => validFrom(generalizedTime, '20240101000000.5Z')],
    [
      'a key usage that is not a bit string',
      () => {
        const usage = encodeDer(octetString, encodeDer(octetString, Buffer.of(7, 0x80)))
        return withExtensions(encodeDer(sequence, encodeDer(sequence, encodeDer(oid, Buffer.from('551d0f', 'hex')), usage)))
      }
    ]
  ])('with %s is refused', (_, make) => {
    expect(() => readCertificate(make())).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })

  it.each([
    [utcTime, '2401010000Z'],
    [generalizedTime, '20240101000000.5Z'],
    [utcTime, '240101000000+0100']
  ])('whose time is no time says so in the cause (%i, %s)', (tag, text) => {
    expect(() => readCertificate(validFrom(tag, text))).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ message: 'a date of the certificate is malformed' }) })
    )
  })

  it('is refused by our own reader, not by the one of the runtime, which takes most of these', () => {
    const lenient = [
      withExtensions(withoutLength(encodeDer(sequence, ...extensions))),
      withExtensions(encodeDer(sequence, ...extensions, ...extensions.slice(-1))),
      withField(2, sha384Algorithm),
      validFrom(utcTime, '240101000000+0100')
    ]
    for (const bytes of lenient) expect(new X509Certificate(bytes).raw).toEqual(bytes)
  })
})
