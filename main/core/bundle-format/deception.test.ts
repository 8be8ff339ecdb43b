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
    expect(await verifyBundle(folder, trust)).toMatchObject({ verdict: 'verified', attestations: [{ valid: true, decision: 'approve' }] })
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
      verdict: 'failed',
      attestations: [{ valid: false, file: 'attestations/odd.dsse.json', statement: null }]
    })
    expect(report.checks.find((check) => check.id === 'attestations')?.files).toMatchObject([{ name: 'attestations/odd.dsse.json' }])
    expect(JSON.stringify(report)).not.toMatch(/[\u202e\u2066]|\\u001b|\\r/)
  })

  it('is not signed either', async () => {
    const folder = await signed()
    for (const text of [{ statement: 'a\u202eb' }, { name: 'Ada\u0007' }])
      await expect(countersign(folder, { ...approval, ...text, key: reviewer })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    const { attestation } = await countersign(folder, { ...approval, statement: 'one\r\ntwo', key: reviewer })
    expect(attestation.statement).toBe('one\ntwo')
  })

  it('has no name of a bundle that hides something', async () => {
    const folder = writeFiles()
    writeFileSync(join(folder, 'model.sig'), JSON.stringify(forge(recipe(folder, 'good\u202edab'), author)))
    const report = await verifyBundle(folder, trust)
    expect(report).toMatchObject({ verdict: 'failed', subjectName: null })
    expect(report.checks.find((check) => check.id === 'signature-format')?.files).toMatchObject([{ name: 'model.sig' }])
  })
})

describe('decisions', () => {
  const words = async (folder: string, given = trust) =>
    (await verifyBundle(folder, given)).checks.find((check) => check.id === 'attestations')?.detail

  it('count once for a key, never for the author, and say whether anybody vouches for them', async () => {
    const folder = await signed()
    expect(await words(folder)).toBe('There is no attestation yet.')
    await countersign(folder, { ...approval, key: author, meaning: 'author' })
    expect(await words(folder)).toContain('Nobody but the author decided')
    await countersign(folder, { ...approval, key: reviewer })
    await countersign(folder, { ...approval, name: 'Another Name', statement: 'I agree, too.', key: reviewer })
    expect(await words(folder)).toContain(
      '3 attestations hold and belong to this bundle. Besides the author, 1 key approves and 0 keys reject; none of them'
    )
    await countersign(folder, { ...approval, decision: 'reject', key: reviewer })
    expect(await words(folder)).toContain('0 keys approve and 1 key rejects')
  })

  it('under a certificate that the decider made himself are not among those you trust', async () => {
    const folder = await signed()
    const made = makeChain(createPrivateKey)
    await countersign(folder, { ...approval, key: made.key, certificateChainPem: made.chainPem })
    expect(await verifyBundle(folder, trust)).toMatchObject({
      attestations: [{ valid: true, signer: { kind: 'certificate', anchoredBy: 'none' } }]
    })
    expect(await words(folder)).toContain('none of them is among those you trust')
    expect(await words(folder, { ...trust, rootCertificatePem: made.rootPem } as typeof trust)).toContain('1 of them is among')
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
    expect(exchanged.verdict).toBe('verified')
    await expect(countersign(folder, { ...approval, key: reviewer, bundleDigest: bundleDigest! })).rejects.toMatchObject({
      code: 'DIGEST_MISMATCH',
      message: expect.stringContaining('not the bundle that you reviewed')
    })
    expect((await verifyBundle(folder, trust)).totals.attestationFiles).toBe(0)
    expect((await countersign(folder, { ...approval, key: reviewer, bundleDigest: exchanged.bundleDigest! })).report.verdict).not.toBe(
      'failed'
    )
  })
})

describe('a bomb of brackets', () => {
  it.each(['[', '{"a":'])('of %s is refused before it is parsed', async (open) => {
    const folder = await signed()
    const bytes = Buffer.from(open.repeat(500_000))
    expect(() => parseStrictJson(bytes, 'It')).toThrow(/nested more than/)
    writeFileSync(join(folder, 'model.sig'), bytes)
    expect(await verifyBundle(folder, trust)).toMatchObject({ verdict: 'failed' })
    const sound = await signed()
    writeFiles({ 'attestations/deep.dsse.json': bytes.toString() }, sound)
    expect((await verifyBundle(sound, trust)).attestations).toMatchObject([{ valid: false, problem: expect.stringContaining('nested') }])
  })

  it('is no matter of brackets inside of text', () => {
    const text = JSON.stringify({ a: `${'['.repeat(500)}"\\`, b: [[[]]] })
    expect(parseStrictJson(Buffer.from(text), 'It')).toEqual(JSON.parse(text))
  })
})
