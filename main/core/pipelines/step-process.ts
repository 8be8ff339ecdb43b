import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import type { Database } from '../../storage/duckdb/database'
import { syncPath } from '../../storage/objects/durable-files'
import { createLogWriter, ownPeakMemory } from '../jobs'
import type { StepContext, StepWork } from './define-step'
import { captureEnvironment } from './environment'
import { createOutputs } from './step-outputs'
import type { FinishedOutput, HostMessage, StepOrder, WorkerMessage } from './worker-messages'

/** The work of each step type, loaded when an order names it. */
type Works = Readonly<Record<string, () => Promise<StepWork>>>

/**
 * The main program of a step worker: waits for one order from its parent, runs the step, reports, ends. It may wait long (a spare), and
 * it dies with its parent. While it waits it loads what a step of the `likely` type needs.
 */
export function runStepWorker(works: Works, likely?: string): void {
  const controller = new AbortController()
  let isWaiting = true
  const send = (message: WorkerMessage): void => void (process.connected && process.send?.(message))
  const sendLast = (message: WorkerMessage): Promise<void> =>
    new Promise((resolve) => (process.connected && process.send ? process.send(message, () => resolve()) : resolve()))
  process.on('disconnect', () => {
    // The host is gone: whatever this attempt would make, nobody is there to commit it.
    controller.abort()
    setTimeout(() => process.exit(1), isWaiting ? 0 : 50)
  })
  // The host may have gone while this program was still being read, with an order already under way: nobody waits for it any more.
  if (!process.connected) process.exit(1)
  if (likely !== undefined) setImmediate(() => isWaiting && void prepare(works, likely))
  process.on('message', (message: HostMessage) => {
    if (message.kind === 'cancel') return controller.abort()
    isWaiting = false
    send({ kind: 'started', environment: captureEnvironment() })
    void perform(message, works, controller.signal, send)
      .then((outputs) => sendLast({ kind: 'done', outputs, peakMemory: ownPeakMemory() }))
      .catch((error: unknown) => {
        const known = controller.signal.aborted
          ? new WorkbenchError('CANCELLED', 'The step was cancelled.')
          : fromSystemError(error, `running the step "${message.stepId}"`)
        if (known.code === 'INTERNAL' && error instanceof Error) createLogWriter(message.logFile).write(`${error.stack}\n`)
        const details = known.details && (JSON.parse(JSON.stringify(known.details)) as Record<string, unknown>)
        const failure = { code: known.code, message: known.message, ...(details && { details }) }
        return sendLast({ kind: 'failed', failure, peakMemory: ownPeakMemory() })
      })
      .finally(() => process.exit(0))
  })
}

/** What cannot be loaded is said by the step that needs it. */
async function prepare(works: Works, type: string): Promise<void> {
  // Its first call reads the data of the languages.
  captureEnvironment()
  const work = await works[type]?.().catch(() => undefined)
  await work?.prepare?.(loadDatabase).catch(() => undefined)
}

// Loaded on demand: most scripts need no database, and it is half of a worker's start.
const loadDatabase = async () => (await import('../../storage/duckdb/database')).openDatabase

const openStepDatabase = (order: StepOrder): Promise<Database> =>
  loadDatabase().then((openDatabase) =>
    openDatabase({
      readDirectories: [order.dataDirectory, order.objectsDirectory, order.directory],
      // One thread: the order of rows, and with it the content address, must not depend on the machine.
      threads: 1,
      memoryLimit: `${Math.max(128, Math.floor((order.memoryLimitBytes * 0.7) / 1e6))}MB`,
      temporaryDirectory: join(order.directory, 'spill')
    })
  )

