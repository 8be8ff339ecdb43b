import { cpus, totalmem } from 'node:os'
import type { JobFailure } from '../../model/job'
import type { AttemptEnvironment, AttemptOutcome, MetricPoint } from '../../model/pipeline-run'
import { createLogWriter, failureOf, startWorker } from '../jobs'
import { bootId, collectTree, killTree, listProcesses, processStart, TOKEN_VARIABLE } from './process-tree'
import type { FinishedOutput, StepOrder, WorkerMessage } from './worker-messages'

/** Slots when nothing else is configured: one for each processor, two at least. */
export const defaultSlots = (): number => Math.max(2, cpus().length)
/** Memory limit of an attempt when its step names none, bytes: three quarters of the machine. */
export const defaultMemoryLimit = (): number => Math.floor(totalmem() * 0.75)

const CANCEL_GRACE_MS = 700
const WATCH_MS = 300

export interface AttemptRequest {
  token: string
  order: StepOrder
  /** Wall-clock limit, seconds. */
  timeout?: number
  signal: AbortSignal
  onSpawned(process: { pid: number; start: string | null; boot: string | null }): void
  onEnvironment(environment: AttemptEnvironment): void
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

/**
 * Runs one attempt in a worker process of its own group and returns when every process of it is gone. It never throws for what the
 * step does; limits (wall clock, memory of the whole tree) and cancel end it by killing the tree.
 */
export async function runAttempt(request: AttemptRequest): Promise<AttemptResult> {
  const { order, token, signal } = request
  const log = createLogWriter(order.logFile)
  const worker = startWorker('step-worker', { env: { [TOKEN_VARIABLE]: token }, detached: process.platform !== 'win32' })
  const tokens = new Set([token])
  const pid = worker.pid
  let stopped: { outcome: AttemptResult['outcome']; failure: JobFailure } | undefined
  let answer: WorkerMessage | undefined
  let peakMemory: number | null = null
  let lastWords = ''
  let spawnError: Error | undefined

  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    worker.once('exit', (code, by) => resolve({ code, signal: by }))
    worker.once('error', (error) => {
      spawnError = error
      if (pid === undefined) resolve({ code: null, signal: null })
    })
  })
  const stop = (outcome: AttemptResult['outcome'], failure: JobFailure, grace: number): void => {
    if (stopped) return
    stopped = { outcome, failure }
    log.write(`${new Date().toISOString()} ${failure.message}\n`)
    if (grace && worker.connected) worker.send({ kind: 'cancel' }, () => {})
    setTimeout(() => void killTree(tokens, worker.exitCode === null ? pid : undefined), grace).unref()
  }
  /** What cannot be recorded ends the attempt: a process that the journal does not know could not be swept after a crash. */
  const record = (write: () => void): void => {
    try {
      write()
    } catch (error) {
      stop('failed', failureOf(error, 'recording the attempt'), 0)
    }
  }
  const onCancel = (): void => stop('cancelled', { code: 'CANCELLED', message: 'The step was cancelled.' }, CANCEL_GRACE_MS)

  worker.stderr?.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-8192)
    log.write(chunk.toString())
  })
  worker.stdout?.on('data', (chunk: Buffer) => log.write(chunk.toString()))
  worker.on('message', (message: WorkerMessage) => {
    if (message.kind === 'ready') {
      record(() => request.onEnvironment(message.environment))
      if (!stopped && worker.connected) worker.send(order, () => {})
    } else if (message.kind === 'progress') request.onProgress(message.fraction, message.message)
    else if (message.kind === 'metrics') record(() => request.onMetrics(message.points))
    else answer ??= message
  })
  if (pid !== undefined) record(() => request.onSpawned({ pid, start: processStart(pid), boot: bootId() }))

  signal.addEventListener('abort', onCancel, { once: true })
  if (signal.aborted) onCancel()
  const timer = request.timeout
    ? setTimeout(
        () =>
          stop(
            'timed-out',
            {
              code: 'JOB_TIMEOUT',
              message: `The step ran longer than its limit of ${request.timeout} s and was stopped. Raise its timeout or give it less to do.`
            },
            0
          ),
        request.timeout * 1000
      )
    : undefined
  const watchdog = setInterval(() => {
    if (pid === undefined) return
    void listProcesses().then((processes) => {
      const memory = collectTree(processes, pid).reduce((sum, info) => sum + info.memory, 0)
      if (memory > (peakMemory ?? 0)) peakMemory = memory
      if (memory > order.memoryLimitBytes) stop('out-of-memory', outOfMemory(memory, order.memoryLimitBytes), 0)
    })
  }, WATCH_MS)

  const exit = await exited
  clearTimeout(timer)
  clearInterval(watchdog)
  signal.removeEventListener('abort', onCancel)
  // Whatever the step left behind must not write into outputs that are about to be named by their content.
  await killTree(tokens, pid)

  const result = (outcome: AttemptResult['outcome'], failure: JobFailure | null, outputs: FinishedOutput[] = []): AttemptResult => ({
    outcome,
    failure,
    outputs,
    peakMemory,
    exitCode: exit.code
  })
  if (stopped) return result(stopped.outcome, stopped.failure)
  if (answer?.kind === 'done') return result('succeeded', null, answer.outputs)
  if (answer?.kind === 'failed') {
    const { code } = answer.failure
    return result(
      code === 'OUT_OF_MEMORY' ? 'out-of-memory' : code === 'JOB_TIMEOUT' ? 'timed-out' : code === 'CANCELLED' ? 'cancelled' : 'failed',
      answer.failure
    )
  }
  if (/heap out of memory|Allocation failed/i.test(lastWords))
    return result('out-of-memory', outOfMemory(peakMemory ?? 0, order.memoryLimitBytes))
  const how = spawnError ? spawnError.message : exit.signal ? `by signal ${exit.signal}` : `with exit code ${exit.code}`
  return result('failed', {
    code: 'JOB_FAILED',
    message: `The step's process ended ${how} before it was done. Nothing of it was kept; look at its log and run it again.`
  })
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`
const outOfMemory = (used: number, limit: number): JobFailure => ({
  code: 'OUT_OF_MEMORY',
  message: `The step used ${mebibytes(used)} of memory, its limit is ${mebibytes(limit)}, and it was stopped. Raise the step's memory limit or give it less data.`,
  details: { used, limit }
})
