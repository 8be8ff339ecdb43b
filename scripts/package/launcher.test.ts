import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const script = readFileSync('scripts/package/launcher.sh', 'utf8')

/** The person that launchers ask for: nobody's own version is for root. */
const asUser = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'] : ['env']

let root: string
let settings: string

function put(file: string, text: string, mode = 0o755): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o755 })
  writeFileSync(file, text)
  chmodSync(file, mode)
  return file
}

const teller = (name: string) =>
  `#!/bin/sh\necho ${name}; echo "$DRYDOCK_PROGRAM_DIR $DRYDOCK_COMMAND \${DRYDOCK_CHOSEN:-} \${NODE_OPTIONS:-}"; for each; do echo "$each"; done\n`

/** A program folder of a version whose Node and window only say how they were started. */
function installed(folder: string, version: string): string {
  for (const name of ['drydock', 'drydock-window'])
    put(join(folder, 'bin', name), script.replace('@VERSION@', version).replace('/etc/drydock/drydock.yaml', settings))
  put(join(folder, 'resources', 'node', 'bin', 'node'), teller(`node ${version}`))
  put(join(folder, 'drydock-app'), teller(`window ${version}`))
  return folder
}

function start(program: string, args: string[] = [], env: Record<string, string> = {}, as = asUser) {
  const [command, ...before] = [...as, program, ...args]
  const result = spawnSync(command, before, {
    encoding: 'utf8',
    cwd: '/',
    env: { PATH: process.env.PATH, HOME: join(root, 'home'), ...env }
  })
  return { ...result, lines: result.stdout.split('\n') }
}

const choose = (version: string, home = 'home/.local/share') => put(join(root, home, 'drydock', 'program', 'chosen'), `${version}\n`, 0o644)
const own = (version: string) => installed(join(root, 'home', '.local', 'share', 'drydock', 'program', version), version)

describe.skipIf(process.platform !== 'linux')('the launcher of a package', () => {
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'launcher-'))
    chmodSync(root, 0o755)
    settings = join(root, 'etc', 'drydock.yaml')
    mkdirSync(join(root, 'home'))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  it('finds its folder through links and says where it is', () => {
    const program = installed(join(root, 'opt', 'dry dock'), '1.0.0')
    symlinkSync('../opt/dry dock/bin/drydock', put(join(root, 'usr', 'bin', 'x'), '') && join(root, 'usr', 'one'))
    symlinkSync('one', join(root, 'usr', 'two'))
    const { status, lines } = start(join(root, 'usr', 'two'), ['a b', '--c'], { NODE_OPTIONS: '--require /evil.js', DRYDOCK_CHOSEN: '' })
    expect(status).toBe(0)
    expect(lines).toEqual([
      'node 1.0.0',
      `${program} ${program}/bin/drydock  `,
      `${program}/resources/app.asar.unpacked/out/main/cli.js`,
      'a b',
      '--c',
      ''
    ])
  })

  it('starts the window under its other name, and says so where there is no display', () => {
    const window = join(installed(join(root, 'opt'), '1.0.0'), 'bin', 'drydock-window')
    expect(start(window, ['a b.drydock'], { DISPLAY: ':7' }).lines).toEqual(expect.arrayContaining(['window 1.0.0', 'a b.drydock']))
    const { status, stderr } = start(window)
    expect([status, stderr]).toEqual([3, expect.stringContaining('there is no display')])
  })

  it.each([
    ['1.1.0', '1.1.0'],
    ['1.0.10', '1.0.10'],
    // Not higher, not there, or no version at all.
    ['1.0.0', '1.0.2'],
    ['1.0.2', '1.0.2'],
    ['1.0.2-rc.1', '1.0.2'],
    ['9.9.9', '1.0.2'],
    ['../../../evil', '1.0.2'],
    ['', '1.0.2']
  ])('runs the own version %s of a person as %s', (chosen, runs) => {
    const program = installed(join(root, 'opt'), '1.0.2')
    for (const version of ['1.1.0', '1.0.10', '1.0.0', '1.0.2', '1.0.2-rc.1']) own(version)
    choose(chosen)
    expect(start(join(program, 'bin', 'drydock')).lines[0]).toBe(`node ${runs}`)
    expect(start(join(program, 'bin', 'drydock-window'), [], { DISPLAY: ':7' }).lines[0]).toBe(`window ${runs}`)
  })

  it('looks for an own version where XDG_DATA_HOME says', () => {
    const program = installed(join(root, 'opt'), '1.0.0')
    installed(join(root, 'data', 'drydock', 'program', '1.1.0'), '1.1.0')
    choose('1.1.0', 'data')
    expect(start(join(program, 'bin', 'drydock'), [], { XDG_DATA_HOME: join(root, 'data') }).lines[0]).toBe('node 1.1.0')
  })

  it.each(['updates: administrator', '  "updates" : "administrator"', 'updates: off', "updates: 'off'"])(
    'runs the version of the machine where its settings say %s',
    (line) => {
      const program = installed(join(root, 'opt'), '1.0.0')
      own('1.1.0')
      choose('1.1.0')
      const answer = () => start(join(program, 'bin', 'drydock')).lines[0]
      expect(answer()).toBe('node 1.1.0')
      put(settings, 'schema: drydock.machine/1\n# updates: administrator\nupdates: user\n', 0o644)
      expect(answer()).toBe('node 1.1.0')
      put(settings, `schema: drydock.machine/1\n${line}\n`, 0o644)
      expect(answer()).toBe('node 1.0.0')
    }
  )

  it.skipIf(process.getuid?.() !== 0)('runs the version of the machine for root, and where the settings cannot be read', () => {
    const program = installed(join(root, 'opt'), '1.0.0')
    own('1.1.0')
    choose('1.1.0')
    expect(start(join(program, 'bin', 'drydock'), [], {}, ['env']).lines[0]).toBe('node 1.0.0')
    put(settings, 'updates: user\n', 0o600)
    expect(start(join(program, 'bin', 'drydock')).lines[0]).toBe('node 1.0.0')
    const window = start(join(program, 'bin', 'drydock-window'), ['x'], { DISPLAY: ':7' }, ['env'])
    expect(window.lines).toContain('--no-sandbox')
    expect(window.stderr).toContain('as an ordinary user')
  })

  it('and the other scripts of a package can be read by a shell', () => {
    for (const name of ['launcher.sh', 'launcher-macos.sh', 'debian/postinst'])
      expect([name, spawnSync('sh', ['-n', join('scripts/package', name)]).status]).toEqual([name, 0])
  })
})
