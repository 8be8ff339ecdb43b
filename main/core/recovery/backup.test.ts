import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../../cli/program'
import { WorkbenchError } from '../../model/errors'
import { errorOf, filesBelow, fingerprintOf, policyText } from '../../testing/fault-workspace'
import { makeSmallWorkspace, type SmallWorkspace } from '../../testing/small-workspace'
import { sha256 } from '../../storage/objects/durable-files'
import { commands } from '../all-commands'
import { contentPath } from './content-files'
import {
  backUpWorkspace,
  checkBackup,
  collectGarbage,
  examineWorkspace,
  repairWorkspace,
  restoreWorkspace,
  salvageWorkspace
} from './index'

let small: SmallWorkspace
beforeAll(async () => {
  small = await makeSmallWorkspace()
})
afterAll(() => small.remove())

/** What of a workspace a backup must bring back. */
const contentOf = (directory: string): string[] =>
  fingerprintOf(directory).filter((line) => /^(objects|data|policies|pipelines|exports|keys|runs|drydock\.json)/.test(line))
const cli = async (...argv: string[]) => {
  process.env.DRYDOCK_USER_DIR = join(small.root, 'user')
  let out = ''
  try {
    const code = await runCli([...argv, '--json'], { out: (text) => (out += text), err: () => undefined })
    return { code, answer: JSON.parse(out) }
  } finally {
    delete process.env.DRYDOCK_USER_DIR
  }
}

describe.each(['folder', 'file'] as const)('a backup as a %s', (form) => {
  const nameOf = (name: string): string => join(small.root, `${name}-${form}${form === 'file' ? '.drydock-backup' : ''}`)

  it('is made while the workspace is open and in use, verified, and restored to the same', async () => {
    const directory = small.copy()
    const app = small.application()
    await app.openWorkspace(directory)
    await app.do(commands.policies.save, { text: policyText('in-use', 0.9) })
    const made = await backUpWorkspace(directory, nameOf('used'))
    expect(made).toMatchObject({ damaged: [], missing: [], entry: app.audit.list({ offset: 0, limit: 1 }).events[0]!.index })
    // What comes later is not in it.
    await app.do(commands.policies.save, { text: policyText('too-late', 0.9) })
    await app.close()
    expect((await checkBackup(made.path)).files).toHaveLength(made.files)
    const restored = join(small.root, `restored-${form}`)
    expect(await restoreWorkspace(made.path, restored)).toMatchObject({ sound: true, opens: true, findings: [] })
    const kept = contentOf(directory).filter((line) => !/too-late/.test(line))
    for (const line of contentOf(restored)) expect(kept).toContain(line)
    await app.openWorkspace(restored)
    expect((await app.policies.list()).map(({ name }) => name)).toContain('in-use')
    expect((await app.policies.list()).map(({ name }) => name)).not.toContain('too-late')
    expect(app.workbench().warnings).toEqual([])
    await app.close()
    expect(readdirSync(small.root).filter((name) => name.includes('.partial'))).toEqual([])
  })

  it('that is interrupted leaves nothing, and what is not whole is refused with the file and leaves no workspace', async () => {
    const abort = new AbortController()
    const place = nameOf('cut')
    const work = backUpWorkspace(small.base, place, {
      signal: abort.signal,
      onProgress: ({ message }) => message.startsWith('Writing') && abort.abort()
    })
    expect(await errorOf(() => work)).toMatchObject({ code: 'CANCELLED' })
    expect(readdirSync(small.root).filter((name) => name.startsWith(`cut-${form}`))).toEqual([])
    await backUpWorkspace(small.base, place)
    expect(await errorOf(() => backUpWorkspace(small.base, place))).toMatchObject({ code: 'CONFLICT' })
    const target = join(small.root, `from-damaged-${form}`)
    if (form === 'folder') {
      const file = filesBelow(join(place, 'objects'))[0]!
      writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from('x')]))
    } else {
      const bytes = readFileSync(place)
      bytes[Math.floor(bytes.length / 2)]! ^= 1
      writeFileSync(place, bytes)
    }
    expect((await errorOf(() => restoreWorkspace(place, target))).code).toMatch(/DIGEST_MISMATCH|INVALID_INPUT/)
    if (form === 'folder') rmSync(join(place, 'backup.json'))
    else truncateSync(place, 5000)
    expect(await errorOf(() => restoreWorkspace(place, target))).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/no whole backup/)
    })
    expect(existsSync(target)).toBe(false)
  })

  it('gives back lost files to a repair', async () => {
    const place = nameOf('source')
    await backUpWorkspace(small.base, place)
    const directory = small.copy()
    for (const file of [filesBelow(join(directory, 'objects'))[3]!, ...filesBelow(join(directory, 'data'))]) rmSync(file)
    expect((await repairWorkspace(directory)).lost.length).toBeGreaterThan(1)
    const report = await repairWorkspace(directory, { from: [place] })
    expect(report).toMatchObject({ opens: true, lost: [], now: { sound: true } })
    expect(contentOf(directory)).toEqual(contentOf(small.base))
  })
})

