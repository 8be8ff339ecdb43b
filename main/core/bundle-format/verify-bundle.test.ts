import { createPrivateKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readFileSync, renameSync, rmSync, symlinkSync, writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { VerificationReport } from '../../model/bundle'
import { verdictWord, VerificationReport as VerificationReportSchema, verificationCheckIds } from '../../model/bundle'
import { countersign, packBundle, signDirectory, verifyBundle } from './index'
import type { LeafOptions, RawSignature, RawStatement } from './sample-bundle.fixture'
import {
  allFiles,
  certificatesOf,
  forge,
  makeChain,
  newKey,
  publicPem,
  readSignature,
  recipe,
  removeFolders,
  sha256,
  writeFiles
} from './sample-bundle.fixture'

afterAll(removeFolders)

const author = newKey()
const reviewer = newKey('P-384')
const trusted = { publicKeyPem: publicPem(author) }

async function signed(key: KeyObject = author): Promise<string> {
  const folder = writeFiles()
  await signDirectory(folder, { key })
  return folder
}
function check(report: VerificationReport, id: string) {
  return report.checks.find((item) => item.id === id)
}
function culprits(report: VerificationReport): string[] {
  return [
    ...new Set(
      report.checks
        .filter((item) => item.status === 'fail' || item.id === 'attestations')
        .flatMap((item) => item.files.map((file) => file.name))
    )
  ]
}
/** Writes a hostile model.sig, correctly signed by the trusted author. */
function plant(
  folder: string,
  change: (statement: RawStatement) => unknown,
  after: (signature: RawSignature) => unknown = (same) => same
): void {
  const statement = recipe(folder, 'strike-damage-1')
  writeFileSync(join(folder, 'model.sig'), JSON.stringify(after(forge(change(statement) ?? statement, author))))
}

describe('a sound bundle', () => {
  it('verifies as directory and as file with a complete report', async () => {
    const folder = await signed()
    const file = `${folder}.drydock`
    await packBundle(folder, file)
    for (const [path, form] of [
      [folder, 'directory'],
      [file, 'file']
    ]) {
      const report = VerificationReportSchema.parse(await verifyBundle(path ?? '', trusted))
      expect(report).toMatchObject({
        verdict: 'holds',
        form,
        bundleDigest: sha256(readFileSync(join(folder, 'model.sig'))),
        subjectName: 'strike-damage-1'
      })
      expect(report.checks.map((item) => item.id)).toEqual([...verificationCheckIds])
      expect(report.checks.map((item) => item.status)).toEqual([
        'pass',
        'pass',
        'pass',
        'pass',
        'skipped',
        'pass',
        'pass',
        'skipped',
        'pass',
        'pass'
      ])
      expect(report.signer).toMatchObject({
        kind: 'key',
        keyFingerprint: sha256(publicPem(author)),
        anchoredBy: 'public-key',
        curve: 'P-256'
      })
      expect(report.totals).toMatchObject({ signedFiles: 11, allFiles: 12, attestationFiles: 0 })
    }
  })

  it('is untrusted without trust, though the signature itself was checked', async () => {
    const report = await verifyBundle(await signed())
    expect(report.verdict).toBe('insufficient')
    expect(check(report, 'signature')?.status).toBe('pass')
    expect(report.signer).toMatchObject({ publicKeyPem: publicPem(author), anchoredBy: 'none' })
  })

  it('is anchored by a fingerprint alone, and only by the right one', async () => {
    const folder = await signed()
    expect(await verifyBundle(folder, { expectedKeyFingerprint: sha256(publicPem(author)).toUpperCase() })).toMatchObject({
      verdict: 'holds'
    })
    expect(await verifyBundle(folder, { expectedKeyFingerprint: sha256(publicPem(reviewer)) })).toMatchObject({ verdict: 'altered' })
  })

  it('signed by another key is never verified', async () => {
    const report = await verifyBundle(await signed(newKey()), trusted)
    expect(report.verdict).toBe('altered')
    expect(verdictWord(report)).toBe('not authentic')
    expect(check(report, 'trust')).toMatchObject({ status: 'fail', detail: expect.stringContaining(sha256(publicPem(author))) })
  })

  it('is not judged at all with a wrong trust file or path', async () => {
    const folder = await signed()
    await expect(verifyBundle(folder, { publicKeyPem: 'no key' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(verifyBundle(folder, { rootCertificatePem: 'none' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(verifyBundle(`${folder}-absent`)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('an altered bundle', () => {
  it('names exactly the file in which one byte changed, whichever file and byte it is', async () => {
    const folder = await signed()
    await countersign(folder, {
      anyAuthor: true,
      key: reviewer,
      name: 'R. Reviewer',
      meaning: 'reviewer',
      decision: 'approve',
      statement: 'Seen.'
    })
    const names = allFiles(folder)
    expect(names.some((name) => name.startsWith('attestations/'))).toBe(true)
    let flips = 0
    for (const name of names) {
      const path = join(folder, name)
      const original = readFileSync(path)
      const step = Math.max(1, Math.floor(original.length / 11))
      for (let at = 0; at < original.length; at += step) {
        const flipped = Buffer.from(original)
        flipped[at] = (flipped[at] ?? 0) ^ 1
        writeFileSync(path, flipped)
        const report = await verifyBundle(folder, trusted)
        // Anybody may put files there, so one that does not hold is named and condemns nothing.
        const verdict = name.startsWith('attestations/') ? 'holds' : 'altered'
        expect([name, at, report.verdict, culprits(report)]).toEqual([name, at, verdict, [name]])
        expect(report.decisions.unknown).toHaveLength(verdict === 'holds' ? 0 : report.signer ? 1 : 0)
        flips++
      }
      writeFileSync(path, original)
    }
    expect(flips).toBeGreaterThan(100)
    expect((await verifyBundle(folder, trusted)).verdict).toBe('holds')
  })

  it('names exactly the file when one byte of the content changed inside the container', async () => {
    const folder = await signed()
    const file = `${folder}.drydock`
    await packBundle(folder, file)
    const original = readFileSync(file)
    for (const [name, content] of [
      ['model/model.onnx', 'weights'],
      ['card/model-card.html', '<p>card'],
      ['policy/gates.yaml', '0.8']
    ]) {
      const flipped = Buffer.from(original)
      const at = flipped.indexOf(content ?? '')
      flipped[at] = (flipped[at] ?? 0) ^ 1
      writeFileSync(file, flipped)
      const report = await verifyBundle(file, trusted)
      expect([report.verdict, culprits(report)]).toEqual(['altered', [name]])
    }
  })

  it('names added, removed, renamed and swapped files', async () => {
    const folder = await signed()
    writeFileSync(join(folder, 'model/extra.bin'), 'x')
    expect(check(await verifyBundle(folder, trusted), 'files')).toMatchObject({
      status: 'fail',
      files: [{ name: 'model/extra.bin', problem: 'added' }]
    })
    rmSync(join(folder, 'model/extra.bin'))
    renameSync(join(folder, 'README.md'), join(folder, 'READ.md'))
    const renamed = check(await verifyBundle(folder, trusted), 'files')
    expect(renamed?.files).toMatchObject([
      { name: 'READ.md', problem: 'added' },
      { name: 'README.md', problem: 'missing' }
    ])
    rmSync(join(folder, 'READ.md'))
    expect(check(await verifyBundle(folder, trusted), 'files')?.files).toMatchObject([{ name: 'README.md', problem: 'missing' }])
    const other = await signed()
    renameSync(join(other, 'bom.cdx.json'), join(other, 'keep'))
    renameSync(join(other, 'README.md'), join(other, 'bom.cdx.json'))
    renameSync(join(other, 'keep'), join(other, 'README.md'))
    expect(culprits(await verifyBundle(other, trusted)).sort()).toEqual(['README.md', 'bom.cdx.json'])
  })

  it('fails without a signature and with things that no signature covers', async () => {
    const folder = await signed()
    mkdirSync(join(folder, 'hollow'))
    expect(check(await verifyBundle(folder, trusted), 'layout')).toMatchObject({
      status: 'fail',
      files: [{ name: 'hollow', problem: 'refused' }]
    })
    rmSync(join(folder, 'hollow'), { recursive: true })
    symlinkSync('README.md', join(folder, 'link'))
    expect((await verifyBundle(folder, trusted)).verdict).toBe('altered')
    rmSync(join(folder, 'link'))
    rmSync(join(folder, 'model.sig'))
    expect(check(await verifyBundle(folder, trusted), 'signature-format')).toMatchObject({
      status: 'fail',
      files: [{ name: 'model.sig', problem: 'missing' }]
    })
    writeFileSync(join(folder, 'model.sig'), '{')
    expect((await verifyBundle(folder, trusted)).verdict).toBe('altered')
  })

  it('fails with a signature or list that was exchanged, also under the same hint', async () => {
    const folder = await signed()
    const good = readSignature(folder)
    const write = (signature: unknown) => writeFileSync(join(folder, 'model.sig'), JSON.stringify(signature))
    const forged = forge(recipe(folder, 'strike-damage-1'), newKey())
    write({ ...forged, verificationMaterial: good.verificationMaterial })
    expect(check(await verifyBundle(folder, trusted), 'signature')?.status).toBe('fail')
    expect(check(await verifyBundle(folder), 'signature')?.status).toBe('fail')
    write({ ...good, verificationMaterial: forged.verificationMaterial })
    expect(check(await verifyBundle(folder, trusted), 'signature')?.status).toBe('fail')
    const payload = Buffer.from(JSON.stringify({ ...recipe(folder, 'other') })).toString('base64')
    write({ ...good, dsseEnvelope: { ...good.dsseEnvelope, payload } })
    expect(await verifyBundle(folder, trusted)).toMatchObject({ verdict: 'altered' })
    expect(check(await verifyBundle(folder, trusted), 'files')?.status).toBe('skipped')
  })
})

describe('a hostile but correctly signed model.sig', () => {
  const problem = async (change: (statement: RawStatement) => unknown, after?: (signature: RawSignature) => unknown): Promise<string> => {
    const folder = writeFiles()
    plant(folder, change, after)
    const report = await verifyBundle(folder, trusted)
    return `${report.verdict}: ${check(report, 'signature-format')?.detail ?? ''}`
  }
  it('is told from a sound one made the same way', async () => {
    const folder = writeFiles()
    plant(folder, () => undefined)
    expect((await verifyBundle(folder, trusted)).verdict).toBe('holds')
  })
  it('is refused when it ignores other paths or lists nothing', async () => {
    expect(await problem((statement) => void (statement.predicate.serialization.ignore_paths = ['.']))).toMatch(/^altered.*ignore_paths/)
    expect(
      await problem((statement) => {
        statement.predicate.resources = []
        statement.predicate.serialization.ignore_paths = []
        for (const subject of statement.subject) subject.digest.sha256 = sha256('')
      })
    ).toMatch(/^altered.*lists no file/)
    expect(await problem((statement) => void (statement.predicate.serialization.method = 'other'))).toMatch(/^altered.*method/)
    expect(await problem((statement) => void (statement.predicate.serialization.method = 'shards'))).toMatch(/^insufficient.*shards/)
  })
  it('is refused with names that are repeated, unsafe, out of order or outside its reach', async () => {
    const rename = (name: string) => (statement: RawStatement) => void Object.assign(statement.predicate.resources[0] ?? {}, { name })
    expect(
      await problem((statement) => {
        const [first] = statement.predicate.resources
        if (first) statement.predicate.resources.unshift(first)
      })
    ).toMatch(/^altered.*twice or out of order/)
    expect(await problem((statement) => void statement.predicate.resources.reverse())).toMatch(/^altered.*out of order/)
    expect(await problem(rename('../../etc/passwd'))).toMatch(/^altered.*"\.\."/)
    expect(await problem(rename('/etc/passwd'))).toMatch(/^altered.*absolute/)
    expect(await problem(rename('./README.md'))).toMatch(/^altered.*"\."/)
    expect(await problem(rename('a\\b'))).toMatch(/^altered.*backslash/)
    expect(await problem(rename('.git/config'))).toMatch(/^altered.*cannot be signed/)
    expect(await problem(rename(''))).toMatch(/^altered.*name/)
  })
  it('is refused with two signatures, none, repeated JSON names or fields of another format', async () => {
    const same = () => undefined
    expect(
      await problem(same, (signature) => {
        signature.dsseEnvelope.signatures.push(...signature.dsseEnvelope.signatures)
        return signature
      })
    ).toMatch(/^altered.*exactly one signature/)
    expect(
      await problem(same, (signature) => ({
        ...signature,
        dsseEnvelope: { ...signature.dsseEnvelope, signatures: [] }
      }))
    ).toMatch(/^altered.*exactly one signature/)
    expect(await problem(same, (signature) => ({ ...signature, mediaType: 'application/vnd.dev.sigstore.bundle.v0.2+json' }))).toMatch(
      /^altered.*mediaType/
    )
    expect(await problem(same, (signature) => ({ ...signature, extra: 1 }))).toMatch(/^altered.*extra/)
    expect(await problem(same, (signature) => ({ ...signature, verificationMaterial: { publicKey: {} } }))).toMatch(
      /^altered.*verificationMaterial/
    )
    const folder = await signed()
    const text = readFileSync(join(folder, 'model.sig'), 'utf8')
    writeFileSync(join(folder, 'model.sig'), text.replace('{"mediaType"', '{"mediaType":"x","mediaType"'))
    expect(check(await verifyBundle(folder, trusted), 'signature-format')?.detail).toMatch(/"mediaType" twice/)
  })
  it('fails when its root digest is not that of its list', async () => {
    const folder = writeFiles()
    plant(folder, (statement) => {
      for (const subject of statement.subject) subject.digest.sha256 = 'ab'.repeat(32)
    })
    expect(check(await verifyBundle(folder, trusted), 'root')?.status).toBe('fail')
  })
  it('is refused on secp256k1', async () => {
    const folder = writeFiles()
    const odd = newKey('secp256k1')
    writeFileSync(join(folder, 'model.sig'), JSON.stringify(forge(recipe(folder, 'x'), odd)))
    expect((await verifyBundle(folder)).verdict).toBe('altered')
    await expect(verifyBundle(folder, { publicKeyPem: publicPem(odd) })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

describe('a certificate chain', () => {
  const good = makeChain(createPrivateKey)
  async function judge(options: LeafOptions | null, trust: { at?: Date; root?: string } = {}, certificates?: string[], hash?: string) {
    const made = options === null ? good : makeChain(createPrivateKey, options)
    const folder = writeFiles()
    const signature = forge(recipe(folder, 'strike-damage-1'), made.key, certificates ?? certificatesOf(made.chainPem), hash)
    writeFileSync(join(folder, 'model.sig'), JSON.stringify(signature))
    return verifyBundle(folder, { rootCertificatePem: trust.root ?? made.rootPem, ...(trust.at ? { at: trust.at } : {}) })
  }
  let other: ReturnType<typeof makeChain>
  beforeAll(() => {
    other = makeChain(createPrivateKey)
  })

  it('that is sound verifies; with the root inside too', async () => {
    expect((await judge(null)).verdict).toBe('holds')
    expect((await judge(null, {}, certificatesOf(good.chainPem + good.rootPem))).verdict).toBe('holds')
    expect((await judge({ curve: 'P-384' }, {}, undefined, 'sha384')).verdict).toBe('holds')
  })
  it('that leads to no or another root is untrusted', async () => {
    expect((await judge(null, { root: other.rootPem })).verdict).toBe('altered')
    expect((await judge(null, {}, certificatesOf(good.chainPem).slice(0, 1))).verdict).toBe('altered')
  })
  it('fails when expired, not yet valid, or for another use', async () => {
    const detail = async (report: Promise<VerificationReport>) => {
      const { verdict, checks } = await report
      return `${verdict}: ${checks.find((item) => item.id === 'certificate')?.detail ?? ''}`
    }
    expect(await detail(judge({ days: ['20240101000000Z', '20250101000000Z'] }))).toMatch(/^altered.*expired at 2025-01-01T00:00:00.000Z/)
    expect(await detail(judge(null, { at: new Date('2045-01-01') }))).toMatch(/^altered.*expired/)
    expect(await detail(judge(null, { at: new Date('2023-12-31') }))).toMatch(/^altered.*valid only from/)
    expect(await detail(judge({ extendedKeyUsage: 'serverAuth' }))).toMatch(/^altered.*code signing/)
    expect(await detail(judge({ keyUsage: 'keyAgreement' }))).toMatch(/^altered.*digital signatures/)
    expect(await detail(judge({ curve: 'secp256k1' }))).toMatch(/^altered.*not ECDSA on P-256/)
    expect(await detail(judge({ root: 'basicConstraints=critical,CA:TRUE,pathlen:0' }))).toMatch(/^altered.*allows only 0 authorities/)
    expect(await detail(judge({ intermediate: 'basicConstraints=critical,CA:FALSE' }))).toMatch(/^altered.*not a certificate authority/)
    expect(await detail(judge({ intermediate: 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign' }))).toMatch(
      /^altered.*may not sign/
    )
    expect(
      await detail(judge({ intermediate: 'basicConstraints=critical,CA:TRUE\nnameConstraints=critical,permitted;DNS:x.example' }))
    ).toMatch(/^altered.*critical extension/)
    expect(await detail(judge(null, {}, [...certificatesOf(good.chainPem).slice(0, 1), ...certificatesOf(other.intermediatePem)]))).toMatch(
      /^altered.*not issued by/
    )
    expect(await detail(judge(null, {}, [Buffer.from('rubbish').toString('base64')]))).toMatch(/^altered.*damaged/)
  })
  it('of another key fails the signature', async () => {
    expect(check(await judge(null, {}, certificatesOf(other.chainPem)), 'signature')?.status).toBe('fail')
  })
  it('cannot vouch for a bare key', async () => {
    const report = await verifyBundle(await signed(), { rootCertificatePem: good.rootPem })
    expect(report.verdict).toBe('altered')
    expect(check(report, 'trust')?.detail).toMatch(/bare key/)
  })
})
