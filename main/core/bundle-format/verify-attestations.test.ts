import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { signDirectory } from './sign-directory'
import { verifyBundle } from './verify-bundle'
import { openBundle } from './open-bundle'
import { Sha256 } from '../../model/reference'
import { describeKey } from './signer-identity'
import { readTrust } from './trust-anchors'
import { verifyAttestations } from './verify-attestations'
import type { Deceit } from './made-attestation.fixture'
import { approval, attest, decidedAt } from './made-attestation.fixture'
import type { MadeCertificate } from './certificate-maker.fixture'
import { basicConstraints, extendedKeyUsage, keyUsage, makeCertificate } from './certificate-maker.fixture'
import { newKey, publicPem, removeFolders, sha256, writeFiles } from './sample-bundle.fixture'

afterAll(removeFolders)

const author = newKey()
const reviewer = newKey()
let folder: string
beforeEach(async () => {
  folder = writeFiles({ 'model/a': 'weights' })
  await signDirectory(folder, { key: author })
})

async function examined() {
  const report = await verifyBundle(folder, { publicKeyPem: publicPem(author) })
  return { ...report, check: report.checks.find((check) => check.id === 'attestations')! }
}
/** What is said of the only attestation, which was made with a deceit. */
async function problemOf(deceit: Deceit, key = reviewer): Promise<string | null> {
  attest(folder, 'x.dsse.json', key, deceit)
  const { attestations, check, verdict } = await examined()
  const [attestation, ...more] = attestations
  expect(more).toEqual([])
  expect([attestation?.valid, check.status, verdict]).toEqual(
    attestation?.problem === null ? [true, 'pass', 'holds'] : [false, 'warn', 'holds']
  )
  return attestation?.problem ?? null
}

describe('an attestation', () => {
  it('holds when it is made as the specification says, and is told whole', async () => {
    expect(await problemOf({})).toBeNull()
    const [attestation] = (await examined()).attestations
    expect(attestation).toEqual({
      ...approval,
      file: 'attestations/x.dsse.json',
      sha256: sha256(readFileSync(join(folder, 'attestations/x.dsse.json'))),
      earlier: false,
      valid: true,
      problem: null,
      predicateType: 'https://in-toto.io/attestation/svr/v0.2',
      time: decidedAt,
      clock: 'untrusted',
      clockNote: expect.stringContaining('no time-stamping authority'),
      signer: expect.objectContaining({ kind: 'key', keyFingerprint: sha256(publicPem(reviewer)), anchoredBy: 'none' }),
      signedByAuthor: false
    })
  })

  it.each<[string, Deceit]>([
    ['the files alone', { subject: (files) => [files] }],
    ['the signature alone', { subject: (_files, signature) => [signature] }],
    ['the signature under another name', { subject: (files, { digest }) => [files, { name: 'model.sig.old', digest }] }],
    ['other files', { subject: (files, signature) => [{ ...files, digest: { sha256: sha256('x') } }, signature] }],
    ['another signature', { subject: (files, { name }) => [files, { name, digest: { sha256: sha256('x') } }] }]
  ])('about %s is for another bundle', async (_what, deceit) => {
    expect(await problemOf(deceit)).toBe('It was made for another bundle: its subjects are not the files and the signature of this one.')
  })

  it('may be about more, in any order, and call the files as it likes', async () => {
    const more = { name: 'more', digest: { sha256: sha256('x') } }
    expect(await problemOf({ subject: ({ digest }, signature) => [more, signature, { name: 'other', digest }] })).toBeNull()
  })

  it.each<[string, Deceit, string]>([
    ['signed with another digest', { hash: 'sha384' }, 'Its signature does not fit its content'],
    ['of another type of content', { envelope: { payloadType: 'text/plain' } }, 'does not have the expected form (payloadType'],
    [
      'with two signatures',
      {
        envelope: {
          signatures: [
            { keyid: '', sig: 'AAAA' },
            { keyid: '', sig: 'AAAA' }
          ]
        }
      },
      'must hold exactly one signature'
    ],
    ['with more than an envelope has', { envelope: { note: 'trust me' } }, 'does not have the expected form'],
    ['by a key that is none', { named: { publicKey: 'nonsense' } }, 'holds no public key'],
    ['by no certificate', { named: { certificates: [] } }, 'does not have the expected form'],
    ['by a certificate that is none', { named: { certificates: ['AAAA'] } }, 'damaged'],
    ['by nobody', { keyid: sha256('somebody'), predicate: {} }, 'does not say who signed it'],
    [
      'by a stranger in the name of the author',
      { keyid: sha256(publicPem(author)), predicate: {} },
      'Its signature does not fit its content'
    ]
  ])('%s is refused', async (_what, deceit, problem) => {
    expect(await problemOf(deceit)).toContain(problem)
    expect((await examined()).attestations).toMatchObject([{ decision: null, name: null, signer: null, signedByAuthor: false }])
  })

  it('that was changed after it was signed names nobody', async () => {
    attest(folder, 'x.dsse.json', reviewer)
    attest(folder, 'y.dsse.json', reviewer, { record: { statement: 'I agree with nothing.' } })
    const read = (name: string) => JSON.parse(readFileSync(join(folder, 'attestations', name), 'utf8'))
    const [one, other] = [read('x.dsse.json'), read('y.dsse.json')]
    writeFileSync(join(folder, 'attestations', 'y.dsse.json'), JSON.stringify({ ...other, signatures: one.signatures }))
    expect((await examined()).attestations).toMatchObject([{ valid: true }, { valid: false, signer: null, statement: null }])
  })

  it('without a decision is one of the author when the key id says so', async () => {
    expect(await problemOf({ predicate: { buildDefinition: {} }, predicateType: 'https://slsa.dev/provenance/v1' }, author)).toBeNull()
    expect((await examined()).attestations).toMatchObject([{ decision: null, time: null, signedByAuthor: true }])
  })

  it('is one of the author too when it names the author itself', async () => {
    expect(await problemOf({}, author)).toBeNull()
    expect((await examined()).attestations).toMatchObject([{ decision: 'approve', signedByAuthor: true }])
  })

  it('that says the same again counts once, with another signature too', async () => {
    for (const name of ['a', 'b', 'c']) attest(folder, `${name}.dsse.json`, reviewer)
    attest(folder, 'd.dsse.json', newKey())
    const { attestations, check } = await examined()
    const again = 'It repeats attestations/a.dsse.json.'
    expect(attestations.map(({ problem }) => problem)).toEqual([null, again, again, null])
    expect(check.files.map(({ name, problem }) => [name, problem])).toEqual([
      ['attestations/b.dsse.json', 'set-aside'],
      ['attestations/c.dsse.json', 'set-aside']
    ])
    expect(check.detail).toBe(
      `2 attestations hold and belong to this bundle. Set aside, and counted for nothing: attestations/b.dsse.json: ${again} attestations/c.dsse.json: ${again}`
    )
  })
})

