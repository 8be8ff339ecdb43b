import { WorkbenchError, fromSystemError } from '../../model/errors'
import type { JobFailure, JobKind } from '../../model/job'
import type { WorkspaceContext } from '../workspace/context'
import { createProgressMeter, type ProgressMeter } from './eta'
import { failureOf } from './failure'
import type { JobHandle, JobOptions, OpenJob } from './open-job'
import type { JobId } from '../../model/reference'

export interface HostWork {
  signal: AbortSignal
  /** `fraction` 0..1, or null while unknown. */
  progress(fraction: number | null, message: string): void
  log(line: string): void
  /** Names what the job works on or makes, once that is known. */
  subject(reference: string): void
}

export type RunInHost = <T>(
  kind: JobKind,
  title: string,
  work: (host: HostWork) => Promise<T>,
  options?: JobOptions
) => { id: JobId; finished: Promise<T> }

/** Creates what runs work in this process as jobs. */
export function createHostWork(context: WorkspaceContext, open: OpenJob): { runInHost: RunInHost; close(): Promise<void> } {
  const running = new Set<Promise<unknown>>()
  const controllers = new Set<AbortController>()
  let isClosed = false

  /** Records an end even when the disk is full now: again every second until it is written or the workspace is closed. */
  const finishSurely = (handle: JobHandle, state: 'cancelled' | 'failed', failure: JobFailure): void => {
    if (isClosed) return
    try {
      handle.finished(state, { failure })
    } catch (error) {
      context.log('warn', `The end of job ${handle.id} could not be recorded yet`, { error: String(error) })
      setTimeout(() => finishSurely(handle, state, failure), 1000).unref()
    }
  }

  return {
    runInHost(kind, title, work, options = {}) {
      const controller = new AbortController()
      controllers.add(controller)
      const stop = (): void => controller.abort()
      options.signal?.addEventListener('abort', stop, { once: true })
      if (options.signal?.aborted) stop()
      const handle = open(kind, title, stop, options)
      const meter = createProgressMeter(handle.progress)
      const finished = (async () => {
        handle.started()
        try {
          const result = await work(hostOf(context, handle, meter, controller.signal))
          handle.finished('succeeded')
          return result
        } catch (error) {
          const failure = failureOf(error, title.toLowerCase())
          handle.log(`${failure.code}: ${failure.message}`)
          if (failure.code === 'INTERNAL')
            context.log('error', `Job "${title}" failed`, { stack: error instanceof Error ? error.stack : String(error) })
          const isCancelled = failure.code === 'CANCELLED' || controller.signal.aborted
          finishSurely(handle, isCancelled ? 'cancelled' : 'failed', failure)
          throw isCancelled
            ? new WorkbenchError('CANCELLED', `"${title}" was cancelled.`, { cause: error })
            : fromSystemError(error, title.toLowerCase())
        } finally {
          meter.stop()
          options.signal?.removeEventListener('abort', stop)
        }
      })()
      const settled = finished
        .catch(() => {})
        .finally(() => {
          running.delete(settled)
          controllers.delete(controller)
        })
      running.add(settled)
      return { id: handle.id, finished }
    },
    async close() {
      for (const controller of controllers) controller.abort()
      await Promise.all(running)
      isClosed = true
    }
  }
}

function hostOf({ ledger }: WorkspaceContext, handle: JobHandle, meter: ProgressMeter, signal: AbortSignal): HostWork {
  let reported = -Infinity
  return {
    signal,
    progress(fraction, message) {
      // Not the wall clock: it may be set back while the work goes on.
      const at = performance.now()
      if (at - reported < 100 && fraction !== 1) return
      reported = at
      meter(fraction, message)
    },
    log: handle.log,
    subject: (reference) => ledger.run('UPDATE job SET subject = ? WHERE id = ?', reference, handle.id)
  }
}
