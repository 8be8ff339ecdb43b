import { spawnSync } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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

async function verify(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const code = await runCli(['verify', ...argv], { out: (text) => (out += text), err: (text) => (err += text) })
  return { code, out, err }
}

it.skipIf(spawnSync('openssl', ['version']).status !== 0)(
  'verify takes an identity, a moment and lists of revoked certificates',
  async () => {
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
  }
)
