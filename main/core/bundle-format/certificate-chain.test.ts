import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Certificate } from './certificate'
import { judgeChain } from './certificate-chain'
import type { CertificateWish, MadeCertificate } from './certificate-maker.fixture'
import { basicConstraints, extendedKeyUsage, extension, keyUsage, makeCertificate } from './certificate-maker.fixture'

const codeSigning = '1.3.6.1.5.5.7.3.3'
const serverAuth = '1.3.6.1.5.5.7.3.1'
const anyPurpose = '2.5.29.37.0'
const [digitalSignature, keyCertSign, crlSign] = [0, 5, 6]
const at = new Date('2030-01-01T00:00:00Z')

const authority = [basicConstraints(true), keyUsage(keyCertSign, crlSign)]
const forCode = [basicConstraints(false), keyUsage(digitalSignature), extendedKeyUsage(codeSigning)]
const rootPair = makeCertificate('root', { extensions: authority })
const middlePair = makeCertificate('middle', { extensions: [basicConstraints(true, 0), keyUsage(keyCertSign)], by: rootPair })
const leafPair = makeCertificate('signer', { extensions: forCode, by: middlePair })

/** Root, middle and leaf, of which some are made differently; nobody else is touched. */
function judged(
  wishes: { root?: Partial<CertificateWish>; middle?: Partial<CertificateWish>; leaf?: Partial<CertificateWish> },
  when = at
) {
  const root = wishes.root ? makeCertificate('root', { extensions: authority, ...wishes.root }) : rootPair
  const below = { extensions: authority, by: root }
  const middle = wishes.root || wishes.middle ? makeCertificate('middle', { ...below, ...wishes.middle }) : middlePair
  const leaf =
    wishes.leaf || middle !== middlePair ? makeCertificate('signer', { extensions: forCode, by: middle, ...wishes.leaf }) : leafPair
  return judge([leaf, middle], [root], when)
}
function judge(chain: MadeCertificate[], roots: MadeCertificate[], when = at) {
  const certificates = (some: MadeCertificate[]): Certificate[] => some.map(({ certificate }) => certificate)
  const { problems, root } = judgeChain(certificates(chain), certificates(roots), when)
  return { problems, root: root && root.facts.subject }
}
const sound = { problems: [], root: 'CN=root' }
const faulty = (...problems: string[]) => ({ problems, root: 'CN=root' })
const rsaKey = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).privateKey
const large = rsaKey(2048)
const small = rsaKey(1024)
const pssKey = (modulusLength: number) =>
  generateKeyPairSync('rsa-pss', { modulusLength, hashAlgorithm: 'sha256', mgf1HashAlgorithm: 'sha256' }).privateKey

describe('a chain', () => {
  it('is sound from the leaf to a trusted root, which may stand at its end and be one of several', () => {
    const other = makeCertificate('other', { extensions: authority })
    expect(judged({})).toEqual(sound)
    expect(judge([leafPair, middlePair, rootPair], [rootPair])).toEqual(sound)
    expect(judge([leafPair, middlePair], [other, rootPair])).toEqual(sound)
    const direct = makeCertificate('signer', { extensions: forCode, by: rootPair })
    expect(judge([direct], [rootPair])).toEqual(sound)
  })

  it('leads nowhere without its middle, to another root of the same name, or when it is empty', () => {
    expect(judge([leafPair], [rootPair])).toEqual({ problems: [], root: null })
    expect(judge([leafPair, middlePair], [])).toEqual({ problems: [], root: null })
    expect(judge([leafPair, middlePair], [makeCertificate('root', { extensions: authority })])).toEqual({ problems: [], root: null })
    expect(judge([], [rootPair])).toEqual({ problems: ['the chain is empty'], root: null })
  })

  it('may not leave the order of its issuers, nor go over a stranger', () => {
    const stranger = makeCertificate('middle', { extensions: authority })
    expect(judge([leafPair, stranger], [stranger]).problems).toEqual([
      'the certificate "CN=signer" was not issued by the certificate "CN=middle", which follows it in the chain'
    ])
    const { problems } = judge([leafPair, rootPair, middlePair], [rootPair])
    expect(problems).toContain('the certificate "CN=root" was not issued by the certificate "CN=middle", which follows it in the chain')
  })

  it('is held only by issuers whose name and whose key both fit', () => {
    const renamed = { ...rootPair, name: 'another' }
    const rekeyed = { ...rootPair, key: makeCertificate('x', { extensions: [] }).key }
    const crossed = { name: 'root', key: large }
    for (const by of [renamed, rekeyed, crossed])
      expect(
        judge([makeCertificate('signer', { extensions: forCode, by, kind: by === crossed ? 'rsaSha256' : 'ecdsaSha256' })], [rootPair])
      ).toEqual({
        problems: [],
        root: null
      })
  })
})

