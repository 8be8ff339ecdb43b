import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCertificate, readCertificatesPem } from './certificate'
import { basicConstraints, extendedKeyUsage, extension, keyUsage, makeCertificate } from './certificate-maker.fixture'
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
      expect.objectContaining({ cause: expect.objectContaining({ message: 'a date is malformed' }) })
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

describe('what a certificate says', () => {
  const of = (...wished: Buffer[]) => makeCertificate('signer', { extensions: wished }).certificate
  const extensionOf =
    (...parts: Buffer[]) =>
    () =>
      of(encodeDer(sequence, encodeDer(oid, Buffer.from('551d13', 'hex')), ...parts))

  it('of the use of its key is nothing, or every bit that is set', () => {
    expect(of()).toMatchObject({ keyUsage: null, extendedKeyUsage: null, isAuthority: false, pathLength: null, unknownCritical: [] })
    expect(of(keyUsage(0, 5, 7, 8)).keyUsage).toEqual(new Set([0, 5, 7, 8]))
    expect(of(keyUsage()).keyUsage).toEqual(new Set())
    expect(of(extendedKeyUsage('1.3.6.1.5.5.7.3.1', '2.5.29.37.0')).extendedKeyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'])
  })

  it('of being an authority is said, not taken from the extension or a number in it', () => {
    const said = (bytes: Buffer) => {
      const { isAuthority, pathLength } = of(extension('2.5.29.19', bytes, true))
      return [isAuthority, pathLength]
    }
    const number = encodeDer(derTags.integer, Buffer.of(3))
    expect(said(encodeDer(sequence))).toEqual([false, null])
    expect(said(encodeDer(sequence, number))).toEqual([false, 3])
    expect(said(encodeDer(sequence, encodeDer(0x01, Buffer.of(0))))).toEqual([false, null])
    expect(said(encodeDer(sequence, encodeDer(0x01, Buffer.of(0xff)), number))).toEqual([true, 3])
    expect(of(basicConstraints(true, 0))).toMatchObject({ isAuthority: true, pathLength: 0 })
  })

  it('and must be understood is known by its flag alone, and what is understood here never counts', () => {
    const empty = Buffer.alloc(0)
    const unknown = [
      extension('1.2.3.1', empty, true),
      extension('1.2.3.2', empty, false),
      extension('1.2.3.3', empty),
      extension('1.2.3.4', empty, true)
    ]
    expect(of(keyUsage(0), basicConstraints(false), ...unknown).unknownCritical).toEqual(['1.2.3.1', '1.2.3.4'])
  })

  it.each([
    ['has no value', extensionOf()],
    ['ends with its flag', extensionOf(encodeDer(0x01, Buffer.of(0xff)))],
    ['has another thing in place of its value', extensionOf(encodeDer(sequence))]
  ])('is refused where an extension %s', (_what, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining('damaged') }))
  })

  it('of its time has years of two digits from 1950 to 2049, and of four in the other form', () => {
    const years = (from: string, to: string) => {
      const { facts } = makeCertificate('x', { extensions: [], valid: [from, to] }).certificate
      return [facts.validFrom, facts.validTo]
    }
    expect(years('500102030405Z', '491231235958Z')).toEqual(['1950-01-02T03:04:05.000Z', '2049-12-31T23:59:58.000Z'])
    expect(readCertificate(validFrom(generalizedTime, '20500607080910Z')).validFrom).toEqual(new Date('2050-06-07T08:09:10Z'))
    for (const [tag, text] of [
      [utcTime, '20240101000000Z'],
      [generalizedTime, '240101000000Z'],
      [0x16, '20240101000000Z']
    ] as const)
      expect(() => readCertificate(validFrom(tag, text))).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })

  it('of its names stands on one line and hides nothing', () => {
    expect(readCertificate(der).facts).toMatchObject({ subject: 'O=Harbour Test, CN=signer', issuer: 'O=Harbour Test, CN=intermediate' })
    const { facts } = makeCertificate('Ada\u202e\u0007', { extensions: [] }).certificate
    expect(facts.subject).not.toMatch(/[\u202e\u0007\n]/)
    expect(facts.subject).toContain('CN=Ada')
  })

  it('needs no version, and then it has no extensions', () => {
    const old = readCertificate(rebuilt(...fields.slice(1, 7)))
    expect(old).toMatchObject({ facts: { subject: 'O=Harbour Test, CN=signer' }, keyUsage: null, isAuthority: false })
  })

  it('is signed by an algorithm that is named, with the digest where that decides', () => {
    expect(readCertificate(der).signatureAlgorithm).toBe('1.2.840.10045.4.3.2')
    const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const named = (kind: 'rsaSha256' | 'pssSha1' | 'pssSha512') =>
      makeCertificate('x', { extensions: [], key, kind }).certificate.signatureAlgorithm
    expect(named('rsaSha256')).toBe('1.2.840.113549.1.1.11')
    expect(named('pssSha1')).toBe('1.2.840.113549.1.1.10 1.3.14.3.2.26')
    expect(named('pssSha512')).toBe('1.2.840.113549.1.1.10 2.16.840.1.101.3.4.2.3')
  })
})

describe('certificates in a text', () => {
  const pemOf = (bytes: Buffer) => `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64')}\n-----END CERTIFICATE-----\n`
  it('are read in their order, whatever stands around them', () => {
    const other = makeCertificate('other', { extensions: [] }).certificate
    const text = `subject: signer\n${pemOf(der)}\nissuer:\n${pemOf(other.x509.raw)}end`
    expect(readCertificatesPem(text).map(({ facts }) => facts.subject)).toEqual(['O=Harbour Test, CN=signer', 'CN=other'])
  })
  it('are refused when there is none or one is damaged', () => {
    expect(() => readCertificatesPem('-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----')).toThrow(/holds no certificate/)
    expect(() => readCertificatesPem(pemOf(der) + pemOf(der.subarray(0, -1)))).toThrow(/damaged/)
  })
})
