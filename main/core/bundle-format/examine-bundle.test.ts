import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { VerificationReport } from '../../model/bundle'
import type { MadeCertificate } from './certificate-maker.fixture'
import { basicConstraints, extendedKeyUsage, keyUsage, makeCertificate } from './certificate-maker.fixture'
import { packBundle } from './pack-bundle'
import { signDirectory } from './sign-directory'
import { attest } from './made-attestation.fixture'
import { forge, newKey, publicPem, readSignature, recipe, removeFolders, sampleFiles, sha256, writeFiles } from './sample-bundle.fixture'
import { examineBundle } from './verify-bundle'

afterAll(removeFolders)

const author = newKey()
const trust = { publicKeyPem: publicPem(author), at: new Date('2030-01-01T00:00:00Z') }
const fingerprint = sha256(publicPem(author))
let folder: string
beforeEach(async () => {
  folder = writeFiles()
  await signDirectory(folder, { key: author })
})
const said = ({ checks }: VerificationReport) => Object.fromEntries(checks.map(({ id, status, detail }) => [id, `${status}: ${detail}`]))
const digests = Object.fromEntries(Object.entries(sampleFiles).map(([name, content]) => [name, sha256(content)]))
const skipped = 'skipped: Not looked at, because an earlier check does not hold.'

