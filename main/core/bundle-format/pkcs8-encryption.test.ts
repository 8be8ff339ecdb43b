import { createCipheriv, pbkdf2Sync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { derTags, encodeDer, encodeDerInteger, encodeDerOid } from './der'
import { decryptPkcs8, encryptPkcs8 } from './pkcs8-encryption'

const { sequence, octetString } = derTags
const passphrase = 'correct horse'
const content = encodeDer(sequence, encodeDerInteger(0), encodeDer(octetString, Buffer.from('key')))
const salt = Buffer.alloc(16, 1)
const iv = Buffer.alloc(16, 2)

interface Wish {
  rounds?: number
  iv?: Buffer
  /** Identifiers of the digest, the cipher, the scheme and the derivation. */
  digest?: string | null
  cipher?: string
  scheme?: string
  derivation?: string
  content?: Buffer
  armour?: (body: string) => string
}
const begin = '-----BEGIN ENCRYPTED PRIVATE KEY-----'
const end = '-----END ENCRYPTED PRIVATE KEY-----'

/** An encrypted key made by hand, so that it can be wrong in any way. */
function made(wish: Wish = {}, hash = 'sha256', algorithm = 'aes-256-cbc', keyBytes = 32): string {
  const cipher = createCipheriv(algorithm, pbkdf2Sync(passphrase, salt, Math.min(wish.rounds ?? 10, 1000) || 1, keyBytes, hash), iv)
  const encrypted = Buffer.concat([cipher.update(wish.content ?? content), cipher.final()])
  const digest = wish.digest === undefined ? '1.2.840.113549.2.9' : wish.digest
  const pseudoRandom = digest === null ? [] : [encodeDer(sequence, encodeDerOid(digest), encodeDer(0x05))]
  const parameters = encodeDer(sequence, encodeDer(octetString, salt), encodeDerInteger(wish.rounds ?? 10), ...pseudoRandom)
  const derivation = encodeDer(sequence, encodeDerOid(wish.derivation ?? '1.2.840.113549.1.5.12'), parameters)
  const encryption = encodeDer(sequence, encodeDerOid(wish.cipher ?? '2.16.840.1.101.3.4.1.42'), encodeDer(octetString, wish.iv ?? iv))
  const scheme = encodeDer(sequence, encodeDerOid(wish.scheme ?? '1.2.840.113549.1.5.13'), encodeDer(sequence, derivation, encryption))
  const body = encodeDer(sequence, scheme, encodeDer(octetString, encrypted)).toString('base64')
  return wish.armour?.(body) ?? `${begin}\n${body}\n${end}\n`
}
const open = (pem: string, word = passphrase) => decryptPkcs8(pem, word).then((der) => der.toString('hex'))
const unsupported = { code: 'INVALID_INPUT', message: expect.stringContaining('not supported here') }
const damaged = { code: 'INVALID_INPUT', message: expect.stringContaining('damaged') }

describe('an encrypted key', () => {
  it.each<[string, string | null, string, string, number]>([
    ['sha1', null, '2.16.840.1.101.3.4.1.42', 'aes-256-cbc', 32],
    ['sha1', '1.2.840.113549.2.7', '2.16.840.1.101.3.4.1.2', 'aes-128-cbc', 16],
    ['sha256', '1.2.840.113549.2.9', '2.16.840.1.101.3.4.1.22', 'aes-192-cbc', 24],
    ['sha384', '1.2.840.113549.2.10', '2.16.840.1.101.3.4.1.42', 'aes-256-cbc', 32],
    ['sha512', '1.2.840.113549.2.11', '2.16.840.1.101.3.4.1.42', 'aes-256-cbc', 32]
  ])('may be derived with %s (%s) and encrypted with %s', async (hash, digest, cipher, algorithm, keyBytes) => {
    expect(await open(made({ digest, cipher }, hash, algorithm, keyBytes))).toBe(content.toString('hex'))
  })

  it('is found in whatever stands around it', async () => {
    expect(await open(`Key of Ada\r\n${made()}more`)).toBe(content.toString('hex'))
    expect(await open(made({ armour: (body) => `${begin}${body}${end}` }))).toBe(content.toString('hex'))
  })

  it.each<[string, Wish]>([
    ['another digest', { digest: '1.2.840.113549.2.8' }],
    ['another cipher', { cipher: '1.2.840.113549.3.7' }],
    ['another scheme', { scheme: '1.2.840.113549.1.5.10' }],
    ['another derivation', { derivation: '1.3.6.1.4.1.11591.4.11' }],
    ['no round', { rounds: 0 }],
    ['more rounds than a machine should do', { rounds: 10_000_001 }],
    ['a start of another length', { iv: Buffer.alloc(8) }],
    ['a start that is too long', { iv: Buffer.alloc(17) }]
  ])('with %s is refused as one that is not supported', async (_what, wish) => {
    await expect(open(made(wish))).rejects.toMatchObject(unsupported)
  })

  it('may have one round', async () => {
    expect(await open(made({ rounds: 1 }))).toBe(content.toString('hex'))
  })

  it.each<[string, string, object]>([
    ['cut off', made({ armour: (body) => `${begin}\n${body.slice(0, 40)}\n${end}` }), damaged],
    ['empty', `${begin}\n${end}`, damaged],
    ['one number', `${begin}\n${encodeDerInteger(7).toString('base64')}\n${end}`, damaged],
    ['a list of one number', `${begin}\n${encodeDer(sequence, encodeDerInteger(7)).toString('base64')}\n${end}`, unsupported],
    ['without an end', `${begin}\nAAAA`, { message: expect.stringContaining('no encrypted private key') }],
    ['before its beginning', `${end}\n${begin}`, { message: expect.stringContaining('no encrypted private key') }],
    ['none', 'hello', { message: expect.stringContaining('no encrypted private key') }],
    ...['', 'EC ', 'RSA '].map((kind): [string, string, object] => [
      `not encrypted (${kind})`,
      `-----BEGIN ${kind}PRIVATE KEY-----\nAAAA\n-----END ${kind}PRIVATE KEY-----\n${made()}`,
      { message: expect.stringContaining('not protected by a passphrase') }
    ])
  ])('that is %s is refused', async (_what, pem, failure) => {
    await expect(open(pem)).rejects.toMatchObject({ code: 'INVALID_INPUT', ...failure })
  })

  it('opens with its passphrase only, and only when there is a key inside', async () => {
    await expect(open(made(), 'another')).rejects.toMatchObject({ code: 'FORBIDDEN' })
    for (const inside of [
      Buffer.from('no structure at all'),
      encodeDer(sequence),
      encodeDer(sequence, encodeDer(octetString)),
      encodeDerInteger(1)
    ])
      await expect(open(made({ content: inside }))).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  it('opens with the same word however its letters were typed', async () => {
    const text = await encryptPkcs8(content, 'Gr\u00fc\u00dfe an alle')
    expect(await open(text, 'Gru\u0308\u00dfe an alle')).toBe(content.toString('hex'))
    expect(text.split('\n').every((line) => line.length <= 64)).toBe(true)
  })
})
