import { createPrivateKey } from 'node:crypto'
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import type { DecisionText } from '../../model/bundle'
import { countersign, openBundle, packBundle, signDirectory, verifyBundle } from './index'
import {
  freshFolder,
  makeChain,
  newKey,
  opensslVerifies,
  publicPem,
  readSignature,
  removeFolders,
  sha256,
  signedBytes,
  writeFiles
} from './sample-bundle.fixture'

/** A folder that takes no new entry, as on a read-only medium; permissions would not stop root. */
const medium = vi.hoisted(() => ({ readOnly: false, fault: 'EROFS' }))
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>()
  const mkdir = (...args: Parameters<typeof real.mkdir>) =>
    medium.readOnly && String(args[0]).endsWith('attestations')
      ? Promise.reject(Object.assign(new Error(`${medium.fault}: it cannot be written`), { code: medium.fault }))
      : real.mkdir(...args)
  return { ...real, mkdir }
})

afterAll(removeFolders)

const author = newKey()
const reviewer = newKey('P-521')
const trust = { publicKeyPem: publicPem(author) }
const approval: DecisionText = {
  name: 'Ada Reviewer',
  meaning: 'reviewer',
  decision: 'approve',
  statement: 'I read the evaluation and agree.'
}
const at = new Date('2026-03-04T05:06:07.089Z')

async function signed(): Promise<string> {
  const folder = writeFiles()
  await signDirectory(folder, { key: author })
  return folder
}
async function packedBundle(folder: string): Promise<string> {
  const file = join(freshFolder(), 'x.drydock')
  await packBundle(folder, file)
  return file
}
async function readAttestation(path: string, file: string) {
  const bundle = await openBundle(path)
  const envelope = JSON.parse((await bundle.read(file)).toString())
  await bundle.close()
  return { envelope, statement: JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) }
}

