import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { makeAsar, makeFolder, put, removeMade } from '../evidence/made-program.fixture'
import { compareBuilds, mayDiffer } from './index'

afterAll(removeMade)

const run = (folder: string, command: string, ...args: string[]) =>
  spawnSync(command, args, { cwd: folder, env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' } }).status
const hasTools = ['tar', 'ar', 'xz'].every((tool) => spawnSync(tool, ['--version']).status === 0)

/** A Debian package as such packages are made, with one file in it. */
function makePackage(content: string, { mode = 0o644, time = 1_700_000_000 } = {}): string {
  const folder = makeFolder()
  const file = put(
    join(folder, 'usr', 'a-folder-with-a-name-so-long-that-the-old-format-has-no-room-for-it'.repeat(2), 'program.js'),
    content
  )
  chmodSync(file, mode)
  for (const each of [file, join(file, '..'), join(folder, 'usr')]) utimesSync(each, time, time)
  put(join(folder, 'debian-binary'), '2.0\n')
  expect(run(folder, 'tar', '--format=gnu', '--owner=0', '--group=0', '-cJf', 'data.tar.xz', './usr')).toBe(0)
  expect(run(folder, 'ar', 'rcD', 'made.deb', 'debian-binary', 'data.tar.xz')).toBe(0)
  const out = join(folder, 'out')
  mkdirSync(out)
  expect(run(folder, 'cp', 'made.deb', 'out/made.deb')).toBe(0)
  return out
}

it.skipIf(!hasTools)('finds the file inside of packages that differs, and what is written of it', () => {
  const one = makePackage('let a = 1')
  expect(compareBuilds(one, makePackage('let a = 1'))).toEqual([])
  const inner = (other: string) => compareBuilds(one, other).map(({ place, what }) => [place.split(' > ').at(-1)?.split('/').at(-1), what])
  expect(inner(makePackage('let a = 2'))).toEqual([['program.js', expect.stringContaining('first at 8')]])
  expect(inner(makePackage('let a = 1', { mode: 0o755 }))).toEqual([['program.js', expect.stringMatching(/mode 0000644.*\| mode 0000755/)]])
  expect(inner(makePackage('let a = 1', { time: 1_700_000_001 })).every(([, what]) => /time/.test(String(what)))).toBe(true)
  expect(compareBuilds(one, makePackage('let a = 2'))[0].place).toMatch(/^made\.deb > data\.tar\.xz > data\.tar > \.\/usr\//)
})

it('looks into archives of Electron, and tells what one side lacks', () => {
  const [one, other] = [makeFolder(), makeFolder()]
  put(join(one, 'app.asar'), makeAsar('out/main', { 'cli.js': 'a', 'host.js': 'b' }))
  put(join(other, 'app.asar'), makeAsar('out/main', { 'cli.js': 'c' }))
  put(join(other, 'more.txt'), '')
  expect(compareBuilds(one, other)).toEqual([
    { place: 'app.asar > out/main/cli.js', what: '1 and 1 bytes, first at 0: "a" and "c"' },
    { place: 'app.asar > out/main/host.js', what: 'only in the first' },
    { place: 'more.txt', what: 'only in the second' }
  ])
})

async function makeZip(content: string, compress: boolean): Promise<string> {
  const zip = new ZipFile()
  zip.addBuffer(Buffer.from(content), 'bin/program.cmd', { compress, mtime: new Date(1980, 1, 1, 12), forceDosTimestamp: true })
  zip.end()
  return put(join(makeFolder(), 'drydock.zip'), await buffer(zip.outputStream))
}

it('looks into ZIP files, compressed or not', async () => {
  for (const compress of [true, false]) {
    const one = await makeZip('@echo one '.repeat(50), compress)
    expect(compareBuilds(one, await makeZip('@echo one '.repeat(50), compress))).toEqual([])
    const [difference, ...more] = compareBuilds(one, await makeZip(`@echo two ${'@echo one '.repeat(49)}`, compress))
    expect([difference, more]).toEqual([{ place: 'drydock.zip > bin/program.cmd', what: expect.stringContaining('first at 6') }, []])
  }
})

it('lets nothing differ but signatures', () => {
  const may = ['release-1/model.sig', 'a.drydock-update > model.sig', 'release-1/provenance.json > signature', 'SHA256SUMS']
  const mayNot = ['release-1/SHA256SUMS', 'release-1/provenance.json > statement', 'model.sig > x', 'a.deb > data.tar > ./model.sigs']
  expect([...may, ...mayNot].filter(mayDiffer)).toEqual(may)
})
