import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../model/errors'
import type { Progress } from '../../model/job'
import { JobId } from '../../model/reference'
import { openDatabase } from '../../storage/duckdb/database'
import { openWorkspaceLedger } from '../ledger'
import { createContentStore } from '../../storage/objects/content-store'
import type { WorkspaceContext } from '../workspace/context'
import { createProgressMeter } from './eta'
import { createJobs, type JobsWriter } from './jobs'
import { createLogWriter, readLogPage } from './log-file'
import { createBroadcast } from './subscription'

let directory: string
let context: WorkspaceContext
let jobs: JobsWriter
const never = new AbortController().signal

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'drydock-jobs-'))
  context = {
    directory,
    ledger: openWorkspaceLedger(join(directory, 'ledger.sqlite')),
    objects: createContentStore(join(directory, 'objects')),
    duckdb: await openDatabase({ readDirectories: [directory] }),
    clock: () => new Date(),
    newId: () => randomUUID(),
    changed: () => {},
    log: () => {}
  }
  jobs = createJobs(context)
})
afterEach(async () => {
  await jobs.close()
  await context.duckdb.close()
  context.ledger.close()
  rmSync(directory, { recursive: true, force: true })
})

describe('work in the host as a job', () => {
  it('keeps state, progress and log, and gives the result to the caller', async () => {
    const seen: (number | null)[] = []
    const { id, finished } = jobs.runInHost('import', 'Import of a file', async ({ progress, log, subject }) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      progress(0.5, 'half')
      log('a line')
      subject('dataset:a@sha256:00')
      await new Promise((resolve) => setTimeout(resolve, 20))
      return 42
    })
    for await (const job of jobs.watch(id, never)) seen.push(job.progress.fraction)
    expect(await finished).toBe(42)
    expect(seen).toContain(0.5)
    expect(jobs.get(id)).toMatchObject({
      state: 'succeeded',
      subject: 'dataset:a@sha256:00',
      progress: { fraction: 1 },
      cancellable: false
    })
    expect((await jobs.log(id)).text).toMatch(/ a line\n$/)
  })

  it('stores a failure with its code and throws it; cancel is not a failure', async () => {
    const failing = jobs.runInHost('profile', 'Profile', () =>
      Promise.reject(new WorkbenchError('INVALID_INPUT', 'No rows. Choose another file.'))
    )
    await expect(failing.finished).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(jobs.get(failing.id)).toMatchObject({
      state: 'failed',
      failure: { code: 'INVALID_INPUT', message: 'No rows. Choose another file.' }
    })
    const slow = jobs.runInHost(
      'export',
      'Export',
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))))
    )
    await jobs.cancel(slow.id)
    await expect(slow.finished).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(jobs.get(slow.id).state).toBe('cancelled')
    expect(jobs.list({ states: ['cancelled'] })).toMatchObject({ total: 1 })
    expect(jobs.list({ limit: 1 })).toMatchObject({ total: 2, jobs: [{ id: slow.id }] })
    const nobodys = JobId.parse(randomUUID())
    expect(() => jobs.get(nobodys)).toThrow(`no job ${nobodys}`)
  })

  it('marks what an earlier process left as interrupted', () => {
    const left = jobs.open('import', 'Left', () => {})
    left.started()
    const next = createJobs(context)
    expect(next.recover()).toBe(1)
    expect(next.get(left.id)).toMatchObject({ state: 'interrupted', cancellable: false })
    expect(next.recover()).toBe(0)
    left.finished('cancelled')
  })
})

describe('parts', () => {
  it('a log page never splits a character and always advances', async () => {
    const path = join(directory, 'x.log')
    const whole = 'ä€😀\n'.repeat(20_000)
    createLogWriter(path).write(whole)
    let text = ''
    for (let from = 0; ;) {
      const page = await readLogPage(path, from)
      if (page.text === '') break
      expect(page.next).toBeGreaterThan(from)
      text += page.text
      from = page.next
    }
    expect(text).toBe(whole)
    expect((await readLogPage(path)).text.startsWith('ä')).toBe(true)
    expect(await readLogPage(join(directory, 'missing.log'))).toEqual({ text: '', next: 0, size: 0 })
  })

  it('a reader that falls behind is told to look anew instead of growing without end', async () => {
    const broadcast = createBroadcast<number>()
    const reader = broadcast.subscribe(never)
    for (let i = 0; i < 2001; i++) broadcast.publish(i)
    expect((await reader.next()).value).toBeUndefined()
    broadcast.publish(7)
    expect((await reader.next()).value).toBe(7)
    broadcast.close()
    expect((await reader.next()).done).toBe(true)
  })

  it('the time left comes from the average rate, and is withdrawn when it has run out without a word', async () => {
    let at = 0
    const seen: Progress[] = []
    const meter = createProgressMeter(
      (progress) => void seen.push(progress),
      () => at
    )
    meter(0, '')
    at = 2000
    meter(0.25, '')
    expect(seen.map(({ etaSeconds }) => etaSeconds)).toEqual([null, 6])
    meter(7, '')
    meter(Number.NaN, '')
    expect(seen.slice(2).map(({ fraction }) => fraction)).toEqual([1, null])
    meter(0.84, 'stands', 0.05)
    expect(seen.at(-1)).toEqual({ fraction: 0.84, message: 'stands', etaSeconds: 0.05 })
    await expect.poll(() => seen.at(-1), { timeout: 60_000, interval: 5 }).toEqual({ fraction: 0.84, message: 'stands', etaSeconds: null })
    meter(0.9, '', 0.05)
    meter.stop()
    const told = seen.length
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(seen).toHaveLength(told)
  })

  it('of a long log the beginning and the end are kept, whoever writes, and a page says what is left out', async () => {
    const path = join(directory, 'long.log')
    const writers = [createLogWriter(path), createLogWriter(path)]
    writers[0].write('FIRSTWORDS\n')
    const chunk = `${'a line of a log that is long, ä€😀\n'.repeat(1700)}`
    const bytes = Buffer.byteLength(chunk)
    const chunks = Math.ceil(50_000_000 / bytes)
    for (let i = 0; i < chunks; i++) writers[i % 7 === 0 ? 1 : 0].write(chunk)
    writers[1].write('LASTWORDS\n')
    const size = 11 + chunks * bytes + 10
    const end = await readLogPage(path)
    expect([end.size, end.next, end.text.endsWith('LASTWORDS\n')]).toEqual([size, size, true])
    expect(end.text.length).toBeGreaterThan(40_000)
    let kept = 0
    let note = ''
    let text = ''
    for (let from = 0; from < size;) {
      const page = await readLogPage(path, from)
      expect(page.next).toBeGreaterThan(from)
      if (page.text.includes('left out')) note = page.text
      else kept += Buffer.byteLength(page.text)
      if (from === 0) text = page.text
      from = page.next
    }
    expect(text.startsWith('FIRSTWORDS\n')).toBe(true)
    expect(Number(/\[(\d+) bytes are left out/.exec(note)?.[1])).toBe(size - kept)
    expect(kept).toBeLessThan(33 * 2 ** 20)
    expect(kept).toBeGreaterThan(30 * 2 ** 20)
  })
})