describe('a countersignature', () => {
  it('offers a copy when the bundle cannot be written to', async () => {
    const folder = await signed()
    medium.readOnly = true
    try {
      const failure = await countersign(folder, { ...approval, key: reviewer, trust }).catch((error: unknown) => error)
      expect(failure).toMatchObject({ code: 'FORBIDDEN', details: { place: 'bundle' } })
      expect(String(failure)).toContain('Let a copy in another place carry it')
      const copyTo = join(freshFolder(), 'copy.drydock')
      expect((await countersign(folder, { ...approval, key: reviewer, trust, copyTo })).path).toBe(copyTo)
    } finally {
      medium.readOnly = false
    }
    expect((await verifyBundle(folder, trust)).attestations).toEqual([])
  })
  it('goes into a copy when the bundle must stay as it is, and never over another file', async () => {
    const folder = await signed()
    const file = await packedBundle(folder)
    for (const path of [folder, file]) {
      const copyTo = join(freshFolder(), 'copy.drydock')
      const before = readdirSync(folder, { recursive: true }).length + readFileSync(file).length
      const result = await countersign(path, { ...approval, key: reviewer, at, trust, copyTo })
      expect(result.path).toBe(copyTo)
      expect(readdirSync(folder, { recursive: true }).length + readFileSync(file).length).toBe(before)
      const report = await verifyBundle(copyTo, trust)
      expect(report).toMatchObject({ verdict: 'holds', attestations: [{ ...approval, valid: true }] })
      const written = readFileSync(copyTo)
      await expect(countersign(path, { ...approval, key: reviewer, trust, copyTo })).rejects.toMatchObject({ code: 'CONFLICT' })
      expect(readFileSync(copyTo).equals(written)).toBe(true)
    }
  })

  it('is added to both forms, leaves every other byte alone and is accepted by openssl', async () => {
    const folder = await signed()
    const file = await packedBundle(folder)
    for (const path of [folder, file]) {
      const result = await countersign(path, { ...approval, key: reviewer, at, trust })
      expect(result.file).toBe(`attestations/20260304T050607089Z-${sha256(publicPem(reviewer)).slice(0, 12)}.dsse.json`)
      expect(result.attestation).toMatchObject({
        ...approval,
        valid: true,
        time: at.toISOString(),
        clock: 'untrusted',
        signedByAuthor: false,
        signer: { keyFingerprint: sha256(publicPem(reviewer)), anchoredBy: 'none' }
      })
      const report = await verifyBundle(path, trust)
      expect(report).toMatchObject({
        verdict: 'holds',
        totals: { attestationFiles: 1 },
        attestations: [{ valid: true, decision: 'approve' }]
      })
      const { envelope, statement } = await readAttestation(path, result.file)
      const embedded: string = statement.predicate.drydockSignature.signer.publicKey
      expect(envelope.signatures[0].keyid).toBe(sha256(embedded))
      expect(opensslVerifies('sha512', embedded, signedBytes(envelope), Buffer.from(envelope.signatures[0].sig, 'base64'))).toBe(true)
      expect(
        opensslVerifies('sha512', publicPem(newKey('P-521')), signedBytes(envelope), Buffer.from(envelope.signatures[0].sig, 'base64'))
      ).toBe(false)
    }
    const plain = await openBundle(file)
    for (const { name } of plain.list())
      if (!name.startsWith('attestations/')) expect(await plain.read(name)).toEqual(readFileSync(join(folder, name)))
    await plain.close()
    expect(readdirSync(join(file, '..'))).toEqual(['x.drydock'])
  })

  it('in a file gives the same bytes as packing the countersigned directory', async () => {
    const folder = await signed()
    const file = await packedBundle(folder)
    const { file: name } = await countersign(file, { anyAuthor: true, ...approval, key: reviewer, at })
    const bundle = await openBundle(file)
    writeFiles({ [name]: (await bundle.read(name)).toString() }, folder)
    await bundle.close()
    expect(sha256(readFileSync(await packedBundle(folder)))).toBe(sha256(readFileSync(file)))
  })

  it('that approves is a Simple Verification Result, one that rejects a Test Result, both bound to files and signature', async () => {
    const folder = await signed()
    const payload = JSON.parse(Buffer.from(readSignature(folder).dsseEnvelope.payload, 'base64').toString())
    const subject = [payload.subject[0], { name: 'model.sig', digest: { sha256: sha256(readFileSync(join(folder, 'model.sig'))) } }]
    const record = { name: approval.name, meaning: 'reviewer', statement: approval.statement, time: at.toISOString(), clock: 'untrusted' }
    const yes = await readAttestation(folder, (await countersign(folder, { anyAuthor: true, ...approval, key: reviewer, at })).file)
    expect(yes.statement).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      subject,
      predicateType: 'https://in-toto.io/attestation/svr/v0.2',
      predicate: {
        verifier: { id: expect.stringMatching(/^urn:drydock:countersign:v1:[0-9a-f]{64}$/), policies: [] },
        timeCreated: at.toISOString(),
        properties: ['DRYDOCK_REVIEWER_APPROVED'],
        drydockSignature: { ...record, decision: 'approve' }
      }
    })
    const no = await readAttestation(
      folder,
      (await countersign(folder, { anyAuthor: true, ...approval, decision: 'reject', key: newKey(), at })).file
    )
    expect(no.statement).toMatchObject({
      subject,
      predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
      predicate: {
        result: 'FAILED',
        configuration: [],
        failedTests: ['DRYDOCK_REVIEWER_REVIEW'],
        drydockSignature: { ...record, decision: 'reject' }
      }
    })
    const report = await verifyBundle(folder, trust)
    expect(report.attestations.map((item) => item.decision).sort()).toEqual(['approve', 'reject'])
    expect(report.verdict).toBe('holds')
  })

  it('by the author is flagged; several at the same moment keep their own names', async () => {
    const folder = await signed()
    const first = await countersign(folder, { anyAuthor: true, ...approval, meaning: 'author', key: author, at })
    const second = await countersign(folder, { anyAuthor: true, ...approval, meaning: 'author', statement: 'Again.', key: author, at })
    expect(first.attestation.signedByAuthor).toBe(true)
    expect(second.file).toBe(first.file.replace('.dsse', '-2.dsse'))
    expect((await verifyBundle(folder, trust)).attestations).toHaveLength(2)
  })

  it('can carry a certificate chain', async () => {
    const made = makeChain(createPrivateKey)
    const folder = writeFiles()
    await signDirectory(folder, { key: made.key, certificateChainPem: made.chainPem })
    const other = newKey()
    await expect(
      countersign(folder, { anyAuthor: true, ...approval, key: other, certificateChainPem: made.chainPem })
    ).rejects.toMatchObject({
      code: 'INVALID_INPUT'
    })
    const root = { rootCertificatePem: made.rootPem }
    const own = await countersign(folder, {
      ...approval,
      meaning: 'author',
      key: made.key,
      certificateChainPem: made.chainPem,
      trust: root
    })
    expect(own.attestation).toMatchObject({ signedByAuthor: true, signer: { kind: 'certificate', anchoredBy: 'root-certificate' } })
    const late = await verifyBundle(folder, { ...root, at: new Date('2048-01-01') })
    expect(late.attestations[0]).toMatchObject({ valid: false, problem: expect.stringContaining('expired') })
  })

  it('is refused on an altered bundle, and nothing is added', async () => {
    const folder = await signed()
    writeFileSync(join(folder, 'README.md'), 'other')
    await expect(countersign(folder, { anyAuthor: true, ...approval, key: reviewer })).rejects.toMatchObject({
      code: 'DIGEST_MISMATCH',
      message: expect.stringContaining('README.md')
    })
    expect(readdirSync(folder)).not.toContain('attestations')
    const file = await packedBundle(folder)
    const before = sha256(readFileSync(file))
    await expect(countersign(file, { anyAuthor: true, ...approval, key: reviewer })).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' })
    expect(sha256(readFileSync(file))).toBe(before)
    writeFileSync(join(folder, 'model.sig'), '{}')
    await expect(countersign(folder, { anyAuthor: true, ...approval, key: reviewer })).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' })
    const sound = await signed()
    await expect(countersign(sound, { anyAuthor: true, ...approval, name: '  ', key: reviewer })).rejects.toMatchObject({
      code: 'INVALID_INPUT'
    })
    await expect(countersign(sound, { anyAuthor: true, ...approval, statement: '', key: reviewer })).rejects.toMatchObject({
      code: 'INVALID_INPUT'
    })
  })
})

