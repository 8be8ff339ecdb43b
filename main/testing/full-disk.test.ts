import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { commands } from '../core/all-commands'
import { verifyBundle } from '../core/bundle-format'
import { sha256 } from '../storage/objects/durable-files'
import {
  PASSPHRASE,
  app,
  base,
  canMount,
  collectGarbage,
  contentsOf,
  copyWorkspace,
  errorOf,
  expected,
  fingerprintOf,
  leftoversIn,
  mountDisk,
  open,
  openApplication,
  peopleCsv,
  policyText,
  root,
  runPipeline,
  useFaultWorkspace
} from './fault-workspace'

const isRoot = process.getuid?.() === 0
const mountable = canMount()

useFaultWorkspace(!isRoot || mountable)

describe.skipIf(isRoot && !mountable)('a folder that may not be written', () => {
  it('is FORBIDDEN with the next step, for opening and for creating, and stays as it is', async () => {
    // Root may write everywhere but on a disk that is mounted read-only.
    const disk = isRoot ? mountDisk(16) : undefined
    const directory = join(disk?.path ?? root, 'readonly')
    copyWorkspace(base, directory)
    const before = fingerprintOf(directory)
    if (disk) disk.remount('ro')
    else chmodSync(directory, 0o555)
    try {
      const error = await errorOf(() => open(directory))
      expect(error).toMatchObject({ code: 'FORBIDDEN', message: expect.stringMatching(/another folder|write access/) })
      expect(await errorOf(() => openApplication().createWorkspace(join(directory, 'new'), 'new'))).toMatchObject({ code: 'FORBIDDEN' })
      expect(fingerprintOf(directory)).toEqual(before)
    } finally {
      if (disk) disk.remount('rw')
      else chmodSync(directory, 0o755)
    }
    await open(directory)
    expect(await contentsOf(app)).toEqual(expected)
  })
})

