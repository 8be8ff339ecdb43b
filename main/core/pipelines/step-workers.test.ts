import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { programFile } from '../../testing/programs'
import { runAttempt, type AttemptResult } from './attempt'
import { temporaryFolder } from './fixtures/pipeline-workspace'
import { scriptOrder } from './fixtures/script-order'
import { processStart } from '../../storage/process-identity'
import { findByToken, TOKEN_VARIABLE } from '../confined-programs'
import { createStepWorkers, type ReservedWorker, type StepWorkers } from './step-workers'

const folder = temporaryFolder()
const open: StepWorkers[] = []
afterEach(async () => {
  for (const workers of open.splice(0)) await workers.close()
  folder.remove()
})
const create = (idleMs?: number): StepWorkers => {
  const workers = createStepWorkers(randomUUID, idleMs)
  open.push(workers)
  return workers
}
const isGone = (pid: number): boolean => processStart(pid) === null

/** One attempt of a script that writes the token it finds in its environment. */
async function attempt(worker: ReservedWorker, pids: number[] = []): Promise<AttemptResult & { text: string }> {
  const directory = join(folder.path, worker.token)
  mkdirSync(directory, { recursive: true })
  const result = await runAttempt({
    worker,
    signal: new AbortController().signal,
    order: scriptOrder(`require('fs').writeFileSync(process.env.DRYDOCK_OUTPUT_RESULT, process.env.${TOKEN_VARIABLE})`, {
      directory,
      storeDirectory: folder.path,
      logFile: join(directory, 'log')
    }),
    onSpawned: ({ pid }) => void pids.push(pid),
    onEnvironment: () => {},
    onConfined: () => {},
    onProgress: () => {},
    onMetrics: () => {}
  })
  return { ...result, text: result.outputs[0] ? readFileSync(result.outputs[0].path, 'utf8') : '' }
}

describe.skipIf(!existsSync('/proc/self/environ'))('spare step workers', { timeout: 180_000 }, () => {
  it('carry the token of the attempt that takes them, and end when the workspace is closed', async () => {
    const workers = create()
    workers.keep(['script', 'script'])
    const [first, second] = workers.spares()
    const worker = workers.reserve('script')
    expect(worker.isSpare).toBe(true)
    expect(workers.spares()).toEqual([second])
    await expect.poll(() => findByToken(new Set([worker.token])), { timeout: 60_000 }).toEqual([first])
    const pids: number[] = []
    const result = await attempt(worker, pids)
    expect(result.failure).toBeNull()
    expect([pids, result.text, result.outcome]).toEqual([[first], `${worker.token}.script`, 'succeeded'])
    expect(result.peakMemory).toBeGreaterThan(2 ** 20)
    expect(isGone(first)).toBe(true)
    expect(isGone(second)).toBe(false)
    await workers.close()
    expect(isGone(second)).toBe(true)
    workers.keep(['script'])
    expect(workers.spares()).toEqual([])
  })

  it('are replaced by a fresh process of the same attempt when they died before they took their order', async () => {
    const workers = create()
    workers.keep(['script'])
    const [dead] = workers.spares()
    process.kill(dead, 'SIGKILL')
    const worker = workers.reserve('script')
    expect(worker.isSpare).toBe(true)
    const pids: number[] = []
    const result = await attempt(worker, pids)
    expect(result.failure).toBeNull()
    expect(result.text).toBe(`${worker.token}.script`)
    expect(pids).toHaveLength(2)
    expect(pids[0]).toBe(dead)
  })

  it('are replaced also when their end was known before the attempt came to them', async () => {
    const workers = create()
    workers.keep(['script'])
    const [dead] = workers.spares()
    const worker = workers.reserve('script')
    const spare = worker.start()
    process.kill(dead, 'SIGKILL')
    await once(spare, 'exit')
    const processes = [spare]
    const result = await attempt({ ...worker, start: () => processes.pop() ?? worker.start() })
    expect(result).toMatchObject({ failure: null, text: `${worker.token}.script` })
  })

  it('load ahead what the step needs that waits for them, and are taken by another one rather than that a process is started', async () => {
    const workers = create()
    workers.keep(['script', 'sql'])
    const [script, sql] = workers.spares()
    const hasDatabase = (pid: number): boolean => readFileSync(`/proc/${pid}/maps`, 'utf8').includes('duckdb.node')
    await expect.poll(() => hasDatabase(sql), { timeout: 60_000 }).toBe(true)
    expect(hasDatabase(script)).toBe(false)
    workers.keep(['sql', 'gate'])
    expect(workers.spares()).toEqual([script, sql])
    const taken = workers.reserve('sql')
    expect([taken.isSpare, workers.spares()]).toEqual([true, [script]])
    workers.keep(['sql', 'script'])
    expect(workers.spares()).toHaveLength(2)
    taken.release()
    const other = workers.reserve('gate')
    expect([other.isSpare, workers.spares()]).toEqual([true, [expect.not.toBeOneOf([script])]])
    other.release()
  })

  it('end by themselves when nobody asks for them, and with an attempt that could not be recorded', async () => {
    const workers = create(50)
    workers.keep(['script', 'script'])
    const [first, second] = workers.spares()
    workers.reserve('script').release()
    await expect.poll(() => isGone(first), { timeout: 60_000 }).toBe(true)
    await expect.poll(() => isGone(second), { timeout: 60_000 }).toBe(true)
    expect(workers.reserve('script').isSpare).toBe(false)
  })

  it('leave no process when their parent is killed, and do not begin an order that they had not read yet', async () => {
    const directory = join(folder.path, 'killed')
    const marker = join(folder.path, 'begun')
    mkdirSync(directory, { recursive: true })
    const parent = spawn(process.execPath, [programFile('spare-app'), directory, marker], { stdio: ['ignore', 'pipe', 'inherit'] })
    const pids = await new Promise<number[]>((resolve) =>
      parent.stdout.once('data', (chunk: Buffer) => resolve(JSON.parse(chunk.toString()) as number[]))
    )
    expect(pids).toHaveLength(2)
    expect(pids.some(isGone)).toBe(false)
    parent.kill('SIGKILL')
    for (const pid of pids) await expect.poll(() => isGone(pid), { timeout: 60_000 }).toBe(true)
    expect(existsSync(marker)).toBe(false)
  })
})