describe('a foreign file under attestations/', () => {
  it('is set aside when it was copied from another bundle, repeated, or is no attestation', async () => {
    const folder = await signed()
    const other = writeFiles({ 'README.md': 'another model' })
    await signDirectory(other, { key: author })
    const { file } = await countersign(other, { anyAuthor: true, ...approval, key: reviewer })
    writeFiles({ 'attestations/copied.dsse.json': readFileSync(join(other, file), 'utf8') }, folder)
    expect(await verifyBundle(folder, trust)).toMatchObject({
      verdict: 'holds',
      attestations: [{ valid: false, problem: expect.stringContaining('another bundle') }]
    })

    copyFileSync(join(other, file), join(other, 'attestations/zz.dsse.json'))
    expect((await verifyBundle(other, trust)).attestations.map((item) => item.problem)).toEqual([null, `It repeats ${file}.`])

    const third = await signed()
    writeFiles({ 'attestations/notes.txt': 'hello' }, third)
    const report = await verifyBundle(third, trust)
    expect(report.checks.find((item) => item.id === 'attestations')).toMatchObject({
      status: 'warn',
      files: [{ name: 'attestations/notes.txt', problem: 'set-aside' }]
    })
  })

  it('signed again for the same files under another model.sig is refused, although the root is the same', async () => {
    const folder = await signed()
    const { file } = await countersign(folder, { anyAuthor: true, ...approval, key: reviewer })
    const twin = writeFiles()
    await signDirectory(twin, { key: author })
    writeFiles({ [file]: readFileSync(join(folder, file), 'utf8') }, twin)
    const report = await verifyBundle(twin, trust)
    expect(report.root).toBe((await verifyBundle(folder, trust)).root)
    expect(report.attestations).toMatchObject([{ valid: false }])
  })

  it('may be any in-toto statement of the author about this bundle', async () => {
    const folder = await signed()
    const model = readSignature(folder)
    const subject = JSON.parse(Buffer.from(model.dsseEnvelope.payload, 'base64').toString()).subject[0]
    const { sign } = await import('node:crypto')
    const write = (predicateType: string, predicate: unknown, name: string, keyid = sha256(publicPem(author))) => {
      const statement = {
        _type: 'https://in-toto.io/Statement/v1',
        subject: [subject, { name: 'model.sig', digest: { sha256: sha256(readFileSync(join(folder, 'model.sig'))) } }],
        predicateType,
        predicate
      }
      const envelope = { payload: Buffer.from(JSON.stringify(statement)).toString('base64'), payloadType: 'application/vnd.in-toto+json' }
      const sig = sign('sha256', signedBytes(envelope), author).toString('base64')
      writeFiles({ [`attestations/${name}.dsse.json`]: JSON.stringify({ ...envelope, signatures: [{ keyid, sig }] }) }, folder)
    }
    write('https://slsa.dev/provenance/v1', { buildDefinition: {} }, 'lineage')
    expect(await verifyBundle(folder, trust)).toMatchObject({
      verdict: 'holds',
      attestations: [{ valid: true, decision: null, signedByAuthor: true }]
    })
    const record = { ...approval, time: at.toISOString(), clock: 'untrusted', signer: { publicKey: publicPem(author) } }
    write(
      'https://in-toto.io/attestation/svr/v0.2',
      { verifier: { id: 'x', policies: [] }, timeCreated: at.toISOString(), properties: [], drydockSignature: record },
      'odd'
    )
    write(
      'https://in-toto.io/attestation/test-result/v0.1',
      { result: 'PASSED', configuration: [], drydockSignature: { ...record, decision: 'reject' } },
      'odd2'
    )
    write('https://slsa.dev/provenance/v1', {}, 'unknown', 'somebody')
    const problems = (await verifyBundle(folder, trust)).attestations.filter((item) => !item.valid).map((item) => item.problem)
    expect(problems).toEqual([
      expect.stringContaining('contradicts'),
      expect.stringContaining('contradicts'),
      expect.stringContaining('does not say who')
    ])
  })
})

