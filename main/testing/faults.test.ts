import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { programFile } from './programs'
import { commands } from '../core/all-commands'
import { verifyBundle } from '../core/bundle-format'
import { sha256 } from '../storage/objects/durable-files'
import {
  PASSPHRASE,
  app,
  base,
  contentsOf,
  copyWorkspace,
  errorOf,
  expected,
  filesBelow,
  fingerprintOf,
  leftoversIn,
  open,
  pipelineText,
  root,
  runPipeline,
  useFaultWorkspace
} from './fault-workspace'

useFaultWorkspace()

const overwrite = (file: string, at: number, bytes: string): void => {
  chmodSync(file, 0o644)
  const content = readFileSync(file)
  content.write(bytes, at, 'latin1')
  writeFileSync(file, content)
}
const dataFileOf = (directory: string, name: string): string => join(directory, 'data', `${app.datasets.resolve(name).sha256}.arrow`)

describe('the disposable cache', () => {
  const cases: Record<string, (cache: string) => void> = {
    'is deleted': (cache) => rmSync(cache, { force: true }),
    'is replaced by garbage': (cache) => writeFileSync(cache, 'no database, only words '.repeat(2000)),
    'is cut in the middle': (cache) => truncateSync(cache, Math.floor(statSync(cache).size / 2) - 17),
    'has a garbage log beside it': (cache) => writeFileSync(`${cache}.wal`, 'no log, only words '.repeat(500)),
    'is replaced by a folder': (cache) => {
      rmSync(cache, { force: true })
      mkdirSync(cache)
      writeFileSync(join(cache, 'mine.txt'), 'do not lose me')
    }
  }
  for (const [what, harm] of Object.entries(cases))
    it(`${what}: nothing is lost`, async () => {
      const directory = copyWorkspace(base)
      harm(join(directory, 'cache.duckdb'))
      await open(directory)
      expect(await contentsOf(app)).toEqual(expected)
      if (what.endsWith('folder')) expect(filesBelow(directory).some((file) => file.endsWith('mine.txt'))).toBe(true)
    })
})

describe('a workspace folder that was copied while closed', () => {
  it('opens under its new path, and its bundle lies in the copy and verifies', async () => {
    const directory = copyWorkspace(base)
    renameSync(base, `${base}-away`)
    try {
      await open(directory)
      expect(await contentsOf(app)).toEqual(expected)
      const [bundle] = app.bundles.list()
      expect(bundle).toMatchObject({ path: join(directory, 'exports', 'people-1.drydock'), available: true })
      const [{ publicPem, usable }] = app.people.current()!.keys
      expect(usable).toBe(true)
      expect(await verifyBundle(bundle.path, { publicKeyPem: publicPem })).toMatchObject({ verdict: 'holds' })
      expect((await runPipeline()).steps.every((step) => step.cached)).toBe(true)
    } finally {
      renameSync(`${base}-away`, base)
    }
  })
})

