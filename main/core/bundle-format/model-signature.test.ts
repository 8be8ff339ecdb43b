import { generateKeyPairSync } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { parseModelSignature, rootOf } from './model-signature'
import type { RawSignature, RawStatement } from './sample-bundle.fixture'
import { forge, newKey, recipe, removeFolders, sha256, writeFiles } from './sample-bundle.fixture'
import { Sha256 } from '../../model/reference'

afterAll(removeFolders)
const key = newKey()
const folder = writeFiles({ 'a.txt': 'a', 'b/c.txt': 'c' })
type Change<T> = (value: T) => unknown
const written = (change: Change<RawStatement> = () => {}, after: Change<RawSignature> = () => {}) => {
  const statement = recipe(folder, 'model')
  const signature = forge(change(statement) ?? statement, key)
  return Buffer.from(JSON.stringify(after(signature) ?? signature))
}
const failureOf = (bytes: Buffer): { code: string; message: string } => {
  try {
    parseModelSignature(bytes)
  } catch (error) {
    return error as { code: string; message: string }
  }
  return { code: 'none', message: 'it was read' }
}
const resourcesOf = (...names: string[]) =>
  written((statement) => void (statement.predicate.resources = names.map((name) => ({ name, algorithm: 'sha256', digest: sha256(name) }))))

describe('model.sig', () => {
  it('is read whole', () => {
    const statement = recipe(folder, 'model')
    const parsed = parseModelSignature(written())
    expect(parsed).toMatchObject({
      subjectName: 'model',
      root: statement.subject[0]?.digest.sha256,
      resources: statement.predicate.resources
    })
    expect(rootOf(parsed.resources)).toBe(parsed.root)
    expect(parsed.signed.toString()).toContain('DSSEv1 28 application/vnd.in-toto+json')
  })

  it('lists files in the byte order of their names, each once', () => {
    expect(failureOf(resourcesOf('a', 'b/c', 'bc', '\uffee', '\u{10000}')).code).toBe('none')
    expect(failureOf(resourcesOf('a', 'a')).message).toContain('lists a twice or out of order')
    expect(failureOf(resourcesOf('b', 'a')).message).toContain('lists a twice or out of order')
    expect(failureOf(resourcesOf('\u{10000}', '\uffee')).message).toContain('out of order')
    expect(failureOf(resourcesOf('a-b', 'a/x')).message).toContain('lists a-b and a/x, whose order is ambiguous')
  })

  it.each(['model.sig', 'attestations', 'attestations/a.json', '.git', '.git/config', '.gitignore', '.gitattributes', '.github/x'])(
    'does not list %s, which it does not cover',
    (name) => {
      expect(failureOf(resourcesOf(name))).toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining(`lists ${name}, which cannot be signed`)
      })
    }
  )
  it.each(['a/model.sig', 'a/.git', 'attestation', 'model.sig.bak'])('may list %s', (name) => {
    expect(failureOf(resourcesOf(name)).code).toBe('none')
  })
  it('lists no name that misleads, and no file of another digest', () => {
    expect(failureOf(resourcesOf('../a')).message).toContain('lists a file with a ".." part')
    for (const change of [{ algorithm: 'sha512' }, { digest: 'A'.repeat(64) }, { digest: 'a'.repeat(63) }])
      expect(failureOf(written(({ predicate }) => void Object.assign(predicate.resources[0]!, change))).message).toContain(
        'predicate.resources.0'
      )
  })

  it.each<[string, Change<RawStatement>]>([
    ['_type', (statement) => void (statement._type = 'https://in-toto.io/Statement/v0.1')],
    ['subject', (statement) => void statement.subject.push(...statement.subject)],
    ['subject', (statement) => void (statement.subject = [])],
    ['predicate.serialization.hash_type', ({ predicate }) => void (predicate.serialization.hash_type = 'sha512')],
    ['predicate.resources', ({ predicate }) => void (predicate.resources = [])]
  ])('has a list whose %s is that of the format', (field, change) => {
    expect(failureOf(written(change))).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(`(${field}: `) })
  })

  it('names its signer by a fingerprint or by one to ten certificates, and no log entry', () => {
    const material = (verificationMaterial: Record<string, unknown>) =>
      failureOf(written(undefined, (signature) => ({ ...signature, verificationMaterial }))).code
    const chain = (count: number) => ({
      x509CertificateChain: { certificates: Array.from({ length: count }, () => ({ rawBytes: 'AAAA' })) }
    })
    const hint = { hint: 'a'.repeat(64) }
    for (const sound of [{ publicKey: hint }, { publicKey: hint, tlogEntries: [] }, chain(1), chain(10)])
      expect([sound, material(sound)]).toEqual([sound, 'none'])
    for (const odd of [
      {},
      { publicKey: { hint: 'me' } },
      { publicKey: hint, ...chain(1) },
      chain(0),
      { publicKey: {} },
      { publicKey: { rawBytes: 'AAAA' } },
      { publicKey: { ...hint, more: 1 } },
      chain(11)
    ])
      expect([odd, material(odd)]).toEqual([odd, 'INVALID_INPUT'])
    const edwards = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    for (const foreign of [
      { publicKey: hint, tlogEntries: [{}] },
      { ...chain(1), tlogEntries: [1] },
      { certificate: { rawBytes: 'AAAA' }, tlogEntries: [{}] },
      { certificate: { rawBytes: 'AAAA' } },
      { publicKey: { rawBytes: edwards } }
    ])
      expect([foreign, material(foreign)]).toEqual([foreign, 'UNSUPPORTED_VERSION'])
  })

  it('is read as other programs write it: any key id, unknown fields, the key itself, what is left out', () => {
    for (const keyid of ['', 'me', null, undefined]) {
      const document = written(undefined, (signature) => void (signature.dsseEnvelope.signatures = [{ ...signature.dsseEnvelope.signatures[0]!, keyid: keyid as string }])) // prettier-ignore
      expect([keyid, failureOf(document).code]).toEqual([keyid, 'none'])
    }
    const sound: Change<RawStatement>[] = [
      (statement) => ({ ...statement, more: 1 }),
      ({ predicate }) => void Object.assign(predicate.resources[0]!, { uri: 'x' }),
      ({ predicate }) => void (predicate.serialization.allow_symlinks = true),
      ({ predicate }) => void predicate.serialization.ignore_paths.push('model', 'a/b'),
      ({ predicate }) => void delete (predicate.serialization as { ignore_paths?: string[] }).ignore_paths
    ]
    for (const change of sound) expect(failureOf(written(change)).code).toBe('none')
    for (const everything of ['.', '', '/', '..', 'a/../b', '*', '/etc'])
      expect(failureOf(written(({ predicate }) => void predicate.serialization.ignore_paths.push(everything)))).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('ignore_paths') }) // prettier-ignore
  })

  it('is called unsupported, and not altered, where the standard allows what is not judged here', () => {
    const foreign: Change<RawStatement>[] = [
      ({ predicate }) => void Object.assign(predicate.serialization, { method: 'shards', shard_size: 1000 }),
      ({ predicate }) => void Object.assign(predicate.serialization, { hash_type: 'blake3' }),
      ({ predicate }) => void Object.assign(predicate.serialization, { hash_type: 'blake2b' })
    ]
    for (const change of foreign)
      expect(failureOf(written(change))).toMatchObject({ code: 'UNSUPPORTED_VERSION', message: expect.stringMatching(/nothing says that the bundle was altered/) }) // prettier-ignore
  })
})