it('backup, restore and salvage take no place that is a file, is filled meanwhile, or lies by a link in what they read', async () => {
  const directory = small.copy()
  const place = (name: string): string => join(small.root, `place-${name}`)
  symlinkSync(directory, place('link'))
  await expect(backUpWorkspace(directory, join(place('link'), 'exports', 'backup'))).rejects.toThrow('inside of the workspace')
  await expect(salvageWorkspace(directory, join(place('link'), 'new'))).rejects.toThrow('cannot lie in the damaged one')
  const { path } = await backUpWorkspace(directory, join(place('deep'), 'er', 'backup'))
  await expect(restoreWorkspace(path, join(path, 'new'))).rejects.toThrow('inside of the backup')
  writeFileSync(place('file'), 'a file')
  for (const fill of [restoreWorkspace(path, place('file')), salvageWorkspace(directory, place('file'))])
    await expect(fill).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('is a file') })
  mkdirSync(place('empty'))
  const restored = restoreWorkspace(path, place('empty'))
  const partials = (): string[] => readdirSync(small.root).filter((name) => name.includes('.partial'))
  while (partials().length === 0) await setImmediate()
  writeFileSync(join(place('empty'), 'notes.txt'), 'of somebody else')
  await expect(restored).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('is not empty') })
  expect(readdirSync(place('empty'))).toEqual(['notes.txt'])
  // Where the system makes no folder the answer comes, and comes soon.
  if (process.platform === 'linux') await expect(restoreWorkspace(path, '/proc/none/new')).rejects.toBeInstanceOf(WorkbenchError)
  expect((await checkBackup(path)).files.length).toBeGreaterThan(0)
  expect(partials()).toEqual([])
})

it('a backup names no place outside of the folder that it is restored to', async () => {
  const place = join(small.root, 'hostile')
  await backUpWorkspace(small.base, place)
  const file = join(place, 'backup.json')
  for (const name of ['../outside', '/etc/outside', 'a/../../outside', 'C:\\outside']) {
    const manifest = JSON.parse(readFileSync(file, 'utf8'))
    manifest.files[0].name = name
    writeFileSync(file, JSON.stringify(manifest))
    expect(await errorOf(() => restoreWorkspace(place, join(small.root, 'hostile-new')))).toMatchObject({ code: 'INVALID_INPUT' })
  }
})