describe('files of the workspace that were damaged', () => {
  it('a torn drydock.json is STORAGE_CORRUPT and stays as it is', async () => {
    const directory = copyWorkspace(base)
    truncateSync(join(directory, 'drydock.json'), 30)
    const before = fingerprintOf(directory)
    expect(await errorOf(() => open(directory))).toMatchObject({ code: 'STORAGE_CORRUPT', message: expect.stringMatching(/backup/) })
    expect(fingerprintOf(directory)).toEqual(before)
  })

  const size = () => statSync(join(base, 'ledger.sqlite')).size
  const harms: Record<string, (ledger: string) => void> = {
    'is cut off': (ledger) => truncateSync(ledger, Math.floor(size() / 2)),
    'has lost its last page': (ledger) => truncateSync(ledger, size() - 4096),
    'is empty': (ledger) => truncateSync(ledger, 0),
    'is gone': (ledger) => rmSync(ledger),
    'is garbage': (ledger) => writeFileSync(ledger, 'this is no ledger '.repeat(4000)),
    'is garbage from its second page on': (ledger) => overwrite(ledger, 4096, 'x'.repeat(size() - 4096)),
    'has one overwritten page': (ledger) => overwrite(ledger, 4096 * 3, 'x'.repeat(4096))
  }
  for (const [what, harm] of Object.entries(harms))
    it(`a ledger that ${what} is STORAGE_CORRUPT and stays as it is`, async () => {
      const directory = copyWorkspace(base)
      const ledger = join(directory, 'ledger.sqlite')
      harm(ledger)
      const before = existsSync(ledger) ? sha256(readFileSync(ledger)) : null
      const error = await errorOf(() => open(directory))
      expect(error.code, error.message).toBe('STORAGE_CORRUPT')
      expect(error.message).toMatch(/backup/)
      expect(existsSync(ledger) ? sha256(readFileSync(ledger)) : null).toBe(before)
      // Nothing holds on to it: with the file back from a backup everything is there.
      rmSync(`${ledger}-wal`, { force: true })
      writeFileSync(ledger, readFileSync(join(base, 'ledger.sqlite')))
      await open(directory)
      expect(await contentsOf(app)).toEqual(expected)
    })

  it('half-written files of a killed process are swept away, finished ones stay', async () => {
    const directory = copyWorkspace(base)
    const before = filesBelow(join(directory, 'objects'))
    for (const name of [
      'objects/.5f0c1d7e-1111-4222-8333-444455556666.tmp',
      'policies/.5f0c1d7e-1111-4222-8333-444455556666.tmp',
      'exports/people-1.drydock.0123456789ab.partial',
      'tmp/import-1/half.csv'
    ]) {
      mkdirSync(join(directory, name, '..'), { recursive: true })
      writeFileSync(join(directory, name), 'half')
    }
    await open(directory)
    expect(leftoversIn(directory)).toEqual([])
    expect(filesBelow(join(directory, 'objects'))).toEqual(before)
    expect(await contentsOf(app)).toEqual(expected)
  })

  it('a dataset file that was changed on disk stops the run, and importing the source again mends it', async () => {
    const directory = copyWorkspace(base)
    await open(directory)
    const file = dataFileOf(directory, 'people')
    const good = readFileSync(file)
    overwrite(file, Math.floor(good.length / 2), '\x01\x02\x03')
    expect(await errorOf(() => app.datasets.verify('people'))).toMatchObject({ code: 'DIGEST_MISMATCH' })
    expect(await errorOf(() => runPipeline({}, true))).toMatchObject({
      code: 'DIGEST_MISMATCH',
      message: expect.stringMatching(/dataset:people@sha256:.*(backup|again)/)
    })
    expect(app.pipelines.runs().total).toBe(1)
    const again = await app.do(commands.datasets.import, { path: join(root, 'people.csv'), options: { name: 'people' } })
    expect(again.created).toBe(false)
    expect(readFileSync(file).equals(good)).toBe(true)
    expect((await runPipeline()).state).toBe('succeeded')
  })

  it('an output of a step that was changed on disk is made again before anything reads it', async () => {
    const directory = copyWorkspace(base)
    await open(directory)
    const [{ id }] = app.pipelines.runs().runs
    const split = (await app.pipelines.getRun(id)).steps.find((step) => step.stepId === 'split')!
    const train = join(directory, 'data', `${split.outputs.find((output) => output.port === 'train')!.sha256}.arrow`)
    const good = readFileSync(train)
    overwrite(train, good.length - 200, '\x01\x02\x03')
    const yaml = pipelineText.replace('logistic-regression\n      seed: 7', 'logistic-regression\n      seed: 8')
    const started = await app.do(commands.pipelines.run, { yaml })
    const run = await app.pipelines.finished(started.runId)
    expect(run.state).toBe('succeeded')
    const [again, trained] = ['split', 'train'].map((id) => run.steps.find((step) => step.stepId === id)!)
    expect([again.cached, again.reason]).toEqual([false, expect.stringMatching(/changed on the disk .* made again/)])
    expect(trained.inputs.find((input) => input.port === 'train')!.sha256).toBe(
      again.outputs.find((output) => output.port === 'train')!.sha256
    )
    expect(readFileSync(train).equals(good)).toBe(true)
  })

  it('an object that was changed on disk is DIGEST_MISMATCH for a gate and for an export, and nothing is written', async () => {
    const directory = copyWorkspace(base)
    await open(directory)
    const run = app.experiments.run(app.models.resolve('people').run)
    const person = app.people.current()!.id
    const exportTo = (path: string) => app.do(commands.bundles.export, { name: 'people', version: 1, path, person, passphrase: PASSPHRASE })
    const before = filesBelow(join(directory, 'exports'))
    for (const kind of ['model', 'evaluation']) {
      const file = app.workbench().context.objects.pathOf(run.artifacts.find((artifact) => artifact.kind === kind)!.sha256)
      const good = readFileSync(file)
      overwrite(file, Math.floor(good.length / 2), '\x01')
      expect(await errorOf(() => exportTo(join(directory, 'exports', `${kind}.drydock`)))).toMatchObject({ code: 'DIGEST_MISMATCH' })
      expect(await errorOf(() => app.do(commands.policies.evaluate, { policy: 'ranks', run: run.id }))).toMatchObject({
        code: 'DIGEST_MISMATCH'
      })
      writeFileSync(file, good)
    }
    const test = join(directory, 'data', `${run.inputs.find((input) => input.role === 'test')!.sha256}.arrow`)
    overwrite(test, Math.floor(statSync(test).size / 2), '\x01\x02')
    expect(await errorOf(() => exportTo(join(directory, 'exports', 'test.drydock')))).toMatchObject({ code: 'DIGEST_MISMATCH' })
    expect(filesBelow(join(directory, 'exports'))).toEqual(before)
    expect(leftoversIn(directory)).toEqual([])
  })
})

