import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { runCli } from './program'

const root = mkdtempSync(join(tmpdir(), 'drydock-machine-cli-'))
const before = { ...process.env }
beforeEach(() => {
  process.env.DRYDOCK_USER_DIR = join(root, 'user')
})
afterAll(() => {
  for (const name of ['DRYDOCK_MACHINE_SETTINGS', 'DRYDOCK_USER_DIR', 'DRYDOCK_PASSPHRASE'])
    if (before[name] === undefined) delete process.env[name]
    else process.env[name] = before[name]
  rmSync(root, { recursive: true, force: true })
})

let made = 0
function settle(text: string): string {
  const file = join(root, `${++made}.yaml`)
  writeFileSync(file, `schema: drydock.machine/1\nversion: 1\nname: Lab\n${text}`)
  process.env.DRYDOCK_MACHINE_SETTINGS = file
  return file
}
async function cli(...argv: string[]) {
  let [out, err] = ['', '']
  const code = await runCli(argv, { out: (text) => void (out += text), err: (text) => void (err += text) })
  return { code, out, err }
}

describe('the command line with machine settings', () => {
  it('does nothing at all where they cannot be used', async () => {
    const file = settle('scriptSteps: perhaps\n')
    for (const argv of [['guide'], ['init', join(root, 'w')], ['completion', 'bash']]) {
      const { code, err } = await cli(...argv)
      expect([code, err], argv[0]).toEqual([2, expect.stringContaining(file)])
    }
    expect((await cli('--version')).code).toBe(0)
  })
  it('makes workspaces, profiles files and reads documents below the allowed folders alone', async () => {
    const lab = join(root, 'lab')
    mkdirSync(lab)
    for (const folder of [lab, root]) writeFileSync(join(folder, 'sea.csv'), 'a,b\n1,2\n2,3\n')
    writeFileSync(join(root, 'p.yaml'), 'schema: drydock.pipeline\n')
    settle(`allowedFolders: ["${lab}"]\n`)
    expect(await cli('init', join(root, 'other'))).toMatchObject({ err: expect.stringContaining('not below a folder that is allowed') })
    expect((await cli('init', join(lab, 'w'))).code).toBe(0)
    expect((await cli('profile', join(root, 'sea.csv'))).err).toContain('not below a folder that is allowed')
    expect((await cli('profile', join(lab, 'sea.csv'), '--out', join(root, 'sea.html'))).err).toContain('not below')
    expect((await cli('profile', join(lab, 'sea.csv'), '--out', join(lab, 'sea.html'))).code).toBe(0)
    expect((await cli('run', '-w', join(lab, 'w'), join(root, 'p.yaml'))).err).toContain('not below')
    process.env.DRYDOCK_PASSPHRASE = 'a stick of its own'
    expect((await cli('keygen', '--out', join(root, 'k.pem'), '--public-out', join(root, 'k.pub.pem'))).err).toContain('not below')
    expect((await cli('keygen', '--out', join(root, 'k.pem'), '--public-out', join(lab, 'k.pub.pem'))).code).toBe(0)
    writeFileSync(join(root, 'x.drydock-update'), 'x')
    expect((await cli('update', 'check', join(root, 'x.drydock-update'))).err).toContain('not below')
    expect((await cli('sample', join(lab, 'sample'))).code).toBe(0)
  })
})