describe('a report', () => {
  it('says of each check of a sound bundle what it found, in both forms', async () => {
    const file = `${folder}.drydock`
    await packBundle(folder, file)
    const bytes = Object.values(sampleFiles).reduce((sum, content) => sum + Buffer.byteLength(content), 0)
    const signatureBytes = readFileSync(join(folder, 'model.sig')).length
    for (const path of [folder, file]) {
      const { report, files, verified } = await examineBundle(path, trust)
      expect(said(report)).toEqual({
        container: `pass: ${path === file ? 'Names, sizes and headers are consistent; nothing is compressed or linked.' : 'Names and sizes are safe.'}`,
        layout: 'pass: There are no links, special files, empty folders or names whose order is ambiguous.',
        'signature-format': 'pass: model.sig follows OpenSSF Model Signing v1.0 and lists 11 files.',
        signature: `pass: The key ${fingerprint} signed the list.`,
        certificate: 'skipped: The bundle is signed with a bare key; there is no certificate.',
        files: 'pass: All 11 files are there and unchanged, and there is no other.',
        root: `pass: The list has the root digest ${report.root}.`,
        evidence: 'skipped: The bundle does not say by digest what its gate judged.',
        attestations: 'pass: There is no attestation yet.',
        trust: `pass: The signer is the key ${fingerprint.slice(0, 16)}, known by the public key you gave.`
      })
      expect(report).toMatchObject({
        path,
        verdict: 'holds',
        judgedAt: '2030-01-01T00:00:00.000Z',
        totals: { signedFiles: 11, signedBytes: bytes, attestationFiles: 0, allFiles: 12, allBytes: bytes + signatureBytes }
      })
      expect(Math.abs(Date.parse(report.checkedAt) - Date.now())).toBeLessThan(60_000)
      expect(files.map(({ name }) => name)).toEqual(
        [...Object.keys(sampleFiles), 'model.sig'].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      )
      expect(Object.fromEntries(verified)).toEqual(digests)
    }
  })

  it('vouches only for files that are as a sound signature lists them', async () => {
    appendFileSync(join(folder, 'README.md'), 'x')
    rmSync(join(folder, 'bom.cdx.json'))
    writeFiles({ 'model/added.bin': 'x' }, folder)
    attest(folder, 'a.dsse.json', newKey())
    const { report, verified } = await examineBundle(folder, trust)
    const { 'README.md': changed, 'bom.cdx.json': missing, ...rest } = digests
    expect(Object.fromEntries(verified)).toEqual(rest)
    const check = report.checks.find(({ id }) => id === 'files')
    expect(check).toMatchObject({ status: 'fail', detail: 'README.md was changed; model/added.bin was added; bom.cdx.json is missing.' })
    expect(check?.files).toEqual([
      { name: 'README.md', problem: 'changed', expected: changed, actual: sha256('# strike damage\nx') },
      { name: 'model/added.bin', problem: 'added', expected: null, actual: null },
      { name: 'bom.cdx.json', problem: 'missing', expected: missing, actual: null }
    ])
    expect(report.totals).toMatchObject({ signedFiles: 11, attestationFiles: 1, allFiles: 13 })
  })

  it.each<[string, () => unknown, 'signature' | 'signature-format']>([
    [
      'was made by another key',
      () => ({ ...forge(recipe(folder, 'x'), newKey()), verificationMaterial: { publicKey: { hint: fingerprint } } }),
      'signature'
    ],
    [
      'names another key',
      () => ({ ...readSignature(folder), verificationMaterial: { publicKey: { hint: sha256('nobody') } } }),
      'signature'
    ],
    ['is no signature', () => 'x', 'signature-format']
  ])('vouches for nothing when its signature %s', async (_what, signature, failing) => {
    attest(folder, 'a.dsse.json', newKey())
    writeFileSync(join(folder, 'model.sig'), JSON.stringify(signature()))
    const { report, verified, files } = await examineBundle(folder, trust)
    expect([verified.size, files.length]).toEqual([0, 13])
    expect(report).toMatchObject({ verdict: 'altered', signer: null, attestations: [] })
    expect(report.checks.filter(({ status }) => status === 'fail')).toMatchObject([
      { id: failing, files: [{ name: 'model.sig', problem: 'changed', expected: null, actual: null }] }
    ])
    expect(said(report)).toMatchObject({ files: skipped, root: skipped, attestations: skipped, trust: skipped })
  })

  it('says that nobody vouches where there is no signature, and names no file where it is newer', async () => {
    const good = readSignature(folder)
    writeFileSync(join(folder, 'model.sig'), JSON.stringify({ ...good, mediaType: 'application/vnd.dev.sigstore.bundle.v0.4+json' }))
    const newer = (await examineBundle(folder, trust)).report
    expect(newer).toMatchObject({ verdict: 'insufficient', bundleDigest: null, subjectName: null })
    expect(newer.missing).toEqual([expect.stringContaining('made by newer software')])
    expect(newer.checks.find(({ id }) => id === 'signature-format')).toMatchObject({
      status: 'unsupported',
      detail: expect.stringContaining('made by newer software'),
      files: []
    })
    rmSync(join(folder, 'model.sig'))
    const { report } = await examineBundle(folder, trust)
    expect(report.checks.find(({ id }) => id === 'signature-format')).toMatchObject({
      status: 'fail',
      detail: 'The bundle has no model.sig, so nobody vouches for it.',
      files: [{ name: 'model.sig', problem: 'missing' }]
    })
    expect(report.summary).toBe('Do not use this bundle. The bundle has no model.sig, so nobody vouches for it.')
  })

  it('finds a root that is not that of the list, although every file is', async () => {
    const statement = recipe(folder, 'x')
    const actual = statement.subject[0]!.digest.sha256
    statement.subject[0]!.digest.sha256 = sha256('other')
    writeFileSync(join(folder, 'model.sig'), JSON.stringify(forge(statement, author)))
    const { report } = await examineBundle(folder, trust)
    expect(report.verdict).toBe('altered')
    expect(report.checks.filter(({ status }) => status === 'fail')).toMatchObject([
      {
        id: 'root',
        detail: `The list has the root digest ${actual}, but the signature states ${sha256('other')}.`,
        files: [{ name: 'model.sig', problem: 'changed' }]
      }
    ])
  })

  it.each<[string, string, string, (path: string) => void]>([
    ['layout', 'The folder hollow is empty; no signature covers an empty folder.', 'hollow', (path) => mkdirSync(join(path, 'hollow'))],
    [
      'layout',
      '.GitIgnore is in the root of the bundle, where no signature covers it.',
      '.GitIgnore',
      (path) => writeFileSync(join(path, '.GitIgnore'), '')
    ],
    [
      'container',
      'The bundle has a file with a name that Windows reserves for devices: aux.txt.',
      'aux.txt',
      (path) => writeFileSync(join(path, 'aux.txt'), '')
    ]
  ])('refuses what cannot be read safely by its %s: %s', async (id, detail, name, change) => {
    change(folder)
    const { report, files, verified } = await examineBundle(folder, trust)
    expect(report).toMatchObject({ form: 'directory', verdict: 'altered', totals: { allFiles: 0, allBytes: 0 }, root: null, signer: null })
    expect(report.checks.filter(({ status }) => status !== 'skipped')).toMatchObject([
      ...(id === 'layout' ? [{ id: 'container', status: 'pass', detail: 'Names and sizes are safe.' }] : []),
      { id, status: 'fail', detail: expect.stringContaining(detail), files: [{ name, problem: 'refused' }] }
    ])
    expect([files, verified.size]).toEqual([[], 0])
  })

  it('of a file that is no container is one of a file', async () => {
    const { report } = await examineBundle(join(folder, 'README.md'), trust)
    expect(report).toMatchObject({
      form: 'file',
      verdict: 'altered',
      checks: expect.arrayContaining([expect.objectContaining({ id: 'container', status: 'fail' })])
    })
  })
})