const KiB = 1024
describe.skipIf(!mountable)('a full disk', () => {
  let disk: ReturnType<typeof mountDisk>
  let directory: string
  let bigCsv: string
  beforeAll(() => {
    disk = mountDisk(64)
    bigCsv = join(root, 'big.csv')
    writeFileSync(bigCsv, peopleCsv(20_000))
  })
  afterEach(async () => {
    disk.free()
    await app.close()
    await collectGarbage()
  })

  let round = 0
  /**
   * Does the same with ever more space left, until it succeeds: so the disk fills up at the first write, in the middle, and at the last
   * commit. Each failure must be DISK_FULL and leave nothing; the workspace must work at once when space is there.
   */
  const untilItFits = async (steps: readonly number[], work: () => Promise<unknown>): Promise<number> => {
    directory = copyWorkspace(base, join(disk.path, `w${round++}`))
    await open(directory)
    const before = await contentsOf(app)
    let failures = 0
    for (const bytes of steps) {
      disk.leave(bytes)
      let error: { code?: string; message: string } | undefined
      try {
        await work()
      } catch (caught) {
        error = caught as Error
      }
      if (!error) break
      failures++
      expect(error.code, `${bytes} bytes left: ${error.message}`).toBe('DISK_FULL')
      expect(error.message).toMatch(/disk/i)
      expect(error.message).toMatch(/free some space/i)
      expect(leftoversIn(directory), `${bytes} bytes left`).toEqual([])
      expect(await contentsOf(app)).toMatchObject({
        datasets: before.datasets,
        sql: before.sql,
        runs: before.runs,
        features: before.features
      })
    }
    disk.free()
    return failures
  }
  it('stops an import; later it succeeds and everything earlier is there', async () => {
    const failures = await untilItFits([0, 32 * KiB, 256 * KiB, 768 * KiB, 2048 * KiB], () =>
      app.do(commands.datasets.import, { path: bigCsv, options: { name: 'big' } })
    )
    expect(failures).toBeGreaterThan(2)
    await app.do(commands.datasets.import, { path: bigCsv, options: { name: 'big' } })
    expect((await app.datasets.sql('SELECT count(*) AS n FROM big')).rows).toEqual([[20_000]])
    await app.datasets.verify('big')
    await app.close()
    await open(directory)
    expect(app.datasets.list().map((dataset) => dataset.name)).toEqual(['big', 'people'])
  })

  it('stops the saving of a policy', async () => {
    // Long enough that its text alone does not fit.
    const text = `${policyText('long')}${'# padding so that the policy needs room on the disk\n'.repeat(2000)}`
    const failures = await untilItFits([0, 32 * KiB, 96 * KiB, 128 * KiB, 4096 * KiB], () => app.do(commands.policies.save, { text }))
    expect(failures).toBeGreaterThan(1)
    await app.do(commands.policies.save, { text })
    expect((await app.policies.list()).map((policy) => policy.name).sort()).toEqual(['long', 'ranks'])
    for (const { name } of await app.policies.list())
      expect((await app.policies.get(name)).problems).not.toContainEqual(expect.objectContaining({ severity: 'error' }))
  })

  it('stops an export; later the bundle is written and verifies', async () => {
    const person = (await open(copyWorkspace(base))).people.current()!
    await app.close()
    const path = () => join(directory, 'exports', 'again.drydock')
    const failures = await untilItFits([0, 64 * KiB, 192 * KiB, 320 * KiB, 4096 * KiB], async () => {
      await app.do(commands.bundles.export, { name: 'people', version: 1, path: path(), person: person.id, passphrase: PASSPHRASE })
    })
    expect(failures).toBeGreaterThan(1)
    if (!existsSync(path()))
      await app.do(commands.bundles.export, { name: 'people', version: 1, path: path(), person: person.id, passphrase: PASSPHRASE })
    expect(await verifyBundle(path(), { publicKeyPem: person.keys[0].publicPem })).toMatchObject({ verdict: 'holds' })
  })

  it('ends a pipeline run as failed with DISK_FULL, in the list too, and the next run goes through', async () => {
    directory = copyWorkspace(base, join(disk.path, `w${round++}`))
    await open(directory)
    const codes: (string | undefined)[] = []
    for (const [index, bytes] of [0, 32, 96].map((n) => n * KiB).entries()) {
      disk.leave(bytes)
      try {
        const run = await runPipeline({ least: index + 1 })
        codes.push(run.failure?.code)
        if (run.state === 'succeeded') break
        expect(run.state).toBe('failed')
      } catch (error) {
        codes.push((error as { code?: string }).code)
      }
      expect(codes.at(-1)).toBe('DISK_FULL')
      expect(leftoversIn(directory)).toEqual([])
      expect((await app.datasets.sql('SELECT count(*) AS n FROM people')).rows).toEqual([[400]])
    }
    expect(codes).toContain('DISK_FULL')
    disk.free()
    // What could not be written then is written now: nothing is left that only seems to run.
    const waited = Date.now() + 50_000
    const isOpen = () =>
      app.workbench().context.ledger.get<{ n: number }>("SELECT count(*) AS n FROM pipeline_run WHERE state = 'running'")!.n
    while (isOpen() > 0 && Date.now() < waited) await new Promise((resolve) => setTimeout(resolve, 100))
    expect(isOpen()).toBe(0)
    expect(app.jobs.list({ states: ['running', 'queued'] }).total).toBe(0)
    const run = await runPipeline({ least: 9 })
    expect(run.failure).toBeNull()
    expect(run.state).toBe('succeeded')
    // Nor does the same work wait for the attempt that could not be recorded.
    expect(await runPipeline({ least: codes.length })).toMatchObject({ state: 'succeeded', failure: null })
    await app.close()
    await open(directory)
    expect(app.pipelines.runs({ states: ['running', 'queued'] }).total).toBe(0)
    expect(await contentsOf(app)).toMatchObject({ sql: expected.sql })
  })

  it('refuses to open or create a workspace, which open as soon as there is room', async () => {
    directory = copyWorkspace(base, join(disk.path, `w${round++}`))
    rmSync(join(directory, 'cache.duckdb'))
    disk.leave(0)
    const before = sha256(readFileSync(join(directory, 'ledger.sqlite')))
    expect(await errorOf(() => open(directory))).toMatchObject({ code: 'DISK_FULL', message: expect.stringMatching(/free some space/i) })
    expect(sha256(readFileSync(join(directory, 'ledger.sqlite')))).toBe(before)
    expect(leftoversIn(directory)).toEqual([])
    const created = join(disk.path, 'created')
    expect(await errorOf(() => openApplication().createWorkspace(created, 'created'))).toMatchObject({ code: 'DISK_FULL' })
    expect(existsSync(created)).toBe(false)
    disk.free()
    await open(directory)
    expect(await contentsOf(app)).toEqual(expected)
    const other = openApplication()
    await other.createWorkspace(created, 'created')
    await other.close()
  })
})