describe('a rejection that is set aside', () => {
  const rejection = { decision: 'reject', statement: 'It leaks.' }
  const trusting = () => ({ publicKeyPem: publicPem(author), reviewerPems: [publicPem(reviewer)] })
  const verdictOf = async () => {
    const { verdict, missing } = await verifyBundle(folder, trusting())
    return { verdict, missing: missing.join() }
  }

  it.each<[string, string, Record<string, unknown>]>([
    ['of the wrong type', 'x.dsse.json', {}],
    ['under a time with an offset', 'x.dsse.json', { time: '2026-03-04T05:06:07.089-05:00' }],
    ['with a statement that is too long', 'x.dsse.json', { statement: 'x'.repeat(20_000) }],
    ['with a control character', 'x.dsse.json', { statement: 'It \u001b[2Jleaks.' }],
    ['as something that nobody signs as', 'x.dsse.json', { meaning: 'auditor' }],
    ['in a word of its own', 'x.dsse.json', { decision: 'veto' }],
    ['in a folder of its own', 'sub/x.dsse.json', {}],
    ['under another name', 'x.json', {}]
  ])('%s keeps the bundle from holding for whoever trusts the signer, and for nobody else', async (_what, name, record) => {
    attest(folder, name, reviewer, { record: { ...rejection, ...record } })
    const { verdict, missing } = await verdictOf()
    expect(verdict).toBe('insufficient')
    expect(missing).toContain(`signed attestations/${name} about this bundle, and it is no approval.`)
    expect(missing).not.toContain('\u001b')
    expect((await examined()).verdict).toBe('holds')
  })

  it('is nothing to the bundle when a stranger signed it, it is about another one, was changed, is an approval or a copy', async () => {
    attest(folder, 'stranger.json', newKey(), { record: rejection })
    attest(folder, 'other.json', reviewer, { record: rejection, subject: (files) => [files] })
    attest(folder, 'changed.json', reviewer, { record: rejection, hash: 'sha384' })
    attest(folder, 'approval.json', reviewer, { record: { meaning: 'auditor' } })
    expect(await verdictOf()).toEqual({ verdict: 'holds', missing: '' })
    const rejected = { result: 'FAILED', configuration: [], failedTests: ['DRYDOCK_REVIEWER_REVIEW'] }
    const record = { ...approval, ...rejection, time: decidedAt, clock: 'untrusted', signer: { publicKey: publicPem(reviewer) } }
    const deceit = {
      predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
      predicate: { ...rejected, drydockSignature: record }
    }
    for (const name of ['a.dsse.json', 'A.json']) attest(folder, name, reviewer, deceit)
    expect(await verdictOf()).toEqual({ verdict: 'rejected', missing: '' })
  })
})

