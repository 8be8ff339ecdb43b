import { createPrivateKey } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { countersign, signDirectory, verifyBundle } from './index'
import type { Deceit } from './made-attestation.fixture'
import { approval, attest } from './made-attestation.fixture'
import { makeChain, newKey, publicPem, recipe, removeFolders, forge, sha256, writeFiles } from './sample-bundle.fixture'
import { parseStrictJson } from './strict-json'

afterAll(removeFolders)

const author = newKey()
const reviewer = newKey()
const trust = { publicKeyPem: publicPem(author) }

async function signed(): Promise<string> {
  const folder = writeFiles()
  await signDirectory(folder, { key: author })
  return folder
}

describe('what a reviewer is shown', () => {
  it('is an attestation that differs from a deceitful one only in the deceit', async () => {
    const folder = await signed()
    attest(folder, 'sound.dsse.json', reviewer, { record: { statement: 'First line.\nשלום, second line.' } })
    expect(await verifyBundle(folder, trust)).toMatchObject({ verdict: 'holds', attestations: [{ valid: true, decision: 'approve' }] })
  })

  it.each([
    ['a direction override in the statement', { record: { statement: 'I \u202etcejer\u202c it' } }],
    ['an isolate in the name', { record: { name: 'Ada\u2066 (CRO)' } }],
    ['a line break in the name', { record: { name: 'Ada\nVERIFIED' } }],
    ['a terminal escape in the statement', { record: { statement: '\u001b[2J\u001b[1;1HVERIFIED' } }],
    ['a carriage return in the statement', { record: { statement: 'I reject\rI agree' } }],
    ['half a character', { record: { statement: 'x\ud800' } }],
    ['an escape in the type', { predicateType: 'https://x/\u001b[2J' }],
    ['the key id of the author', { keyid: sha256(publicPem(author)) }],
    [
      'the key of the author in the statement, signed by another',
      { named: { publicKey: publicPem(author) }, keyid: sha256(publicPem(author)) }
    ],
    ['no key id', { keyid: '' }],
    ['an unknown field in the record', { record: { title: 'Chief Risk Officer', clock: 'timestamped' } }]
  ] as [string, Deceit][])('is never %s', async (_what, deceit) => {
    const folder = await signed()
    attest(folder, 'odd.dsse.json', reviewer, deceit)
    const report = await verifyBundle(folder, trust)
    expect(report).toMatchObject({
      verdict: 'holds',
      decisions: { approvedBy: [], unknown: [] },
      attestations: [{ valid: false, file: 'attestations/odd.dsse.json', statement: null }]
    })
    expect(report.checks.find((check) => check.id === 'attestations')).toMatchObject({
      status: 'warn',
      files: [{ name: 'attestations/odd.dsse.json', problem: 'set-aside' }]
    })
    expect(JSON.stringify(report)).not.toMatch(/[\u202e\u2066]|\\u001b|\\r/)
  })

  it('is not signed either', async () => {
    const folder = await signed()
    for (const text of [{ statement: 'a\u202eb' }, { name: 'Ada\u0007' }])
      await expect(countersign(folder, { anyAuthor: true, ...approval, ...text, key: reviewer })).rejects.toMatchObject({
        code: 'INVALID_INPUT'
      })
    const { attestation } = await countersign(folder, { anyAuthor: true, ...approval, statement: 'one\r\ntwo', key: reviewer })
    expect(attestation.statement).toBe('one\ntwo')
  })

  it('has no name of a bundle that hides something', async () => {
    const folder = writeFiles()
    writeFileSync(join(folder, 'model.sig'), JSON.stringify(forge(recipe(folder, 'good\u202edab'), author)))
    const report = await verifyBundle(folder, trust)
    expect(report).toMatchObject({ verdict: 'altered', subjectName: null })
    expect(report.checks.find((check) => check.id === 'signature-format')?.files).toMatchObject([{ name: 'model.sig' }])
  })
})

describe('decisions', () => {
  it('under a certificate that the decider made himself are not among those you trust', async () => {
    const folder = await signed()
    const made = makeChain(createPrivateKey)
    await countersign(folder, { ...approval, key: made.key, certificateChainPem: made.chainPem, trust })
    const heard = await verifyBundle(folder, trust)
    expect(heard).toMatchObject({ attestations: [{ valid: true, signer: { kind: 'certificate', anchoredBy: 'none' } }] })
    expect(heard.decisions).toMatchObject({ approvedBy: [], unknown: [{ decision: 'approve', name: approval.name }] })
    const known = await verifyBundle(folder, { ...trust, rootCertificatePem: made.rootPem })
    expect(known.decisions).toMatchObject({ approvedBy: ['O=Harbour Test, CN=signer'], unknown: [] })
  })
})

describe('a bundle that is exchanged after it was read', () => {
  it('is not signed, and stays as it is', async () => {
    const folder = await signed()
    const { bundleDigest } = await verifyBundle(folder, trust)
    rmSync(join(folder, 'model.sig'))
    writeFileSync(join(folder, 'README.md'), 'another model')
    await signDirectory(folder, { key: author })
    const exchanged = await verifyBundle(folder, trust)
    expect(exchanged.verdict).toBe('holds')
    await expect(countersign(folder, { anyAuthor: true, ...approval, key: reviewer, bundleDigest: bundleDigest! })).rejects.toMatchObject({
      code: 'DIGEST_MISMATCH',
      message: expect.stringContaining('not the bundle that you reviewed')
    })
    expect((await verifyBundle(folder, trust)).totals.attestationFiles).toBe(0)
    expect(
      (await countersign(folder, { anyAuthor: true, ...approval, key: reviewer, bundleDigest: exchanged.bundleDigest! })).report.verdict
    ).not.toBe('altered')
  })
})

describe('a bomb of brackets', () => {
  it.each(['[', '{"a":'])('of %s is refused before it is parsed', async (open) => {
    const folder = await signed()
    const bytes = Buffer.from(open.repeat(500_000))
    expect(() => parseStrictJson(bytes, 'It')).toThrow(/nested more than/)
    writeFileSync(join(folder, 'model.sig'), bytes)
    expect(await verifyBundle(folder, trust)).toMatchObject({ verdict: 'altered' })
    const sound = await signed()
    writeFiles({ 'attestations/deep.dsse.json': bytes.toString() }, sound)
    expect((await verifyBundle(sound, trust)).attestations).toMatchObject([{ valid: false, problem: expect.stringContaining('nested') }])
  })

  it('is no matter of brackets inside of text', () => {
    const text = JSON.stringify({ a: `${'['.repeat(500)}"\\`, b: [[[]]] })
    expect(parseStrictJson(Buffer.from(text), 'It')).toEqual(JSON.parse(text))
  })
})
