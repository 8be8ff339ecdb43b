import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifyBundle } from '../../main/core/bundle-format'
import { writeProgramEvidence, writeReleaseFolder } from '../../scripts/package/evidence'
import { makeFolder, makeProgram, makeReleaseKey, passphrase, put, removeMade } from '../../scripts/package/evidence/made-program.fixture'
import { makePythonEnvironment, type PythonEnvironment } from './python-environment'

let python: PythonEnvironment
beforeAll(() => (python = makePythonEnvironment(['model-signing==1.1.1', 'pyOpenSSL'])))
afterAll(() => {
  python?.remove()
  removeMade()
})

it('verifies the folder of a release as we do: whole, by another key, altered', async () => {
  const key = await makeReleaseKey('releases')
  const facts = { version: '1.2.3', platform: 'linux-x64', commit: 'ab'.repeat(20), builtAt: '2026-11-29T20:00:00.000Z' }
  const signing = { releaseKey: { path: key.path, passphrase }, trustKeys: [] }
  const components = await writeProgramEvidence({ ...makeProgram(), ...facts, ...signing })
  const payloads = [
    { kind: 'portable', path: put(join(makeFolder(), 'drydock-1.2.3-linux-x64.tar.gz'), Buffer.alloc(3_000_000, 'drydock')) }
  ]
  const out = makeFolder()
  const { folder } = await writeReleaseFolder({ ...facts, ...signing, components, payloads, out, fused: true })
  const judge = (pem: string, directory = folder) => {
    const publicKey = put(join(makeFolder(), 'key.pub.pem'), pem)
    const signature = join(directory, 'model.sig')
    return python.run('-m', 'model_signing', 'verify', 'key', directory, '--signature', signature, '--public_key', publicKey)
  }
  const whole = judge(key.publicPem)
  expect(whole.code, whole.output).toBe(0)
  expect((await verifyBundle(folder, { publicKeyPem: key.publicPem })).verdict).toBe('holds')
  expect(judge((await makeReleaseKey('other')).publicPem).code).not.toBe(0)
  for (const file of ['drydock-1.2.3-linux-x64.tar.gz', 'sbom.cdx.json', 'SHA256SUMS']) {
    const copy = join(makeFolder(), 'release')
    cpSync(folder, copy, { recursive: true })
    appendFileSync(join(copy, file), ' ')
    expect(judge(key.publicPem, copy).code, file).not.toBe(0)
    expect((await verifyBundle(copy, { publicKeyPem: key.publicPem })).verdict, file).toBe('altered')
  }
  expect(execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' })).toContain('sbom.cdx.json: OK')
})
