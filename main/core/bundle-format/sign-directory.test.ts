import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../model/errors'
import { packBundle, signDirectory, verifyBundle } from './index'
import { writeWhole } from './sign-directory'
import { describeChain } from './signer-identity'
import { readTrust } from './trust-anchors'
import { basicConstraints, extendedKeyUsage, keyUsage, makeCertificate } from './certificate-maker.fixture'
import { loadPublicKey } from './signing-key'
import type { RawSignature } from './sample-bundle.fixture'
import {
  certificatesOf,
  makeChain,
  newKey,
  opensslVerifies,
  publicPem,
  readSignature,
  recipe,
  removeFolders,
  sha256,
  signedBytes,
  writeFiles
} from './sample-bundle.fixture'

afterAll(removeFolders)

const hint = /^[0-9a-f]{64}$/
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** The rules of the published JSON schemas (bundle, envelope), field by field. */
function checkSchema(signature: RawSignature): void {
  expect(Object.keys(signature).sort()).toEqual(['dsseEnvelope', 'mediaType', 'verificationMaterial'])
  expect(signature.mediaType).toMatch(/^application\/vnd\.dev\.sigstore\.bundle/)
  const envelope = signature.dsseEnvelope
  expect(Object.keys(envelope).sort()).toEqual(['payload', 'payloadType', 'signatures'])
  expect(envelope.payloadType).toBe('application/vnd.in-toto+json')
  expect(envelope.payload).toMatch(base64)
  expect(envelope.signatures).toHaveLength(1)
  expect(envelope.signatures[0]?.sig).toMatch(base64)
  expect(envelope.signatures[0]?.keyid).toBe('')
}

