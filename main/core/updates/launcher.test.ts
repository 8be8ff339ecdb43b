import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { freshFolder, removeFolders, writeProgram } from './release.fixture'
import { compareVersions, isVersion } from './versions'

afterAll(removeFolders)

const text = readFileSync('scripts/package/launcher.sh', 'utf8')
const isRoot = process.getuid?.() === 0

/** The real launcher in the folder of a program whose Node says who was started. */
function installed(folder: string, version: string, settings: string): void {
  writeProgram(folder, [], { version })
  mkdirSync(join(folder, 'resources/node/bin'), { recursive: true })
  const put = (name: string, content: string): void => {
    writeFileSync(join(folder, name), content)
    chmodSync(join(folder, name), 0o755)
  }
  const launcher = text.replace('@VERSION@', version).replace('/etc/drydock/drydock.yaml', settings)
  expect(launcher).not.toBe(text)
  put('bin/drydock', launcher)
  put('resources/node/bin/node', `#!/bin/sh\nprintf '%s' "${version} $DRYDOCK_PROGRAM_DIR \${DRYDOCK_MACHINE_PROGRAM:-none}"\n`)
}

function place(own: string, ...ofUser: string[]) {
  const root = freshFolder()
  chmodSync(root, 0o755)
  const settings = join(root, 'drydock.yaml')
  const machine = join(root, 'machine')
  const versions = join(root, 'data/drydock/program')
  installed(machine, own, settings)
  for (const version of ofUser) installed(join(versions, version), version, settings)
  const env = { PATH: process.env.PATH, HOME: root, XDG_DATA_HOME: join(root, 'data') }
  const user = isRoot ? { uid: 65_534, gid: 65_534 } : {}
  const start = (who: object = user, more: object = {}): string =>
    execFileSync(join(machine, 'bin/drydock'), { ...who, env: { ...env, ...more }, encoding: 'utf8' })
  return { root, machine, versions, settings, start, choose: (version: string) => writeFileSync(join(versions, 'chosen'), `${version}\n`) }
}

describe.skipIf(process.platform === 'win32')('the launcher', () => {
  it('starts the version that is chosen for the user where it is higher, and says to it which program the machine has', () => {
    const { start, choose, versions, machine } = place('0.9.0', '0.10.0', '0.8.0')
    expect(start()).toBe(`0.9.0 ${machine} none`)
    choose('0.10.0')
    expect(start()).toBe(`0.10.0 ${join(versions, '0.10.0')} ${machine}`)
    expect(start(undefined, { DRYDOCK_CHOSEN: '1' })).toMatch(/^0\.9\.0 /)
    choose('0.8.0')
    expect(start()).toMatch(/^0\.9\.0 /)
    for (const odd of ['0.11.0', '../../machine', '', '.', '0.10.0/../0.10.0']) {
      choose(odd)
      expect(start(), odd).toMatch(/^0\.9\.0 /)
    }
  })
  it('starts the program of the machine for root, and where the administrator keeps updates', () => {
    const { start, choose, settings } = place('0.1.0', '0.2.0')
    choose('0.2.0')
    if (isRoot) expect(start({})).toMatch(/^0\.1\.0 /)
    for (const line of ['updates: administrator', '  updates: administrator # ours', 'updates: off']) {
      writeFileSync(settings, `schema: drydock.machine/1\n${line}\n`)
      expect(start(), line).toMatch(/^0\.1\.0 /)
    }
    writeFileSync(settings, '\ufeffupdates: administrator\nschema: drydock.machine/1\n')
    expect(start(), 'after the mark of an editor').toMatch(/^0\.1\.0 /)
    writeFileSync(settings, 'schema: drydock.machine/1\nupdates: user\n')
    expect(start()).toMatch(/^0\.2\.0 /)
    rmSync(settings)
    symlinkSync('/nowhere/drydock.yaml', settings)
    expect(start(), 'a link that leads nowhere').toMatch(/^0\.1\.0 /)
  })
  it('orders versions as the engine does', () => {
    const inOrder = ['0.1.0', '0.2.0-beta.1', '0.2.0-rc.2', '0.2.0-rc.10', '0.2.0', '0.10.0-rc1', '0.10.0', '1.0.0']
    expect(inOrder.every(isVersion)).toBe(true)
    expect([...inOrder].reverse().sort(compareVersions)).toEqual(inOrder)
    const isHigher = /is_higher\(\) \{[\s\S]*?\n\}/.exec(text)![0]
    for (const one of inOrder)
      for (const other of inOrder) {
        const said = execFileSync('sh', ['-c', `${isHigher}\nif is_higher "$1" "$2"; then echo yes; else echo no; fi`, 'sh', one, other], {
          encoding: 'utf8'
        })
        expect(`${one} ${other} ${said.trim()}`).toBe(`${one} ${other} ${compareVersions(one, other) > 0 ? 'yes' : 'no'}`)
      }
    for (const odd of ['1.0', '01.0.0', '1.0.0-', '1.0.0+x', '../1.0.0', '1.0.0/..', '1.0.0\n']) expect(isVersion(odd), odd).toBe(false)
  })
})