describe('a file beside the attestations', () => {
  it.each(['notes.txt', 'x.dsse.json.bak', 'inner/x.dsse.json', 'x y.dsse.json', 'x.json', '\u00fc.dsse.json'])(
    '%s is named and set aside',
    async (name) => {
      attest(folder, name, reviewer)
      const { attestations, check, totals, verdict } = await examined()
      expect({
        attestations,
        verdict,
        status: check.status,
        files: check.files,
        detail: check.detail,
        count: totals.attestationFiles
      }).toEqual({
        attestations: [],
        verdict: 'holds',
        status: 'warn',
        files: [{ name: `attestations/${name}`, problem: 'set-aside', expected: null, actual: null }],
        detail: `There is no attestation yet. Set aside, and counted for nothing: attestations/${name} is no attestation.`,
        count: 1
      })
    }
  )

  it('may be as large as a decision can be, and no larger', async () => {
    for (const [bytes, problem] of [
      [4 * 1024 * 1024, 'is not valid JSON'],
      [4 * 1024 * 1024 + 1, 'has 4194305 bytes, more than the 4194304']
    ] as const) {
      writeFiles({ 'attestations/x.dsse.json': 'x'.repeat(bytes) }, folder)
      expect((await examined()).attestations[0]?.problem).toContain(problem)
    }
  })
})

describe('certificates', () => {
  const forCode = [basicConstraints(false), keyUsage(0), extendedKeyUsage('1.3.6.1.5.5.7.3.3')]
  let root: MadeCertificate
  let pem: (...made: MadeCertificate[]) => string
  const raw = ({ certificate }: MadeCertificate) => certificate.x509.raw.toString('base64')
  beforeAll(() => {
    root = makeCertificate('root', { extensions: [basicConstraints(true), keyUsage(5)] })
    pem = (...made) => made.map(({ certificate }) => certificate.x509.toString()).join('')
  })
  const certified = (made: MadeCertificate): Deceit => ({ named: { certificates: [raw(made)] } })

  it('of one person count as that person, whatever the keys; of no person is nobody', async () => {
    const own = makeCertificate('Ada', { extensions: forCode, by: root })
    const renewed = makeCertificate('Ada', { extensions: forCode, by: root })
    const other = makeCertificate('Bob', { extensions: forCode, by: root })
    await signDirectory(folder, { key: own.key, certificateChainPem: pem(own) })
    for (const [name, made] of Object.entries({ own, renewed, other })) attest(folder, `${name}.dsse.json`, made.key, certified(made))
    attest(folder, 'bare.dsse.json', reviewer)
    attest(folder, 'bareown.dsse.json', own.key)
    const report = await verifyBundle(folder, { rootCertificatePem: pem(root) })
    expect(report.verdict).toBe('holds')
    expect(
      report.attestations.map(({ file, signedByAuthor, signer }) => [basename(file, '.dsse.json'), signedByAuthor, signer?.anchoredBy])
    ).toEqual([
      ['bare', false, 'none'],
      ['bareown', true, 'none'],
      ['other', false, 'root-certificate'],
      ['own', true, 'root-certificate'],
      ['renewed', true, 'root-certificate']
    ])
  })

  it('that do not hold make the decision worth nothing', async () => {
    const old = makeCertificate('Old', { extensions: forCode, by: root, valid: ['200101000000Z', '210101000000Z'] })
    expect(await problemOf(certified(old), old.key)).toBe(
      `Its signer's certificates do not hold: the certificate "CN=Old" expired at 2021-01-01T00:00:00.000Z.`
    )
    expect((await examined()).attestations).toMatchObject([{ valid: false, decision: 'approve', signer: { anchoredBy: 'none' } }])
  })

  it('of another key than the one that signed are refused', async () => {
    const made = makeCertificate('Ada', { extensions: forCode, by: root })
    expect(await problemOf(certified(made))).toContain('does not say who signed it')
    expect(await problemOf({ ...certified(made), keyid: sha256(publicPem(made.key)) })).toContain('does not fit its content')
  })
})

it('reads each of many foreign files once, names all of them, and still hears the decision among them', async () => {
  attest(folder, 'x.dsse.json', reviewer)
  for (let n = 0; n < 200; n++) writeFileSync(join(folder, 'attestations', n % 2 ? `g${n}.dsse.json` : `g${n}.txt`), `{"garbage": ${n}}`)
  const bundle = await openBundle(folder)
  const reads = new Map<string, number>()
  const counted = {
    ...bundle,
    list: () => bundle.list(),
    read: (name: string, limit: number) => {
      reads.set(name, (reads.get(name) ?? 0) + 1)
      return bundle.read(name, limit)
    }
  }
  const anchors = readTrust({ publicKeyPem: publicPem(author) })
  const target = {
    root: Sha256.parse(sha256('root')),
    bundleDigest: Sha256.parse(sha256('signature')),
    author: describeKey(author, anchors),
    anchors,
    index: null
  }
  const { problems } = await verifyAttestations(counted, target)
  expect([problems.length, reads.size, Math.max(...reads.values())]).toEqual([201, 201, 1])
  const { attestations, check } = await examined()
  expect(attestations.filter(({ valid }) => valid).map(({ file }) => file)).toEqual(['attestations/x.dsse.json'])
  expect(check.detail).toContain('And 195 more.')
  await bundle.close()
})
