import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  Base64,
  DsseEnvelope,
  isSignatureValid,
  openEnvelope,
  parseDocument,
  preAuthenticationEncoding,
  signStatement,
  Subject
} from './dsse'
import { newKey, opensslVerifies, publicPem } from './sample-bundle.fixture'

const isTaken = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success

describe('the bytes under a signature', () => {
  it('are those of the example in the specification', () => {
    const encoded = preAuthenticationEncoding('http://example.com/HelloWorld', Buffer.from('hello world'))
    expect(encoded.toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world')
  })
  it('count bytes, not characters, and keep every byte', () => {
    expect(preAuthenticationEncoding('\u00fc', Buffer.from('\u20ac')).toString()).toBe('DSSEv1 2 \u00fc 3 \u20ac')
    expect(preAuthenticationEncoding('a', Buffer.of(0, 0xff)).subarray(-2)).toEqual(Buffer.of(0, 0xff))
  })
})

describe('a signed statement', () => {
  it.each([
    ['P-256', 'sha256'],
    ['P-384', 'sha384'],
    ['P-521', 'sha512']
  ])('on %s fits its key and its bytes only', (curve, hash) => {
    const key = newKey(curve)
    const envelope = signStatement({ a: '\u00fc' }, key, 'me')
    expect(isTaken(DsseEnvelope, envelope)).toBe(true)
    expect(envelope.signatures[0]?.keyid).toBe('me')
    const { payload, signed, signature } = openEnvelope(envelope)
    expect(payload.toString()).toBe('{"a":"\u00fc"}')
    expect(isSignatureValid(key, signed, signature)).toBe(true)
    expect(opensslVerifies(hash, publicPem(key), signed, signature)).toBe(true)
    expect(isSignatureValid(newKey(curve), signed, signature)).toBe(false)
    expect(isSignatureValid(key, Buffer.concat([signed, Buffer.of(0)]), signature)).toBe(false)
    for (const rubbish of [Buffer.alloc(0), signature.subarray(1), Buffer.from('rubbish')])
      expect(isSignatureValid(key, signed, rubbish)).toBe(false)
    expect(isSignatureValid(newKey('secp256k1'), signed, signature)).toBe(false)
    expect(isSignatureValid(generateKeyPairSync('ed25519').publicKey, signed, signature)).toBe(false)
  })
})

describe('an envelope', () => {
  const envelope = { payload: 'e30=', payloadType: 'application/vnd.in-toto+json', signatures: [{ sig: 'AAAA', keyid: '' }] }
  it('has the fields of the specification and no other, and one signature', () => {
    expect(isTaken(DsseEnvelope, envelope)).toBe(true)
    const [one] = envelope.signatures
    for (const change of [
      { more: 1 },
      { payload: undefined },
      { payloadType: 'application/json' },
      { signatures: [] },
      { signatures: [one, one] },
      { signatures: [{ ...one, more: 1 }] },
      { signatures: [{ sig: '', keyid: '' }] },
      { signatures: [{ ...one, keyid: 'k'.repeat(201) }] }
    ])
      expect([change, isTaken(DsseEnvelope, { ...envelope, ...change })]).toEqual([change, false])
    expect(isTaken(DsseEnvelope, { ...envelope, signatures: [{ ...one, keyid: 'k'.repeat(200) }] })).toBe(true)
  })
  it('spells its content in one way only', () => {
    for (const text of ['e30=', 'AAAA', '+/8=']) expect([text, isTaken(Base64, text)]).toEqual([text, true])
    for (const text of ['', 'e30', 'e31=', 'e30=\n', ' e30=', '-_8=', 'e3 0=', '='])
      expect([text, isTaken(Base64, text)]).toEqual([text, false])
  })
  it('names what it is about by a plain name and a digest', () => {
    const digest = { sha256: 'a'.repeat(64) }
    expect(isTaken(Subject, { name: 'x', digest })).toBe(true)
    for (const subject of [
      { name: 'x', digest: { sha256: 'A'.repeat(64) } },
      { name: 'x', digest: { ...digest, sha1: 'a' } },
      { name: 'x\ny', digest },
      { name: 'x', digest, uri: '' }
    ])
      expect([subject, isTaken(Subject, subject)]).toEqual([subject, false])
  })
})

describe('a document of another form', () => {
  it('is refused with its first three faults, which hide nothing', () => {
    const schema = z.strictObject({ a: z.string(), b: z.strictObject({ c: z.number() }), d: z.number(), e: z.number() })
    const said = (value: unknown): string => {
      try {
        parseDocument(schema, value, 'The file')
        return 'taken'
      } catch (error) {
        expect(error).toMatchObject({ code: 'INVALID_INPUT' })
        return (error as Error).message
      }
    }
    expect(said({ a: '', b: { c: 1 }, d: 1, e: 1 })).toBe('taken')
    expect(said({ a: 1, b: { c: '' }, d: '', e: '' })).toMatch(
      /^The file does not have the expected form \(a: [^;]*; b\.c: [^;]*; d: [^;]*\)\./
    )
    expect(said('text')).toMatch(/\(document: /)
    expect(said({ a: '', b: { c: 1 }, d: 1, e: 1, '\u202e\u001b': 1 })).not.toMatch(/[\u202e\u001b]/)
  })
})