describe('model.sig in key mode', () => {
  it.each([
    ['P-256', 'sha256'],
    ['P-384', 'sha384'],
    ['P-521', 'sha512']
  ])('on %s is byte for byte the recipe, and openssl accepts it', async (curve, hash) => {
    const folder = writeFiles()
    const key = newKey(curve)
    const result = await signDirectory(folder, { key })
    const text = readFileSync(join(folder, 'model.sig'), 'utf8')
    const signature = readSignature(folder)
    checkSchema(signature)
    expect(signature.verificationMaterial).toEqual({ publicKey: { hint: sha256(publicPem(key)) }, tlogEntries: [] })
    const statement = recipe(folder, 'strike-damage-1')
    const payload = JSON.stringify(statement)
    const sig = signature.dsseEnvelope.signatures[0]?.sig ?? ''
    expect(text).toBe(
      '{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{"hint":"' + sha256(publicPem(key)) +
        '"},"tlogEntries":[]},"dsseEnvelope":{"payload":"' + Buffer.from(payload).toString('base64') +
        '","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"' + sig + '","keyid":""}]}}'
    ) // prettier-ignore
    expect(opensslVerifies(hash, publicPem(key), signedBytes(signature.dsseEnvelope), Buffer.from(sig, 'base64'))).toBe(true)
    expect(opensslVerifies(hash, publicPem(newKey(curve)), signedBytes(signature.dsseEnvelope), Buffer.from(sig, 'base64'))).toBe(false)
    expect(result).toMatchObject({
      root: statement.subject[0]?.digest.sha256,
      bundleDigest: sha256(text),
      files: statement.predicate.resources.length
    })
    expect(result.fingerprint).toMatch(hint)
    expect((await verifyBundle(folder, { publicKeyPem: publicPem(key) })).verdict).toBe('holds')
  })

  it('can be made again, but not once somebody attested', async () => {
    const folder = writeFiles()
    const first = await signDirectory(folder, { key: newKey() })
    const second = await signDirectory(folder, { key: newKey(), name: 'strike-damage@1' })
    expect(second.root).toBe(first.root)
    expect(second.bundleDigest).not.toBe(first.bundleDigest)
    writeFiles({ 'attestations/x.dsse.json': '{}' }, folder)
    await expect(signDirectory(folder, { key: newKey() })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('stops when told to', async () => {
    const stop = new AbortController()
    stop.abort()
    const folder = writeFiles()
    await expect(signDirectory(folder, { key: newKey(), signal: stop.signal })).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(() => readFileSync(join(folder, 'model.sig'))).toThrow()
  })
})

describe('model.sig in certificate mode', () => {
  it('carries leaf and intermediate and is accepted by openssl', async () => {
    const made = makeChain(createPrivateKey)
    const folder = writeFiles()
    await signDirectory(folder, { key: made.key, certificateChainPem: made.chainPem })
    const signature = readSignature(folder)
    checkSchema(signature)
    expect(signature.verificationMaterial).toEqual({
      x509CertificateChain: { certificates: certificatesOf(made.chainPem).map((rawBytes) => ({ rawBytes })) },
      tlogEntries: []
    })
    const files = writeFiles({ 'root.pem': made.rootPem, 'middle.pem': made.intermediatePem, 'chain.pem': made.chainPem })
    const path = (name: string) => join(files, name)
    execFileSync('openssl', ['verify', '-CAfile', path('root.pem'), '-untrusted', path('middle.pem'), path('chain.pem')], { stdio: 'pipe' })
    const leafKey = execFileSync('openssl', ['x509', '-in', path('chain.pem'), '-pubkey', '-noout']).toString()
    const sig = Buffer.from(signature.dsseEnvelope.signatures[0]?.sig ?? '', 'base64')
    expect(opensslVerifies('sha256', leafKey, signedBytes(signature.dsseEnvelope), sig)).toBe(true)
    const report = await verifyBundle(folder, { rootCertificatePem: made.rootPem })
    expect(report.verdict).toBe('holds')
    expect(report.signer).toMatchObject({
      kind: 'certificate',
      anchoredBy: 'root-certificate',
      certificate: { subject: expect.stringContaining('CN=signer') }
    })
    expect((await verifyBundle(folder, { publicKeyPem: leafKey })).verdict).toBe('holds')
    expect(loadPublicKey(leafKey).type).toBe('public')
  })

  it('is not made with the certificate of another key or one that is not for code', async () => {
    const made = makeChain(createPrivateKey)
    const folder = writeFiles()
    await expect(signDirectory(folder, { key: newKey(), certificateChainPem: made.chainPem })).rejects.toMatchObject({
      code: 'INVALID_INPUT'
    })
    const mail = makeChain(createPrivateKey, { extendedKeyUsage: 'emailProtection' })
    await expect(signDirectory(folder, { key: mail.key, certificateChainPem: mail.chainPem })).rejects.toThrow(/code signing/)
    await expect(signDirectory(folder, { key: made.key, certificateChainPem: made.chainPem, at: new Date('2050-01-01') })).rejects.toThrow(
      /expired/
    )
  })
})

describe('a folder that no signature could cover', () => {
  const refusal = async (folder: string): Promise<string> => {
    const error: unknown = await signDirectory(folder, { key: newKey() }).catch((reason: unknown) => reason)
    return error instanceof WorkbenchError ? `${error.code} ${error.message}` : 'it was signed'
  }
  it('is refused', async () => {
    expect(await refusal(writeFiles({ 'a/x': '1', 'a-b/x': '2' }))).toMatch(/order/)
    expect(await refusal(writeFiles({ a: '1', '.git/config': '2' }))).toMatch(/\.git/)
    expect(await refusal(writeFiles({ a: '1', '.gitignore': '2' }))).toMatch(/\.gitignore/)
    expect(await refusal(writeFiles({ a: '1', '.github/w.yml': '2' }))).toMatch(/\.github/)
    expect(await refusal(writeFiles({ 'a ': '1' }))).toMatch(/dot or a space/)
    expect(await refusal(writeFiles({ 'code/aux.py': '1' }))).toMatch(/Windows reserves/)
    expect(await refusal(writeFiles({ 'A/x': '1', 'a/y': '2' }))).toMatch(/same name/)
    const empty = writeFiles()
    mkdirSync(join(empty, 'nothing'))
    expect(await refusal(empty)).toMatch(/empty/)
    const linked = writeFiles()
    symlinkSync('/etc/hostname', join(linked, 'link'))
    expect(await refusal(linked)).toMatch(/symbolic link/)
    const piped = writeFiles()
    execFileSync('mkfifo', [join(piped, 'pipe')])
    expect(await refusal(piped)).toMatch(/neither a file nor a folder/)
    const alone = writeFiles({ 'model.sig': '{}' })
    expect(await refusal(alone)).toMatch(/no file to sign/)
  })

  it('is accepted when only folders inside have such names', async () => {
    const folder = writeFiles({ a: '1', 'code/.gitignore': 'x' })
    await signDirectory(folder, { key: newKey() })
    writeFileSync(join(folder, 'code/.gitignore'), 'y')
    expect((await verifyBundle(folder)).checks.find((check) => check.id === 'files')?.files).toMatchObject([
      { name: 'code/.gitignore', problem: 'changed' }
    ])
  })
})

describe('a signed folder', () => {
  it('is told with its files and bytes, and the work with its progress', async () => {
    const folder = writeFiles({ a: 'xx', 'b/c': 'yyyyyy', empty: '' })
    const fractions: number[] = []
    expect(await signDirectory(folder, { key: newKey(), onProgress: (fraction) => fractions.push(fraction) })).toMatchObject({
      files: 3,
      bytes: 8
    })
    expect(fractions).toEqual([0.25, 1])
    expect(readdirSync(folder).sort()).toEqual(['a', 'b', 'empty', 'model.sig'])
  })

  it('has the name of its folder unless told, however the folder is written', async () => {
    const folder = writeFiles({ a: 'x' })
    const nameOf = async (path: string, name?: string) => {
      await signDirectory(path, { key: newKey(), ...(name === undefined ? {} : { name }) })
      return JSON.parse(Buffer.from(readSignature(folder).dsseEnvelope.payload, 'base64').toString()).subject[0].name
    }
    expect([await nameOf(`${folder}/`), await nameOf(join(folder, '..', 'strike-damage-1', '.')), await nameOf(folder, 'model@1')]).toEqual(
      ['strike-damage-1', 'strike-damage-1', 'model@1']
    )
  })

  it('is a folder, and what cannot be written leaves nothing behind', async () => {
    const folder = writeFiles({ a: 'x' })
    await packBundle(folder, `${folder}.drydock`)
    await expect(signDirectory(`${folder}.drydock`, { key: newKey() })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('is a file')
    })
    writeFiles({ 'model.sig/inner': 'x' }, folder)
    await expect(signDirectory(folder, { key: newKey() })).rejects.toMatchObject({ code: expect.any(String) })
    expect(readdirSync(folder).sort()).toEqual(['a', 'model.sig'])
    await expect(writeWhole(join(folder, 'absent', 'x'), 'text')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await writeWhole(join(folder, 'a'), 'other')
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('other')
  })
})

describe('what a reader trusts', () => {
  it('is nothing, or each thing that was given', () => {
    const pem = publicPem(newKey())
    const root = makeCertificate('root', { extensions: [basicConstraints(true)] }).certificate.x509.toString()
    expect(readTrust()).toMatchObject({ given: false, key: null, keyFingerprint: null, roots: [], expected: null })
    expect(Math.abs(readTrust({}).at.getTime() - Date.now())).toBeLessThan(60_000)
    expect(readTrust({ publicKeyPem: pem })).toMatchObject({ given: true, keyFingerprint: sha256(pem), roots: [], expected: null })
    expect(readTrust({ rootCertificatePem: root + root })).toMatchObject({ given: true, key: null, roots: [{}, {}] })
    expect(readTrust({ expectedKeyFingerprint: 'ABC' })).toMatchObject({ given: true, key: null, expected: 'abc' })
    expect(readTrust({ at: new Date(5) })).toMatchObject({ given: false, at: new Date(5) })
  })

  it('of a signer is described although the key is of another kind', () => {
    const key = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' })
    const made = makeCertificate('Ada', { extensions: [keyUsage(0), extendedKeyUsage('1.3.6.1.5.5.7.3.3')], publicKey: key })
    const { identity, problems } = describeChain([made.certificate.x509.raw.toString('base64')], readTrust())
    expect(identity).toMatchObject({ kind: 'certificate', curve: null, anchoredBy: 'none', chain: [{ subject: 'CN=Ada' }] })
    expect(problems).toEqual(['the certificate "CN=Ada" has a key that is not ECDSA on P-256, P-384 or P-521'])
    expect(() => describeChain([], readTrust())).toThrow('at least one certificate')
  })
})