describe('the certificate of the signer', () => {
  it.each<[string, Partial<CertificateWish>, string[]]>([
    ['has a key for signing bundles', { key: large }, ['has a key that is not ECDSA on P-256, P-384 or P-521']],
    [
      'says what it is for',
      { extensions: [] },
      ['is not for digital signatures (key usage)', 'is not for code signing (extended key usage)']
    ],
    [
      'is for signatures',
      { extensions: [keyUsage(keyCertSign), extendedKeyUsage(codeSigning)] },
      ['is not for digital signatures (key usage)']
    ],
    ['is for code by name', { extensions: [keyUsage(0), extendedKeyUsage(anyPurpose)] }, ['is not for code signing (extended key usage)']],
    ['may be for more than code', { extensions: [keyUsage(0, 1), extendedKeyUsage(serverAuth, codeSigning)] }, []],
    [
      'demands nothing unknown',
      { extensions: [...forCode, ...['1.2.3.4', '1.2.3.5'].map((oid) => extension(oid, Buffer.alloc(0), true))] },
      ['has a critical extension that is not understood (1.2.3.4, 1.2.3.5)']
    ],
    [
      'may say unknown things',
      { extensions: [...forCode, extension('1.2.3.4', Buffer.alloc(0), false), extension('1.2.3.5', Buffer.alloc(0))] },
      []
    ]
  ])('%s', (_what, leaf, problems) => {
    expect(judged({ leaf })).toEqual(faulty(...problems.map((problem) => `the certificate "CN=signer" ${problem}`)))
  })

  it('vouches for itself only where it is trusted and an authority', () => {
    const alone = makeCertificate('signer', { extensions: forCode })
    expect(judge([alone], [])).toEqual({ problems: [], root: null })
    expect(judge([alone], [alone])).toEqual({
      problems: [
        'the certificate "CN=signer" is not a certificate authority (basic constraints)',
        'the certificate "CN=signer" may not sign certificates (key usage)'
      ],
      root: 'CN=signer'
    })
    const ruler = makeCertificate('ruler', {
      extensions: [basicConstraints(true, 0), keyUsage(digitalSignature, keyCertSign), extendedKeyUsage(codeSigning)]
    })
    expect(judge([ruler], [ruler])).toEqual({ problems: [], root: 'CN=ruler' })
  })
})

describe('the time', () => {
  const spring: [string, string] = ['250301000000Z', '250531235959Z']
  it.each(['leaf', 'middle', 'root'] as const)('is judged to the millisecond for the %s', (which) => {
    const judgedAt = (time: string) => judged({ [which]: { valid: spring } }, new Date(time)).problems
    const name = `the certificate "CN=${which === 'leaf' ? 'signer' : which}"`
    expect(judgedAt('2025-02-28T23:59:59.999Z')).toEqual([`${name} is valid only from 2025-03-01T00:00:00.000Z`])
    expect(judgedAt('2025-03-01T00:00:00.000Z')).toEqual([])
    expect(judgedAt('2025-05-31T23:59:59.000Z')).toEqual([])
    expect(judgedAt('2025-05-31T23:59:59.001Z')).toEqual([`${name} expired at 2025-05-31T23:59:59.000Z`])
  })
})

