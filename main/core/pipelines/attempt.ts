import type { ChildProcess } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import type { JobFailure } from '../../model/job'
import type { AttemptEnvironment, AttemptOutcome, MetricPoint } from '../../model/pipeline-run'
import { createLogWriter, failureOf } from '../jobs'
import { bootId, processStart } from '../../storage/process-identity'
import { killTree, watchTree, type TreeWatch } from '../confined-programs'
import type { ReservedWorker } from './step-workers'
import type { FinishedOutput, LastMessage, StepOrder, WorkerMessage } from './worker-messages'

/** Slots when nothing else is configured: one for each processor, two at least. */
export const defaultSlots = (): number => Math.max(2, cpus().length)
/** Bytes of memory that this program may use: those of the machine, or of the container that it runs in. */
export function machineMemory(): number {
  const limit = process.constrainedMemory?.() ?? 0
  return limit > 0 && limit < totalmem() ? limit : totalmem()
}
/** Memory limit of an attempt when its step names none, bytes: three quarters of the machine. */
export const defaultMemoryLimit = (): number => Math.floor(machineMemory() * 0.75)

const CANCEL_GRACE_MS = 700
const WATCH_MS = 300

export interface AttemptRequest {
  /** Its token is in the journal already. */
  worker: ReservedWorker
  order: StepOrder
  /** Wall-clock limit, seconds. */
  timeout?: number
  signal: AbortSignal
  onSpawned(process: { pid: number; start: string | null; boot: string | null }): void
  onEnvironment(environment: AttemptEnvironment): void
  onConfined(how: string): void
  onProgress(fraction: number | null, message: string): void
  onMetrics(points: MetricPoint[]): void
}
export interface AttemptResult {
  outcome: Exclude<AttemptOutcome, 'started' | 'interrupted'>
  failure: JobFailure | null
  outputs: FinishedOutput[]
  peakMemory: number | null
  exitCode: number | null
}

interface Ending {
  code: number | null
  signal: NodeJS.Signals | null
  error?: Error
}

/**
 * Runs one attempt in a worker process of its own group and returns when every process of it is gone. It never throws for what the
 * step does; limits (wall clock, memory of the whole tree) and cancel end it by killing the tree.
 */
export async function runAttempt(request: AttemptRequest): Promise<AttemptResult> {
  const { order, signal } = request
  const log = createLogWriter(order.logFile)
  const tokens = new Set([request.worker.token])
  let worker: ChildProcess | undefined
  let tree: TreeWatch | undefined
  let stopped: { outcome: AttemptResult['outcome']; failure: JobFailure } | undefined
  let hasTakenOrder = false
  let answer: LastMessage | undefined
  let peakMemory: number | null = null
  let lastWords = ''

  const stop = (outcome: AttemptResult['outcome'], failure: JobFailure, grace: number): void => {
    if (stopped) return
    stopped = { outcome, failure }
    log.write(`${new Date().toISOString()} ${failure.message}\n`)
    if (grace && worker?.connected) worker.send({ kind: 'cancel' }, () => {})
    setTimeout(() => void killTree(tokens, worker?.exitCode === null ? worker.pid : undefined, tree?.seen), grace).unref()
  }
  /** What cannot be recorded ends the attempt: a process that the journal does not know could not be swept after a crash. */
  const record = (write: () => void): void => {
    try {
      write()
    } catch (error) {
      stop('failed', failureOf(error, 'recording the attempt'), 0)
    }
  }
  const notePeak = (memory: number): void => {
    if (memory === 0) return
    peakMemory = Math.max(peakMemory ?? 0, memory)
    if (memory > order.memoryLimitBytes) stop('out-of-memory', outOfMemory(memory, order.memoryLimitBytes), 0)
  }
  const onCancel = (): void => stop('cancelled', { code: 'CANCELLED', message: 'The step was cancelled.' }, CANCEL_GRACE_MS)
  const onMessage = (message: WorkerMessage): void => {
    if (message.kind === 'started') {
      hasTakenOrder = true
      record(() => request.onEnvironment(message.environment))
    } else if (message.kind === 'confined') record(() => request.onConfined(message.how))
    else if (message.kind === 'progress') request.onProgress(message.fraction, message.message)
    else if (message.kind === 'metrics') record(() => request.onMetrics(message.points))
    else if (!answer) {
      answer = message
      // A peak between two looks counts too; the limit is for the whole tree while it runs.
      peakMemory = Math.max(peakMemory ?? 0, message.peakMemory)
    }
  }

  /** Takes a process, records who it is, then gives the order; resolves when the process ended and all it said was heard. */
  const perform = (): Promise<Ending> => {
    const process = request.worker.start()
    const { pid } = process
    worker = process
    const ended = endOf(process)
    process.stderr?.on('data', (chunk: Buffer) => {
      lastWords = (lastWords + chunk.toString()).slice(-8192)
      log.write(chunk.toString())
    })
    process.stdout?.on('data', (chunk: Buffer) => log.write(chunk.toString()))
    process.on('message', onMessage)
    if (pid !== undefined) {
      tree = watchTree(pid, request.worker.token)
      record(() => request.onSpawned({ pid, start: processStart(pid), boot: bootId() }))
      if (!stopped && process.connected) process.send(order, () => {})
    }
    return ended
  }

  signal.addEventListener('abort', onCancel, { once: true })
  const { timeout } = request
  const timer = timeout ? setTimeout(() => stop('timed-out', timedOut(timeout), 0), timeout * 1000) : undefined
  let isLooking = false
  const look = async (): Promise<void> => {
    if (isLooking || !tree) return
    isLooking = true
    // A look that fails (no file handles left) is made up for by the next.
    notePeak(await tree.look().catch(() => 0))
    isLooking = false
  }
  const watchdog = setInterval(() => void look(), WATCH_MS)

  let exit = await perform()
  // A spare that had died unnoticed never saw the order: the same attempt goes on in a fresh process.
  if (request.worker.isSpare && !hasTakenOrder && !answer && !stopped) exit = await perform()
  clearTimeout(timer)
  clearInterval(watchdog)
  signal.removeEventListener('abort', onCancel)
  // Whatever the step left behind must not write into outputs that are about to be named by their content.
  await killTree(tokens, worker?.pid, tree?.seen)

  const { outcome, failure } = stopped ?? judge(answer, exit, lastWords, outOfMemory(peakMemory ?? 0, order.memoryLimitBytes))
  const outputs = outcome === 'succeeded' && answer?.kind === 'done' ? answer.outputs : []
  return { outcome, failure, outputs, peakMemory, exitCode: exit.code }
}

