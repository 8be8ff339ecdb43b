import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { verifyBundle } from './index'
import { forge, newKey, publicPem, recipe, removeFolders, sha256, writeFiles } from './sample-bundle.fixture'

afterAll(removeFolders)

const vectors = join(__dirname, 'fixtures', 'oms')
const vector = (name: string) => readFileSync(join(vectors, name))
/** The moment of the tests; the certificates hold from 2025 to 2035. */
const at = new Date('2026-06-01T00:00:00Z')
const trusts = {
  certificate: { rootCertificatePem: vector('ca-cert.pem').toString(), at },
  key: { publicKeyPem: vector('signing-key-pub.pem').toString(), at },
  sigstore: { publicKeyPem: vector('signing-key-pub.pem').toString(), at }
}
/** What the two kinds of directories hold. */
const contents = { key: 'signme-1\n', certificate: 'signme-1', sigstore: 'signme-1' }
type Kind = keyof typeof trusts

function directory(signature: string, kind: Kind, files: Record<string, string> = { 'signme-2': 'signme-2' }): string {
  const folder = writeFiles({ 'signme-1': contents[kind], ...files })
  writeFileSync(join(folder, 'model.sig'), vector(signature))
  return folder
}
async function judge(folder: string, kind: Kind) {
  const { checks, ...report } = await verifyBundle(folder, trusts[kind])
  const failed = checks.filter(({ status }) => status !== 'pass' && status !== 'skipped')
  return { verdict: report.verdict, failed: failed.map(({ id }) => id), first: failed[0]?.detail ?? '', files: failed.flatMap(({ files }) => files.map(({ name }) => name)), layout: checks.find(({ id }) => id === 'layout')?.detail ?? '' } // prettier-ignore
}

it('the vectors are those that were published', () => {
  const stated = new Map(
    [
      ...vector('README.md')
        .toString()
        .matchAll(/`([^`]+)` \| `([0-9a-f]{64})`/g)
    ].map(([, name, digest]) => [name, digest])
  )
  const found = readdirSync(vectors).filter((name) => name !== 'README.md')
  expect(new Map(found.map((name) => [name, sha256(vector(name))]))).toEqual(new Map(found.map((name) => [name, stated.get(name)])))
})

describe('a directory that the reference implementation signed', () => {
  it.each<[string, Kind, Record<string, string>?]>([
    ['v0.2.0-certificate.sig', 'certificate'],
    ['v0.3.1-certificate.sig', 'certificate'],
    ['v0.3.1-elliptic-key.sig', 'key', {}],
    ['v1.0.0-certificate.sig', 'certificate'],
    ['v1.0.0-elliptic-key.sig', 'key', {}],
    ['v1.0.1-certificate.sig', 'certificate'],
    ['v1.0.1-elliptic-key.sig', 'key'],
    ['v1.1.0-certificate.sig', 'certificate', { 'signme-2': 'signme-2', 'ignore-me': '' }],
    ['v1.1.0-elliptic-key.sig', 'key', { 'signme-2': 'signme-2', 'ignore-me': '' }],
    ['spec-key.json', 'key'],
    ['spec-certificate.json', 'key']
  ])('verifies (%s), and not with another file', async (signature, kind, files) => {
    const trusted = signature === 'spec-certificate.json' ? 'certificate' : kind
    const folder = directory(signature, kind, files)
    expect(await judge(folder, trusted)).toMatchObject({ verdict: 'holds', failed: [] })
    writeFileSync(join(folder, 'signme-1'), 'changed')
    expect(await judge(folder, trusted)).toMatchObject({ verdict: 'altered', files: ['signme-1'] })
  })

  it('does not verify with a file that no list names, which its own tests leave out by an option', async () => {
    for (const kind of ['certificate', 'elliptic-key'] as const) {
      const folder = directory(`v1.0.1-${kind}.sig`, kind === 'certificate' ? kind : 'key', { 'signme-2': 'signme-2', 'ignore-me': '' })
      expect(await judge(folder, kind === 'certificate' ? kind : 'key')).toMatchObject({ verdict: 'altered', files: ['ignore-me'] })
    }
  })

  it.each(['v0.3.1', 'v1.0.0', 'v1.0.1', 'v1.1.0'])('without a key of its own is unsupported, and not altered (%s)', async (version) => {
    expect(await judge(directory(`${version}-sigstore.sig`, 'sigstore'), 'sigstore')).toMatchObject({
      verdict: 'insufficient',
      failed: ['signature-format'],
      first: expect.stringMatching(/keyless signing.*nothing says that the bundle was altered/),
      files: []
    })
  })

  it('whose signature breaks the standard is refused', async () => {
    for (const name of ['missing-envelope', 'missing-verification-material', 'wrong-predicate'])
      expect(await judge(directory(`spec-${name}.json`, 'key'), 'key')).toMatchObject({ verdict: 'altered', files: ['model.sig'] })
    for (const name of ['missing-tlog-entries', 'sigstore'])
      expect(await judge(directory(`spec-${name}.json`, 'key'), 'key')).toMatchObject({
        verdict: 'insufficient',
        failed: ['signature-format'],
        files: []
      })
  })
})

describe('what a signature leaves out', () => {
  const key = newKey()
  const signed = (ignored: string[] = []) => {
    const folder = writeFiles({ 'a.txt': 'a', 'b/c.txt': 'c' })
    const statement = recipe(folder, 'x')
    statement.predicate.serialization.ignore_paths.push(...ignored)
    writeFileSync(join(folder, 'model.sig'), JSON.stringify(forge(statement, key)))
    return folder
  }
  const check = async (folder: string) => {
    const { verdict, checks } = await verifyBundle(folder, { publicKeyPem: publicPem(key) })
    return { verdict, details: checks.map(({ detail }) => detail).join(' ') }
  }

  it('by everybody (.git and its like) is no part of it, which is said', async () => {
    const folder = signed()
    writeFiles({ '.gitattributes': '*.bin filter=lfs', '.git/hooks/post-checkout': '#!/bin/sh' }, folder)
    expect(await check(folder)).toMatchObject({ verdict: 'holds', details: expect.stringMatching(/No signature covers \.git, \.gitattributes.*git runs what stands in such files/) }) // prettier-ignore
    writeFiles({ 'b/.gitattributes': 'x' }, folder)
    expect((await check(folder)).verdict).toBe('altered')
  })

  it('by this signer and has content makes it unsupported; what is empty, absent or listed all the same does not', async () => {
    const folder = signed(['cache', 'b'])
    expect((await check(folder)).verdict).toBe('holds')
    writeFiles({ 'cache/empty': '' }, folder)
    expect((await check(folder)).verdict).toBe('holds')
    writeFiles({ 'cached/x': '' }, folder)
    expect((await check(folder)).verdict).toBe('altered')
    rmSync(join(folder, 'cached'), { recursive: true })
    writeFiles({ 'cache/x': 'anything' }, folder)
    expect((await check(folder)).details).toMatch(/leaves out cache\/x .*nothing says that the bundle was altered/)
    writeFiles({ 'b/c.txt': 'changed' }, folder)
    rmSync(join(folder, 'cache'), { recursive: true })
    expect((await check(folder)).verdict).toBe('altered')
  })
})