describe('a format of another version', () => {
  const media = (version: string) =>
    failureOf(written(undefined, (signature) => void (signature.mediaType = `application/vnd.dev.sigstore.bundle.v${version}`))).code
  const predicate = (type: string) => failureOf(written((statement) => void (statement.predicateType = type))).code
  it('is newer only when its number is higher and everything else is the same', () => {
    for (const version of ['0.4+json', '0.10+json', '1.0+json', '1.2+json', '9999.9999+json'])
      expect([version, media(version)]).toEqual([version, 'UNSUPPORTED_VERSION'])
    for (const version of ['0.2+json', '0.0+json', '0.3', '0.4', '0.4+xml', 'x+json', '10000.0+json', '0.4+json+json'])
      expect([version, media(version)]).toEqual([version, 'INVALID_INPUT'])
    expect(media('0.3+json')).toBe('none')
    for (const type of ['https://model_signing/signature/v1.1', 'https://model_signing/signature/v2.0'])
      expect([type, predicate(type)]).toEqual([type, 'UNSUPPORTED_VERSION'])
    for (const type of [
      'https://model_signing/signature/v0.9',
      'https://other/signature/v2.0',
      'https://model_signing/signature/v1.1+json'
    ])
      expect([type, predicate(type)]).toEqual([type, 'INVALID_INPUT'])
  })
  it('is said by both numbers, and nothing is when it says nothing', () => {
    expect(
      failureOf(written(undefined, (signature) => void (signature.mediaType = 'application/vnd.dev.sigstore.bundle.v1.7+json'))).message
    ).toContain('has the format v1.7, and this Drydock reads v0.3')
    for (const text of ['null', '7', '"x"', '[]', '{}', '{"mediaType":1}'])
      expect([text, failureOf(Buffer.from(text)).code]).toEqual([text, 'INVALID_INPUT'])
  })
})

it('ROOT is the digest over the raw digests, in their order', () => {
  const [one, other] = ['a', 'b'].map((letter) => ({ name: letter, algorithm: 'sha256' as const, digest: Sha256.parse(sha256(letter)) }))
  const raw = (text: string) => Buffer.from(sha256(text), 'hex')
  expect(rootOf([one!, other!])).toBe(sha256(Buffer.concat([raw('a'), raw('b')])))
  expect(rootOf([other!, one!])).toBe(sha256(Buffer.concat([raw('b'), raw('a')])))
})