describe('a workspace of a newer Drydock', () => {
  it('by its drydock.json is UNSUPPORTED_VERSION and not a byte of the folder changes', async () => {
    const directory = copyWorkspace(base)
    const file = join(directory, 'drydock.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"version": 1', '"version": 2'))
    const before = fingerprintOf(directory)
    expect(await errorOf(() => open(directory))).toMatchObject({ code: 'UNSUPPORTED_VERSION', message: expect.stringMatching(/newer/) })
    expect(fingerprintOf(directory)).toEqual(before)
  })
  it('by its ledger is UNSUPPORTED_VERSION and not a byte of the folder changes', async () => {
    const directory = copyWorkspace(base)
    const db = new Database(join(directory, 'ledger.sqlite'))
    // Read from the header, bytes 60 to 63: a statement of ours would keep the log of the file until it is collected.
    const now = readFileSync(join(directory, 'ledger.sqlite')).readUInt32BE(60)
    expect(now).toBeGreaterThan(0)
    db.exec(
      `CREATE TABLE future(a); INSERT INTO migration VALUES(${now + 1}, 'future', 'x', 'x'); PRAGMA user_version = ${now + 1}; PRAGMA wal_checkpoint(TRUNCATE)`
    )
    db.close()
    const before = fingerprintOf(directory)
    const error = await errorOf(() => open(directory))
    expect(error).toMatchObject({ code: 'UNSUPPORTED_VERSION', details: { found: now + 1, supported: now } })
    expect(fingerprintOf(directory)).toEqual(before)
  })
})

describe('a workspace that another process holds', () => {
  it('is STORAGE_LOCKED with the pid of the holder, and free after kill -9', async () => {
    const directory = copyWorkspace(base)
    const holder = spawn(process.execPath, [programFile('hold-workspace'), join(root, 'other-user'), directory])
    try {
      let words = ''
      await new Promise<void>((resolve, reject) => {
        holder.stdout.on('data', (chunk: Buffer) => (words += chunk.toString()).includes('held') && resolve())
        holder.once('exit', () => reject(new Error(words)))
      })
      const error = await errorOf(() => open(directory))
      expect(error).toMatchObject({ code: 'STORAGE_LOCKED', details: { pid: holder.pid } })
      expect(error.message).toContain(String(holder.pid))
    } finally {
      const gone = new Promise((resolve) => holder.once('exit', resolve))
      holder.kill('SIGKILL')
      await gone
    }
    await open(directory)
    expect(await contentsOf(app)).toEqual(expected)
  })
})
