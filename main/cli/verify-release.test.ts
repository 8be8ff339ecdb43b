import { generateKeyPairSync } from 'node:crypto'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { exportPublicKey, packBundle, signDirectory } from '../core/bundle-format'
import { runCli } from './program'

const root = mkdtempSync(join(tmpdir(), 'drydock-verify-release-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function verify(...argv: string[]): Promise<{ code: number; out: string }> {
  let out = ''
  const code = await runCli(['verify', ...argv], { out: (text) => (out += text), err: (text) => (out += text) })
  return { code, out }
}

it('verify judges the folder of a release and its update file, and says which release it is', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const [folder, update, key] = [join(root, 'release'), join(root, 'r.drydock-update'), join(root, 'releases.pub.pem')]
  const release = { schema: 'drydock.release/1', version: '0.2.0', platform: 'linux-x64', commit: 'ab'.repeat(20) }
  mkdirSync(folder)
  writeFileSync(join(folder, 'release.json'), JSON.stringify({ ...release, name: 'Drydock', payloads: [] }))
  writeFileSync(join(folder, 'drydock-0.2.0-linux-x64.tar.gz'), 'the program')
  writeFileSync(key, exportPublicKey(privateKey))
  await signDirectory(folder, { key: privateKey })
  await packBundle(folder, update)
  for (const path of [folder, update]) {
    expect(await verify(path, '--key', key)).toEqual({
      code: 0,
      out: expect.stringMatching(/^HOLDS: [\s\S]*^release {2}Drydock 0\.2\.0 for linux-x64, commit abababababab$/m)
    })
    expect((await verify(path)).code).toBe(5)
    const { schema: _, ...named } = release
    expect(JSON.parse((await verify(path, '--key', key, '--json')).out)).toMatchObject({ verdict: 'holds', release: named })
  }
  appendFileSync(join(folder, 'release.json'), ' ')
  const altered = await verify(folder, '--key', key)
  expect(altered).toEqual({ code: 1, out: expect.stringContaining('release.json was changed') })
  expect(altered.out).not.toMatch(/^release {2}/m)
})
