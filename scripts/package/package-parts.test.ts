import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { outside } from '../outside-packages'
import { settleRights } from './folders.mjs'
import { fusesFor } from './fuses.mjs'
import { writeMacIcon, writeWindowsIcon } from './icon-files.mjs'
import { readOptions } from './options.mjs'
import { writePortable } from './portable.mjs'
import { isShipped, runTimePackages } from './run-time-packages.mjs'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'package-parts-'))))
afterEach(() => rmSync(folder, { recursive: true }))

describe('the packages of a platform', () => {
  const names = (platform: string) => runTimePackages(outside, platform).map(({ name }) => name)

  it.each([
    ['linux-x64', ['@antoniomuso/lz4-napi-linux-x64-gnu', '@duckdb/node-bindings-linux-x64', '@libsql/linux-x64-gnu']],
    ['win32-x64', ['@antoniomuso/lz4-napi-win32-x64-msvc', '@duckdb/node-bindings-win32-x64', '@libsql/win32-x64-msvc']],
    ['darwin-arm64', ['@antoniomuso/lz4-napi-darwin-arm64', '@duckdb/node-bindings-darwin-arm64', '@libsql/darwin-arm64']]
  ])('for %s have its native code and no other', (platform, natives) => {
    expect(names(platform).filter((name) => /(linux|win32|darwin|freebsd|android|musl)/.test(name))).toEqual(natives)
  })

  it('are those that run, with what they need, and nothing that is bundled, for development or for an installation', () => {
    const found = names('linux-x64')
    for (const name of ['libsql', '@neon-rs/load', 'detect-libc', 'onnxruntime-node', 'onnxruntime-common', 'ajv', 'fast-uri'])
      expect(found).toContain(name)
    for (const name of ['electron', 'zod', 'react', 'typescript', 'vitest', 'global-agent', 'adm-zip']) expect(found).not.toContain(name)
    // libsql asks for an older one than DuckDB; both are there, each where its asker finds it.
    expect(found.filter((name) => name === 'detect-libc').length).toBe(2)
    for (const { integrity } of runTimePackages(outside, 'win32-x64')) expect(integrity).toMatch(/^sha512-/)
  })

  it.each([
    ['bin/napi-v6/linux/x64/libonnxruntime.so.1', true],
    ['bin/napi-v6/linux/arm64/libonnxruntime.so.1', false],
    ['bin/napi-v6/win32/x64/onnxruntime.dll', false],
    ['script/install.js', false],
    ['dist/index.js', true],
    ['dist/index.js.map', false],
    ['dist/index.d.ts', false],
    ['README.md', false],
    ['LICENSE.md', true],
    ['ThirdPartyNotices.txt', true],
    ['LICENSE-MIT', true],
    ['dist/models/license.d.ts', false],
    ['dist/models/license.js.map', false],
    ['dist/models/license.js', true]
  ])('ship %s: %s', (path, ships) => expect(isShipped('onnxruntime-node', path, 'linux-x64')).toBe(ships))
})

describe('the options of a build', () => {
  it('refuse what is unknown, no version, or not there', () => {
    expect(() => readOptions(['--nonsense'])).toThrow(/Usage:/)
    expect(() => readOptions(['--version', '1.2'])).toThrow(/"1.2" is no version/)
    expect(() => readOptions(['--version', '1.2.3/..'])).toThrow(/is no version/)
    expect(() => readOptions(['--platform', 'linux-x64,plan9-x64'])).toThrow(/no packages for plan9-x64/)
    expect(() => readOptions(['--release-key', 'nowhere.pem'])).toThrow(/nowhere.pem is not there/)
  })

  it('are by default the version of this checkout for this machine', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(readOptions([])).toMatchObject({
      version,
      platforms: [`${process.platform}-${process.arch}`],
      testRuntime: false,
      unfused: false,
      trustKeys: []
    })
    expect(readOptions(['--version', '1.2.3-rc.1', '--platform', 'win32-x64,darwin-arm64'])).toMatchObject({
      version: '1.2.3-rc.1',
      platforms: ['win32-x64', 'darwin-arm64']
    })
  })
})

it('takes from Electron what could run other code, on every platform, and has the archive checked where the platform can', () => {
  const of = (platform: string, electronVersion: string) => Object.entries(fusesFor({ platform, electronVersion }))
  // RunAsNode, cookies, NODE_OPTIONS, inspect, check of the archive, only the archive.
  expect(of('linux-x64', '25.1.1').map(([, value]) => value)).toEqual([false, true, false, false, false, true])
  expect(of('win32-x64', '45.4.1').map(([, value]) => value)).toEqual([false, true, false, false, true, true, false])
  expect(of('darwin-arm64', '45.4.1').map(([, value]) => value)).toEqual([false, true, false, false, true, true, false])
})

it.skipIf(process.platform !== 'linux')('packs a folder to the same bytes whatever its times, rights and owners are', async () => {
  const make = async (name: string, mode: number, time: number) => {
    const program = join(folder, name, 'Program')
    mkdirSync(join(program, 'b'), { recursive: true })
    for (const [path, text, rights] of [
      ['b/x', '1', mode],
      ['a', '2', mode | 0o100]
    ] as const) {
      writeFileSync(join(program, path), text, { mode: rights })
      utimesSync(join(program, path), time, time)
    }
    settleRights(program)
    return writePortable({ programFolder: program, name: 'drydock-1', seconds: 86_400, out: join(folder, name) })
  }
  const [one, two] = [await make('one', 0o600, 1e9), await make('two', 0o664, 1.5e9)]
  expect(readFileSync(one).equals(readFileSync(two))).toBe(true)
  const listed = execFileSync('tar', ['--numeric-owner', '--utc', '-tvzf', one], { encoding: 'utf8' }).trim().split('\n')
  expect(listed.map((line) => line.replace(/ +/g, ' '))).toEqual([
    'drwxr-xr-x 0/0 0 1970-01-02 00:00 drydock-1/',
    '-rwxr-xr-x 0/0 1 1970-01-02 00:00 drydock-1/a',
    'drwxr-xr-x 0/0 0 1970-01-02 00:00 drydock-1/b/',
    '-rw-r--r-- 0/0 1 1970-01-02 00:00 drydock-1/b/x'
  ])
})

it('writes icons for Windows and macOS whose tables of contents lead to pictures', () => {
  const [ico, icns] = [join(folder, 'a.ico'), join(folder, 'a.icns')]
  writeWindowsIcon(ico)
  const windows = readFileSync(ico)
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47])
  const count = windows.readUInt16LE(4)
  expect(count).toBe(7)
  for (let index = 0; index < count; index++) {
    const entry = 6 + 16 * index
    const [length, at] = [windows.readUInt32LE(entry + 8), windows.readUInt32LE(entry + 12)]
    expect(windows.subarray(at, at + 4).equals(png)).toBe(true)
    // The width stands in the picture too, after its signature, length and name of its first part.
    expect(windows.readUInt32BE(at + 16) % 256).toBe(windows[entry])
    if (index === count - 1) expect(at + length).toBe(windows.length)
  }
  writeMacIcon(icns)
  const mac = readFileSync(icns)
  expect([mac.toString('latin1', 0, 4), mac.readUInt32BE(4)]).toEqual(['icns', statSync(icns).size])
  let at = 8
  for (; at < mac.length; at += mac.readUInt32BE(at + 4)) expect(mac.subarray(at + 8, at + 12).equals(png)).toBe(true)
  expect(at).toBe(mac.length)
})