describe('a bundle, while it is read,', () => {
  it('shows a progress that grows to its end, by the bytes that are signed', async () => {
    const fractions: number[] = []
    await examineBundle(folder, trust, { onProgress: (fraction) => fractions.push(fraction) })
    // The empty file has no chunk.
    expect(fractions).toHaveLength(10)
    expect([...fractions].sort((a, b) => a - b)).toEqual(fractions)
    expect(fractions.at(-1)).toBe(1)
    expect(fractions[0]).toBeCloseTo(16 / Object.values(sampleFiles).reduce((sum, content) => sum + Buffer.byteLength(content), 0), 9)
  })

  it('is refused when a file of it becomes another one', async () => {
    const { report } = await examineBundle(folder, trust, { onProgress: () => truncateSync(join(folder, 'policy/gates.yaml'), 1) })
    expect(report.verdict).toBe('altered')
    expect(report.checks.find(({ id }) => id === 'container')).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('policy/gates.yaml changed its size while the bundle was read.'),
      files: [{ name: 'policy/gates.yaml', problem: 'refused' }]
    })
  })

  it('fails as what it is when a file of it goes, or somebody stops it', async () => {
    const stop = new AbortController()
    await expect(examineBundle(folder, trust, { signal: stop.signal, onProgress: () => stop.abort() })).rejects.toMatchObject({
      code: 'CANCELLED'
    })
    await expect(
      examineBundle(folder, trust, { onProgress: () => rmSync(join(folder, 'policy'), { recursive: true, force: true }) })
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('the certificates of a signer', () => {
  const root = makeCertificate('root', { extensions: [basicConstraints(true), keyUsage(5)] })
  const forCode = [basicConstraints(false), keyUsage(0), extendedKeyUsage('1.3.6.1.5.5.7.3.3')]
  const rootCertificatePem = root.certificate.x509.toString()
  const signedBy = (made: MadeCertificate, key = made.key) => {
    writeFileSync(
      join(folder, 'model.sig'),
      JSON.stringify(forge(recipe(folder, 'x'), key, [made.certificate.x509.raw.toString('base64')]))
    )
    return examineBundle(folder, { rootCertificatePem, at: trust.at })
  }

  it('are said to hold at the moment of the reader', async () => {
    const { report } = await signedBy(makeCertificate('Ada', { extensions: forCode, by: root }))
    expect(report.verdict).toBe('holds')
    expect(said(report)).toMatchObject({
      certificate: 'pass: "CN=Ada" is valid for code signing at 2030-01-01T00:00:00.000Z; revocation is not checked.',
      signature: 'pass: The key of "CN=Ada" signed the list.'
    })
    expect(report.signer).toMatchObject({
      kind: 'certificate',
      curve: 'P-256',
      certificate: { subject: 'CN=Ada' },
      chain: [{ subject: 'CN=Ada' }],
      anchoredBy: 'root-certificate'
    })
  })

  it('that do not hold fail the bundle, and what the key signed is looked at all the same', async () => {
    const { report, verified } = await signedBy(
      makeCertificate('Ada', { extensions: forCode, by: root, valid: ['200101000000Z', '210101000000Z'] })
    )
    expect(report.verdict).toBe('altered')
    expect(report.checks.find(({ id }) => id === 'certificate')).toMatchObject({
      status: 'fail',
      detail: 'The certificates do not hold: the certificate "CN=Ada" expired at 2021-01-01T00:00:00.000Z.',
      files: [{ name: 'model.sig', problem: 'refused' }]
    })
    expect(report.signer?.anchoredBy).toBe('none')
    expect(verified.size).toBe(11)
  })

  it('of another key than signed, or none at all, leave nothing to look at', async () => {
    const made = makeCertificate('Ada', { extensions: forCode, by: root })
    const other = await signedBy(made, author)
    expect(other.report.checks.find(({ id }) => id === 'signature')).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('by the certificate that it names'),
      files: [{ name: 'model.sig', problem: 'changed' }]
    })
    expect([other.report.verdict, other.report.signer, other.verified.size]).toEqual(['altered', null, 0])
    writeFileSync(join(folder, 'model.sig'), JSON.stringify(forge(recipe(folder, 'x'), author, ['AAAA'])))
    const { report } = await examineBundle(folder, trust)
    expect(report.checks.find(({ id }) => id === 'certificate')).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('damaged'),
      files: [{ name: 'model.sig', problem: 'changed' }]
    })
    expect(said(report)['signature']).toBe(skipped)
  })

  it('may be known by the key or its fingerprint, too', async () => {
    const made = makeCertificate('Ada', { extensions: forCode, by: root })
    await signedBy(made)
    const anchored = async (given: Parameters<typeof examineBundle>[1]) => {
      const { report } = await examineBundle(folder, given)
      return [report.verdict, report.signer?.anchoredBy]
    }
    expect(await anchored({ publicKeyPem: publicPem(made.key) })).toEqual(['holds', 'public-key'])
    expect(await anchored({ expectedKeyFingerprint: sha256(publicPem(made.key)).toUpperCase() })).toEqual(['holds', 'fingerprint'])
    expect(await anchored({ publicKeyPem: publicPem(made.key), rootCertificatePem })).toEqual(['holds', 'root-certificate'])
    expect(await anchored({ publicKeyPem: publicPem(author), rootCertificatePem })).toEqual(['altered', 'root-certificate'])
    expect(await anchored({})).toEqual(['insufficient', 'none'])
  })
})
