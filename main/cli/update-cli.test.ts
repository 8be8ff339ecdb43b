import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { programFile } from '../testing/programs'
import { sayReturn } from './update-work'
import { freshFolder, makeUpdateFile, newKey, removeFolders, writeProgram, type NamedKey } from '../core/updates/release.fixture'

const [ours, theirs] = ['Ours', 'Theirs'].map(newKey) as [NamedKey, NamedKey]
let second: string
beforeAll(async () => {
  second = await makeUpdateFile({ version: '0.2.0', key: ours, changes: '- New \u001b[31mthings\u202e.\nRefused. Not.' })
})
afterAll(removeFolders)

/** The built command line, as a user of a packaged program starts it. */
function machine(program: boolean, settings?: string) {
  const root = freshFolder()
  chmodSync(root, 0o755)
  const file = join(root, 'drydock.yaml')
  if (settings !== undefined) writeFileSync(file, `schema: drydock.machine/1\nversion: 1\nname: Lab\n${settings}\n`)
  mkdirSync(join(root, 'config'))
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    XDG_DATA_HOME: join(root, 'data'),
    DRYDOCK_USER_DIR: join(root, 'config'),
    DRYDOCK_MACHINE_SETTINGS: file,
    DRYDOCK_COMMAND: 'drydock',
    ...(program && { DRYDOCK_PROGRAM_DIR: writeProgram(join(root, 'machine'), [ours], { version: '0.1.0' }) })
  }
  const runBehind = (before: readonly string[], ...argv: string[]) => {
    const [command, ...args] = [...before, process.execPath, programFile('cli'), ...argv]
    try {
      return { code: 0, out: execFileSync(command, args, { env, encoding: 'utf8', stdio: 'pipe' }), err: '' }
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string }
      return { code: status, out: stdout, err: stderr }
    }
  }
  const run = (...argv: string[]) => runBehind([], ...argv)
  return { root, run, runAsUser: (...argv: string[]) => runBehind(isRoot ? asNobody : [], ...argv) }
}

const isRoot = process.getuid?.() === 0

/** Another user than root, who may yet read the folder of these sources: it may be closed to others. */
const reading = ['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search']
const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...reading]

describe.skipIf(process.platform === 'win32')('what is said after going back', () => {
  it('has commands in which a folder stays one word, whatever it is called', () => {
    const path = "/srv/$(touch x) `y` it's/w.drydock-backup"
    const said = sayReturn({ from: '0.2.0', to: '0.1.0', restore: [{ workspace: 'W', directory: '/srv/w', path }] })
    const [, argument] = /workspace restore (.*) NEW$/m.exec(said)!
    expect(execFileSync('sh', ['-c', `printf '%s|' ${argument}`], { encoding: 'utf8' })).toBe(`${path}|`)
  })
})

describe('drydock update', () => {
  it('checks a file, says what changes without letting the file write lines of its own, and refuses another key with exit code 1', async () => {
    const { run } = machine(true)
    const { code, out } = run('update', 'check', second)
    expect(code).toBe(0)
    expect(out).toMatch(/^Version 0\.2\.0 may be applied in place of 0\.1\.0\./)
    expect(out).toContain('Signed by Ours')
    expect(out).toContain('What changes:\n  - New \\u001b[31mthings\\u202e.\n  Refused. Not.\n')
    const stranger = await makeUpdateFile({ version: '0.2.0', key: theirs })
    const refused = run('update', 'check', stranger)
    expect([refused.code, refused.out]).toEqual([1, expect.stringContaining('FAIL  Another key signed it')])
    expect(JSON.parse(run('update', 'check', stranger, '--json').out)).toMatchObject({ verdict: 'refused', to: null })
    expect(run('update', 'check', second, '--release-key', '/x').code).toBe(2)
    expect(run('update', 'check', '/nowhere.drydock-update').code).toBe(3)
  })
  it('checks from a checkout with a key that is given, and says that git updates it', () => {
    const { root, run } = machine(false)
    const key = join(root, 'release.pub.pem')
    writeFileSync(key, ours.publicKey)
    expect(run('update', 'check', second).code).toBe(1)
    const { code, out } = run('update', 'check', second, '--release-key', key)
    expect([code, out]).toEqual([0, expect.stringContaining('Git updates a checkout')])
    expect(run('update', 'apply', second)).toMatchObject({ code: 1, err: expect.stringContaining('built without a release key') })
    expect(run('update', 'back')).toMatchObject({ code: 3, err: expect.stringContaining('git') })
  })
  it('hands the package over where the administrator brings new versions, and does nothing where nobody does', () => {
    const { run } = machine(true, 'updates: administrator')
    expect(run('update', 'apply', second)).toMatchObject({ code: 1, err: expect.stringContaining('The administrator brings new versions') })
    const { code, out } = run('update', 'apply', second, '--for', 'machine')
    expect(code).toBe(0)
    const [, path] = /sudo apt install (\S+\.deb)/.exec(out)!
    expect(readFileSync(path!, 'utf8')).toContain('0.2.0')
    const off = machine(true, 'updates: off')
    expect(off.run('update', 'check', second)).toMatchObject({ code: 1, out: expect.stringContaining('Updates are switched off') })
    expect(off.run('update', 'apply', second, '--for', 'machine').code).toBe(1)
  })
  it('puts a version in place for a user, lists it and goes back, and does not for root', () => {
    const { root, run, runAsUser } = machine(true)
    const update = join(root, 'u.drydock-update')
    cpSync(second, update)
    if (isRoot) {
      expect(run('update', 'apply', update)).toMatchObject({
        code: 1,
        err: expect.stringContaining('Root starts the program of the machine')
      })
      execFileSync('chown', ['-R', '65534:65534', root])
    }
    expect(runAsUser('update', 'apply', update).out).toContain('Version 0.2.0 is in place of 0.1.0')
    expect(JSON.parse(runAsUser('update', 'list', '--json').out)).toMatchObject({
      back: '0.1.0',
      versions: [
        { version: '0.2.0', next: true, running: false },
        { version: '0.1.0', place: 'machine', running: true }
      ]
    })
    expect(runAsUser('update', 'list').out).toMatch(/0\.2\.0 +you +starts/)
    expect(runAsUser('update', 'back').out).toContain('Version 0.1.0 starts the next time')
    expect(runAsUser('update', 'back').code).toBe(3)
  })
})
