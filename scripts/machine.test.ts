import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { assertNode, describeMissingLoopback, lies } from './machine.mjs'

const folders: string[] = []
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })))

/** The scripts in a folder of their own, with nothing built and no Electron. */
function bareRoot(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bare root '))
  folders.push(folder)
  cpSync('scripts', join(folder, 'scripts'), { recursive: true })
  cpSync('package.json', join(folder, 'package.json'))
  mkdirSync(join(folder, 'node_modules', 'electron'), { recursive: true })
  cpSync('node_modules/electron/package.json', join(folder, 'node_modules', 'electron', 'package.json'))
  return folder
}
/** No environment of ours, so that neither a runtime nor a proxy of this machine helps. */
const environment = (more: Record<string, string>): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, HOME: tmpdir(), ...more })

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string }; name: string }
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, { engines?: { node?: string }; os?: string[] }>
}

/** Electron's installer asks for more than it needs: its archive package loads from 20.19 on, where require() takes modules. */
const asksForMore = /^node_modules\/(electron|@electron\/get|@electron-internal\/extract-zip)$/

describe('the Node that is needed', () => {
  it('is one that every locked package runs with, and the lock file says the same', () => {
    const named = ['20.19.0', '20.20.2', '22.13.0', '22.22.0', '24.0.0', '26.1.0']
    for (const version of named) expect(lies(version, manifest.engines.node), version).toBe(true)
    const refusing = Object.entries(lock.packages).flatMap(([path, { engines }]) =>
      engines?.node && !asksForMore.test(path)
        ? named.filter((version) => !lies(version, engines.node!)).map((version) => `${path} ${version}`)
        : []
    )
    expect(refusing).toEqual([])
    expect(lock.packages['']).toMatchObject({ engines: manifest.engines, name: manifest.name })
  })

  it('is named when another one runs', () => {
    expect(() => assertNode('20.19.0')).not.toThrow()
    for (const version of ['18.20.4', '20.18.3', '22.12.0', '23.11.0'])
      expect(() => assertNode(version)).toThrow(
        `This is Node ${version}, and Drydock is built and run with Node 20.19.0 or 22.13.0 or >=24.0.0`
      )
  })

  it.each([
    ['20.19.0', '^20.19.0 || >=22.12.0', true],
    ['21.0.0', '^20.19.0 || >=22.12.0', false],
    ['22.1.0', '>= 22.12.0', false],
    ['20.1.0', '>=18 <20', false],
    ['12.5.0', '10 || 12', true],
    ['13.0.0', '12.x', false],
    ['20.0.0', '*', true]
  ])('%s in %s: %s', (version, range, expected) => expect(lies(version, range)).toBe(expected))
})

describe('a machine without what is needed', () => {
  it('hears the way out when neither a download nor the registry answers', () => {
    const closed = 'http://127.0.0.1:9/'
    const { status, stderr } = spawnSync(process.execPath, [join(bareRoot(), 'scripts', 'electron-resolver.mjs')], {
      env: environment({ ELECTRON_MIRROR: closed, npm_config_registry: closed, npm_config_cache: join(bareRoot(), 'cache') }),
      encoding: 'utf8',
      timeout: 60_000
    })
    expect(stderr).toMatch(/No Electron for \S+: .*Without a network: fetch the release archive of Electron \d+\.\d+\.\d+/)
    expect(stderr).toContain('ELECTRON_OVERRIDE_DIST_PATH')
    expect(status).toBe(1)
  })

  it('is told that "localhost" has no address', async () => {
    expect(await describeMissingLoopback(async () => ({ address: '127.0.0.1' }))).toBeUndefined()
    expect(await describeMissingLoopback(() => Promise.reject(new Error('ENOTFOUND')))).toContain('/etc/hosts')
  })
})

describe.skipIf(process.platform === 'win32')('the launcher', () => {
  it('says what to run when nothing is built, and else starts the program under its own absolute name, also through links', () => {
    const root = bareRoot()
    const launcher = join(root, 'scripts', 'drydock')
    chmodSync(launcher, 0o755)
    const bin = mkdtempSync(join(tmpdir(), 'bin-'))
    folders.push(bin)
    symlinkSync(launcher, join(bin, 'first'))
    symlinkSync('first', join(bin, 'dd'))
    const call = () => spawnSync(join(bin, 'dd'), ['a b', '--c'], { env: environment({}), encoding: 'utf8' })
    const unbuilt = call()
    expect([unbuilt.status, unbuilt.stderr]).toEqual([3, expect.stringMatching(/not built yet.*npm run build/)])
    mkdirSync(join(root, 'out', 'main'), { recursive: true })
    writeFileSync(
      join(root, 'out', 'main', 'cli.js'),
      'console.log(JSON.stringify([process.env.DRYDOCK_COMMAND, ...process.argv.slice(2)])); process.exit(5)'
    )
    const built = call()
    expect(built.status).toBe(5)
    expect(JSON.parse(built.stdout)).toEqual([expect.stringMatching(/^\/.*bare root .*\/scripts\/drydock$/), 'a b', '--c'])
  })
})