describe('a decision that cannot be added', () => {
  it.each([
    ['EROFS', 'FORBIDDEN', 'on a medium or in a folder that is read-only'],
    ['ENOSPC', 'DISK_FULL', 'on a full disk']
  ])('because of %s says that a copy can carry it', async (fault, code, words) => {
    const folder = await signed()
    Object.assign(medium, { readOnly: true, fault })
    try {
      await expect(countersign(folder, { anyAuthor: true, ...approval, key: reviewer })).rejects.toMatchObject({
        code,
        message: expect.stringContaining(words),
        details: { place: 'bundle' },
        cause: { code }
      })
    } finally {
      Object.assign(medium, { readOnly: false, fault: 'EROFS' })
    }
  })

  it('for another reason stays that reason', async () => {
    const folder = await signed()
    Object.assign(medium, { readOnly: true, fault: 'ENOENT' })
    try {
      const failure = await countersign(folder, { anyAuthor: true, ...approval, key: reviewer }).catch((error: unknown) => error)
      expect(failure).toMatchObject({ code: 'NOT_FOUND' })
      expect(failure).not.toMatchObject({ details: { place: 'bundle' } })
    } finally {
      Object.assign(medium, { readOnly: false, fault: 'EROFS' })
    }
  })

  it('because somebody stopped it leaves the bundle as it is', async () => {
    const folder = await signed()
    await expect(countersign(folder, { anyAuthor: true, ...approval, key: reviewer, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CANCELLED'
    })
    expect(readdirSync(folder)).not.toContain('attestations')
  })

  it('because the bundle has another fault names the check that fails', async () => {
    const unsigned = writeFiles()
    await expect(countersign(unsigned, { anyAuthor: true, ...approval, key: reviewer })).rejects.toMatchObject({
      details: { check: 'signature-format' }
    })
  })

  it('although it was written, because it does not hold for the reader, is said to be no good', async () => {
    const folder = await signed()
    const made = makeChain(createPrivateKey)
    const late = { at: new Date('2048-01-01') }
    await expect(
      countersign(folder, { ...approval, key: made.key, certificateChainPem: made.chainPem, trust: late, anyAuthor: true })
    ).rejects.toMatchObject({ code: 'INTERNAL', message: expect.stringContaining('Do not send the bundle') })
  })
})

describe('the name of a decision', () => {
  it('is its time and its key, and of several of one moment a number', async () => {
    const folder = await signed()
    const key = sha256(publicPem(reviewer)).slice(0, 12)
    const stem = `attestations/20260304T050607089Z-${key}`
    const names: string[] = []
    for (const statement of ['One.', 'Two.', 'Three.'])
      names.push((await countersign(folder, { anyAuthor: true, ...approval, statement, key: reviewer, at })).file)
    expect(names).toEqual([`${stem}.dsse.json`, `${stem}-2.dsse.json`, `${stem}-3.dsse.json`])
    const now = await countersign(folder, { anyAuthor: true, ...approval, key: newKey() })
    expect(Math.abs(Date.parse(now.attestation.time ?? '') - Date.now())).toBeLessThan(60_000)
  })
})