async function perform(
  order: StepOrder,
  works: Works,
  signal: AbortSignal,
  send: (message: WorkerMessage) => void
): Promise<FinishedOutput[]> {
  const load = Object.hasOwn(works, order.stepType) ? works[order.stepType] : undefined
  if (!load)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `This worker does not know the step type "${order.stepType}". Reinstall Drydock; its parts are of different versions.`
    )
  const log = createLogWriter(order.logFile)
  const outputs = createOutputs(order)
  const metrics = createMetricBuffer(send, (line) => context.log(line))
  let database: Promise<Database> | undefined
  let reported = -Infinity

  const context: StepContext<unknown> = {
    parameters: order.parameters,
    seed: order.seed,
    inputs: order.inputs,
    directory: order.directory,
    environment: order.environment,
    secrets: order.secrets,
    memory: order.memoryLimitBytes,
    signal,
    confinement: { wanted: order.confine, workspace: order.workspace, state: (how) => send({ kind: 'confined', how }) },
    ...outputs.declare,
    progress(fraction, message) {
      // Not the wall clock: it may be set back while the step runs.
      const at = performance.now()
      if (at - reported < 100 && fraction !== 1) return
      reported = at
      send({ kind: 'progress', fraction, message })
    },
    metric: metrics.add,
    log(lines) {
      const at = new Date().toISOString()
      log.write(`${at} ${lines.replaceAll('\n', `\n${at} `)}\n`)
    },
    database: () => (database ??= openStepDatabase(order)),
    tablePath: (sha256) => join(order.dataDirectory, `${sha256}.arrow`),
    objectPath: (sha256) => join(order.objectsDirectory, sha256.slice(0, 2), sha256.slice(2))
  }

  try {
    const { run } = await load()
    signal.throwIfAborted()
    // Its parameters are what the definition of this type made of them before the order was given.
    await run(context as StepContext<never, never>, order.frozen)
    if (signal.aborted) throw new WorkbenchError('CANCELLED', 'The step was cancelled.')
    for (const output of outputs.finished()) await settle(output, order, context)
  } finally {
    await (await database?.catch(() => undefined))?.close()
    metrics.flush()
  }
  return outputs.finished()
}

/** Checks that an output file is there, is what it claims to be, and is on the disk. */
async function settle(output: FinishedOutput, order: StepOrder, context: StepContext<unknown>): Promise<void> {
  if (output.existing) return
  for (const path of [output.path, ...output.parts.map((part) => part.path)]) {
    const about = await fs.lstat(path).catch(() => undefined)
    if (!about?.isFile())
      throw new WorkbenchError(
        'JOB_FAILED',
        `The step "${order.stepId}" ended without the file of its output "${output.port}". Nothing of it was kept; look at its log.`
      )
    await syncPath(path)
  }
  if (output.type !== 'Table' && output.type !== 'FeatureSet') return
  if (output.rows !== null) return
  try {
    const [{ n }] = await (await context.database()).all<{ n: number }>('SELECT count(*) AS n FROM read_arrow(?)', [output.path])
    output.rows = Number(n)
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.code !== 'INVALID_INPUT') throw error
    // Nobody copied or loaded this file, and its path is gone with the attempt.
    const what = error.message.replaceAll(output.path, 'it').replace(/ Check that the copy or download.*$/s, '')
    throw new WorkbenchError(
      'JOB_FAILED',
      `The step "${order.stepId}" wrote at its output "${output.port}" no Arrow IPC file that can be read: ${what} Let it write a whole file and close it, or hand its tables over with "tables: csv".`,
      { cause: error }
    )
  }
}

/** Points kept of one attempt; a script that writes more has its curves cut there, and its log says so. */
const MAX_POINTS = 100_000

function createMetricBuffer(
  send: (message: WorkerMessage) => void,
  log: (line: string) => void
): { add: StepContext<unknown>['metric']; flush(): void } {
  let points: { name: string; value: number; step: number; at: string }[] = []
  let timer: NodeJS.Timeout | undefined
  let total = 0
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (points.length) send({ kind: 'metrics', points })
    points = []
  }
  return {
    flush,
    add(name, value, step = 0) {
      if (!Number.isSafeInteger(step) || name === '' || name.length > 250) return
      if (++total > MAX_POINTS) {
        if (total === MAX_POINTS + 1) log(`The step has reported ${MAX_POINTS} metric values; the rest is not kept.`)
        return
      }
      points.push({ name, value, step, at: new Date().toISOString() })
      if (points.length >= 500) flush()
      else timer ??= setTimeout(flush, 200)
    }
  }
}