describe('an issuer', () => {
  const refused: [string, Partial<CertificateWish>, string | null][] = [
    [
      'is an authority',
      { extensions: [basicConstraints(false), keyUsage(keyCertSign)] },
      'is not a certificate authority (basic constraints)'
    ],
    ['says that it is one', { extensions: [keyUsage(keyCertSign)] }, 'is not a certificate authority (basic constraints)'],
    [
      'may sign certificates',
      { extensions: [basicConstraints(true), keyUsage(digitalSignature, crlSign)] },
      'may not sign certificates (key usage)'
    ],
    ['need not say what its key is for', { extensions: [basicConstraints(true)] }, null],
    ['may issue for code', { extensions: [...authority, extendedKeyUsage(serverAuth)] }, 'may not issue code-signing certificates'],
    ['may issue for code by name', { extensions: [...authority, extendedKeyUsage(serverAuth, codeSigning)] }, null],
    ['may issue for anything', { extensions: [...authority, extendedKeyUsage(anyPurpose)] }, null],
    ['has an RSA key of 2,048 bits', { key: large }, null],
    ['has no smaller one', { key: small }, 'has an RSA key under 2048 bits'],
    ['has a key only for RSA-PSS of 2,048 bits', { key: pssKey(2048), kind: 'pssSha256' }, null],
    ['has no smaller one of those', { key: pssKey(1024), kind: 'pssSha256' }, 'has an RSA key under 2048 bits']
  ]
  it.each(refused)('%s, in the middle and as the root', (_what, wish, problem) => {
    for (const which of ['middle', 'root'] as const) {
      const kind = wish.kind ?? (wish.key ? 'rsaSha256' : 'ecdsaSha256')
      const found =
        which === 'root'
          ? judged({ root: { ...wish, kind }, middle: { kind } })
          : judged({ middle: { ...wish, kind: 'ecdsaSha256' }, leaf: { kind } })
      expect(found).toEqual(problem === null ? sound : faulty(`the certificate "CN=${which}" ${problem}`))
    }
  })

  it('has no more authorities below it than it allows', () => {
    const limited = (pathLength: number) => ({ extensions: [basicConstraints(true, pathLength), keyUsage(keyCertSign)] })
    expect(judged({ root: limited(1), middle: limited(0) })).toEqual(sound)
    expect(judged({ root: limited(0), middle: limited(0) })).toEqual(faulty('the certificate "CN=root" allows only 0 authorities below it'))
    const upper = makeCertificate('upper', { ...limited(0), by: rootPair })
    const lower = makeCertificate('lower', { extensions: authority, by: upper })
    const leaf = makeCertificate('signer', { extensions: forCode, by: lower })
    const tooLong = faulty('the certificate "CN=upper" allows only 0 authorities below it')
    expect(judge([leaf, lower, upper], [rootPair])).toEqual(tooLong)
    expect(judge([leaf, lower, upper, rootPair], [rootPair])).toEqual(tooLong)
  })
})

describe('the signature of an issuer', () => {
  it.each(['rsaSha256', 'pssSha256', 'pssSha384', 'pssSha512'] as const)('may be %s', (kind) => {
    expect(judged({ middle: { key: large }, leaf: { kind } })).toEqual(sound)
  })

  it.each(['ecdsaSha1', 'pssSha1'] as const)('is worth nothing over SHA-1 (%s), although it fits', (kind) => {
    const middle = makeCertificate('middle', { extensions: authority, by: rootPair, ...(kind === 'pssSha1' ? { key: large } : {}) })
    const leaf = makeCertificate('signer', { extensions: forCode, by: middle, kind })
    expect(leaf.certificate.x509.verify(middle.certificate.x509.publicKey)).toBe(true)
    expect(judge([leaf, middle], [rootPair])).toEqual(
      faulty('the certificate "CN=signer" was not issued by the certificate "CN=middle", which follows it in the chain')
    )
    expect(judge([leaf], [middle])).toEqual({ problems: [], root: null })
  })
})