/** What an attempt that nobody stopped came to, by its answer, or else by how its process ended. */
function judge(
  answer: LastMessage | undefined,
  exit: Ending,
  lastWords: string,
  memory: JobFailure
): Pick<AttemptResult, 'outcome' | 'failure'> {
  if (answer?.kind === 'done') return { outcome: 'succeeded', failure: null }
  if (answer?.kind === 'failed') {
    const { failure } = answer
    const known: Record<string, AttemptResult['outcome']> = {
      OUT_OF_MEMORY: 'out-of-memory',
      JOB_TIMEOUT: 'timed-out',
      CANCELLED: 'cancelled'
    }
    return { outcome: known[failure.code] ?? 'failed', failure }
  }
  if (/heap out of memory|Allocation failed/i.test(lastWords)) return { outcome: 'out-of-memory', failure: memory }
  const how = exit.error ? exit.error.message : exit.signal ? `by signal ${exit.signal}` : `with exit code ${exit.code}`
  const message = `The step's process ended ${how} before it was done. Nothing of it was kept; look at its log and run it again.`
  return { outcome: 'failed', failure: { code: 'JOB_FAILED', message } }
}

/** Resolves when a process ended and all it said was heard. */
const endOf = (process: ChildProcess): Promise<Ending> =>
  new Promise((resolve) => {
    const { pid, exitCode, signalCode } = process
    // A spare may have died between the moment it was reserved and this one: its exit was told to nobody.
    if (exitCode !== null || signalCode !== null) return resolve({ code: exitCode, signal: signalCode })
    // A process that was started says by its exit how it ended; an error about its channel or a signal is no ending.
    process.on('error', (error) => {
      if (pid === undefined) resolve({ code: null, signal: null, error })
    })
    process.once('exit', (code, by) => {
      const end = (): void => resolve({ code, signal: by })
      // The channel ends after its last message; a grandchild that holds it open must not hold the attempt.
      if (!process.connected) return end()
      const waited = setTimeout(end, 1000)
      process.once('disconnect', () => (clearTimeout(waited), end()))
    })
  })

export const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`
const outOfMemory = (used: number, limit: number): JobFailure => ({
  code: 'OUT_OF_MEMORY',
  message: `The step used ${mebibytes(used)} of memory, its limit is ${mebibytes(limit)}, and it was stopped. Raise the step's memory limit or give it less data.`,
  details: { used, limit }
})
const timedOut = (seconds: number): JobFailure => ({
  code: 'JOB_TIMEOUT',
  message: `The step ran longer than its limit of ${seconds} s and was stopped. Raise its timeout or give it less to do.`
})
