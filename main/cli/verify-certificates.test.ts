import { spawnSync } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { signDirectory } from '../core/bundle-format'
import { makeChain, removeFolders, writeFiles } from '../core/bundle-format/sample-bundle.fixture'
import { runCli } from './program'

const root = mkdtempSync(join(tmpdir(), 'drydock-verify-cli-'))
afterAll(() => {
  rmSync(root, { recursive: true, force: true })
  removeFolders()
})

async function drydock(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const code = await runCli(argv, { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err }
}
const verify = (...argv: string[]) => drydock('verify', ...argv)
const hasOpenssl = spawnSync('openssl', ['version']).status === 0

it.skipIf(!hasOpenssl)('verify takes an identity, a moment and lists of revoked certificates', async () => {
  const chain = makeChain(createPrivateKey)
  const folder = writeFiles()
  await signDirectory(folder, { key: chain.key, certificateChainPem: chain.chainPem })
  const ca = join(root, 'ca.pem')
  writeFileSync(ca, chain.rootPem)
  expect(await verify(folder, '--ca', ca)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/Not checked: .*any certificate of this CA/)
  })
  const asked = await verify(folder, '--ca', ca, '--identity', 'nobody', '--identity', 'Harbour Test')
  expect([asked.code, asked.out.includes('any certificate of this CA')]).toEqual([0, false])
  expect((await verify(folder, '--ca', ca, '--identity', 'nobody')).code).toBe(1)
  expect(await verify(folder, '--ca', ca, '--at', '2046-01-01')).toMatchObject({ code: 1, out: expect.stringContaining('expired at') })
  expect((await verify(folder, '--ca', ca, '--at', '2030-01-01T12:00:00+02:00')).code).toBe(0)
  expect(await verify(folder, '--ca', ca, '--at', 'tomorrow')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--at takes a moment')
  })
  expect(await verify(folder, '--identity', 'x')).toMatchObject({ code: 2, err: expect.stringContaining('--ca, which is missing') })
  expect((await verify(folder, '--ca', ca, '--crl', join(root, 'absent.crl'))).code).not.toBe(0)
  expect(await verify(folder, '--ca', ca, '--crl', ca)).toMatchObject({
    err: expect.stringContaining('list of revoked certificates cannot be used')
  })
})

it.skipIf(!hasOpenssl)('countersign asks the same of the certificates of the author before anything is signed', async () => {
  const chain = makeChain(createPrivateKey)
  const folder = writeFiles()
  await signDirectory(folder, { key: chain.key, certificateChainPem: chain.chainPem })
  const ca = join(root, 'author-ca.pem')
  writeFileSync(ca, chain.rootPem)
  const key = join(root, 'grace.pem')
  const kept = process.env.DRYDOCK_PASSPHRASE
  process.env.DRYDOCK_PASSPHRASE = 'low water springs'
  try {
    expect((await drydock('keygen', '--out', key, '--public-out', join(root, 'grace.pub.pem'))).code).toBe(0)
    const decide = (...argv: string[]) =>
      drydock('countersign', folder, '--key', key, '--decision', 'approve', '--statement', 'Read.', ...argv)
    const refused = async (said: string, ...argv: string[]) =>
      expect(await decide(...argv)).toMatchObject({ out: '', err: expect.stringContaining(said) })
    await refused('--author-ca, which is missing', '--identity', 'Harbour Test')
    await refused('--at takes a moment', '--author-ca', ca, '--at', 'tomorrow')
    await refused('nobody', '--author-ca', ca, '--identity', 'nobody')
    await refused('expired', '--author-ca', ca, '--at', '2046-01-01')
    await refused('absent.crl', '--author-ca', ca, '--crl', join(root, 'absent.crl'))
    await refused('absent.tsa', '--author-ca', ca, '--tsa', join(root, 'absent.tsa'))
    expect(existsSync(join(folder, 'attestations'))).toBe(false)
    const signed = await decide('--author-ca', ca, '--identity', 'Harbour Test', '--at', '2030-01-01')
    expect([signed.code, signed.err]).toEqual([0, ''])
    expect(signed.out).not.toContain('any certificate of this CA')
    expect(readdirSync(join(folder, 'attestations'))).toHaveLength(1)
  } finally {
    if (kept === undefined) delete process.env.DRYDOCK_PASSPHRASE
    else process.env.DRYDOCK_PASSPHRASE = kept
  }
})