it('a backup that brings what only a program that works there has is refused, however well its manifest names it', async () => {
  const place = join(small.root, 'planted')
  await backUpWorkspace(small.base, place)
  const file = join(place, 'backup.json')
  const honest = readFileSync(file, 'utf8')
  const target = join(small.root, 'planted-new')
  const names = [
    '.lock-holder.json',
    '.lock',
    'cache.duckdb',
    'ledger.sqlite-wal',
    'ledger.sqlite-shm',
    'Ledger.sqlite',
    'ledger.sqlite.before-1'
  ]
  const places = [
    'snapshots/1.sqlite',
    'tmp/x',
    'aside/x',
    'log/ledger.pages',
    'log/high-water.0',
    'objects/x',
    'data/x.arrow',
    'pipelines.yaml'
  ]
  for (const name of [...names, ...places]) {
    mkdirSync(dirname(join(place, name)), { recursive: true })
    writeFileSync(join(place, name), 'planted')
    const manifest = JSON.parse(honest) as { files: object[] }
    manifest.files.push({ name, bytes: 7, sha256: sha256('planted') })
    writeFileSync(file, JSON.stringify(manifest))
    expect(await errorOf(() => restoreWorkspace(place, target))).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(`brings "${name}", which no backup of Drydock holds`)
    })
    expect(existsSync(target)).toBe(false)
    rmSync(join(place, name))
  }
  writeFileSync(file, honest)
  expect(await restoreWorkspace(place, target)).toMatchObject({ sound: true })
})

describe('files that nothing needs', () => {
  const old = new Date(Date.now() - 48 * 3600 * 1000)
  const addObject = (directory: string, text: string, at = old): string => {
    const path = contentPath(directory, 'objects', sha256(text))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    utimesSync(path, at, at)
    return path
  }

  it('are named with their sizes by a dry run, and go; what is named, young, or named by what is named stays', async () => {
    const directory = small.copy()
    const needed = filesBelow(join(directory, 'objects'))
    for (const file of [...needed, ...filesBelow(join(directory, 'data'))]) utimesSync(file, old, old)
    const inner = addObject(directory, 'a part of a document')
    const outer = addObject(directory, JSON.stringify({ part: sha256('a part of a document') }))
    writeFileSync(join(directory, 'policies', 'names.yaml'), `# ${sha256(readFileSync(outer))}\n`)
    const stray = addObject(directory, 'needed by nobody')
    const young = addObject(directory, 'written just now', new Date())
    const table = join(directory, 'data', `${sha256('no table')}.arrow`)
    copyFileSync(filesBelow(join(directory, 'data'))[0]!, table)
    utimesSync(table, old, old)
    const before = fingerprintOf(directory)
    const { code, answer } = await cli('workspace', 'gc', '-w', directory, '--dry-run')
    expect(code).toBe(0)
    expect(answer.removed.map(({ name }: { name: string }) => join(directory, name)).sort()).toEqual([stray, table].sort())
    expect(answer).toMatchObject({ dryRun: true, young: { files: 1 }, bytes: 16 + readFileSync(table).length })
    expect(fingerprintOf(directory)).toEqual(before)
    expect((await cli('workspace', 'gc', '-w', directory)).code).toBe(0)
    expect([stray, table].map(existsSync)).toEqual([false, false])
    expect([inner, outer, young, ...needed].every(existsSync)).toBe(true)
    expect(await examineWorkspace(directory)).toMatchObject({ sound: true })
  })

  it('stay while another program works in the workspace, and where the ledger is damaged', async () => {
    const directory = small.copy()
    addObject(directory, 'needed by nobody')
    const app = small.application()
    await app.openWorkspace(directory)
    expect(await errorOf(() => collectGarbage(directory))).toMatchObject({ code: 'STORAGE_LOCKED' })
    expect((await collectGarbage(directory, { dryRun: true })).removed).toHaveLength(1)
    await app.close()
    truncateSync(join(directory, 'ledger.sqlite'), 40_000)
    expect(await errorOf(() => collectGarbage(directory))).toMatchObject({ code: 'STORAGE_CORRUPT' })
    expect((await collectGarbage(small.copy())).removed).toEqual([])
  })
})

it('by the command line a workspace goes into a backup and comes back', async () => {
  const place = join(small.root, 'by-command.drydock-backup')
  expect(await cli('workspace', 'backup', '-w', small.base, place)).toMatchObject({ code: 0, answer: { path: place, damaged: [] } })
  const target = join(small.root, 'by-command')
  expect(await cli('workspace', 'restore', place, target)).toMatchObject({ code: 0, answer: { sound: true, directory: target } })
  expect((await cli('workspace', 'restore', place, target)).answer).toMatchObject({ error: { code: 'CONFLICT' } })
})
