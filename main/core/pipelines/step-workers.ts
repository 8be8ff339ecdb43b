import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { startWorker } from '../jobs'
import { TOKEN_VARIABLE } from '../confined-programs'

/** How long workers that nobody took are kept, milliseconds. */
const IDLE_MS = 30_000

/** A place in a process: the token is known before the process has anything to do, and is the attempt's token. */
export interface ReservedWorker {
  readonly token: string
  /**
   * The process, once: a spare that is already up, or a fresh one. Called again after the process of a spare ended before it took its
   * order: then a fresh process with the same token.
   */
  start(): ChildProcess
  /** True when `start` would hand a spare out or just did: a process that may have died unnoticed. */
  readonly isSpare: boolean
  /** Gives the place back when the attempt could not be recorded. */
  release(): void
}

/**
 * Processes that run step attempts, one attempt each. While steps wait, a few processes are started ahead of time, because starting one
 * takes longer than many steps do. A spare has its own token, its own group and no order; it ends when its parent does.
 */
export interface StepWorkers {
  reserve(type: string): ReservedWorker
  /** Keeps a spare ready for each of these steps, by type, from now on; unused ones end after a while. */
  keep(types: readonly string[]): void
  /** Process ids of the spares. */
  spares(): number[]
  /** Ends all spares; resolves when they are gone. */
  close(): Promise<void>
}

/** Creates the source of step workers of one open workspace. `newToken` must give a fresh random text each time. */
export function createStepWorkers(newToken: () => string, idleMs = IDLE_MS): StepWorkers {
  const spares = new Map<string, { worker: ChildProcess; type: string }>()
  let idle: NodeJS.Timeout | undefined
  let isClosed = false

  const spawn = (token: string, args: readonly string[] = []): ChildProcess =>
    startWorker('step-worker', { args, env: { [TOKEN_VARIABLE]: token }, detached: process.platform !== 'win32' })
  const addSpare = (type: string): void => {
    const token = newToken()
    const worker = spawn(token, [type])
    const drop = (): void => void spares.delete(token)
    worker.once('exit', drop).once('error', drop)
    if (worker.pid === undefined) return
    spares.set(token, { worker, type })
    setHolding(worker, false)
  }
  const endSpares = async (): Promise<void> => {
    clearTimeout(idle)
    const ending = [...spares.values()].map(({ worker }) => worker)
    spares.clear()
    await Promise.all(
      ending.map(
        (worker) =>
          new Promise<void>((resolve) => {
            if (worker.exitCode !== null || worker.signalCode !== null) return resolve()
            setHolding(worker, true)
            worker.once('exit', () => resolve())
            worker.kill('SIGKILL')
          })
      )
    )
  }

  return {
    reserve(type) {
      const ready = [...spares].filter(([, { worker }]) => worker.connected && worker.exitCode === null)
      // One that has loaded something else still has started.
      const [token, found] = ready.find(([, spare]) => spare.type === type) ?? ready[0] ?? [newToken(), undefined]
      const spare = found?.worker
      spares.delete(token)
      let next: ChildProcess | undefined = spare
      return {
        token,
        isSpare: spare !== undefined,
        start() {
          const worker = next ?? spawn(token)
          next = undefined
          if (worker === spare) setHolding(worker, true)
          return worker
        },
        release: () => void next?.kill('SIGKILL')
      }
    },
    keep(types) {
      if (isClosed) return
      const missing = [...types]
      for (const { type } of spares.values()) if (missing.includes(type)) missing.splice(missing.indexOf(type), 1)
      for (const type of missing.slice(0, Math.max(0, types.length - spares.size))) addSpare(type)
      clearTimeout(idle)
      idle = setTimeout(() => void endSpares(), idleMs).unref()
    },
    spares: () => [...spares.values()].map(({ worker }) => worker.pid!),
    close() {
      isClosed = true
      return endSpares()
    }
  }
}

/** Whether a child and its pipes keep this program from ending by itself: a spare must not. */
function setHolding(worker: ChildProcess, isHolding: boolean): void {
  for (const part of [worker, worker.channel, worker.stdout as Socket | null, worker.stderr as Socket | null])
    if (isHolding) part?.ref()
    else part?.unref()
}
