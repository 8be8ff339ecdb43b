import { join } from 'node:path'
import { WorkbenchError, fromSystemError } from '../../model/errors'
import {
  isFinished,
  type Job,
  type JobFailure,
  type JobFilter,
  type JobKind,
  type JobPage,
  type JobState,
  type LogPage,
  type Progress
} from '../../model/job'
import type { WorkspaceContext } from '../workspace/context'
import { createProgressMeter, noProgress } from './eta'
import { createLogWriter, followLogFile, readLogPage } from './log-file'
import { createBroadcast } from './subscription'
import { job, type JobRow } from './tables'

export interface HostWork {
  signal: AbortSignal
  /** `fraction` 0..1, or null while unknown. */
  progress(fraction: number | null, message: string): void
  log(line: string): void
  /** Names what the job works on or makes, once that is known. */
  subject(reference: string): void
}

export interface JobOptions {
  subject?: string
  id?: string
  /** Cancels the job together with the caller's own signal. */
  signal?: AbortSignal
}

/** A job that somebody else drives (a pipeline run). Each call is durable when it returns; inside a ledger transaction it joins it. */
export interface JobHandle {
  readonly id: string
  started(): void
  progress(progress: Progress): void
  waitingFor(reason: string | null): void
  log(line: string): void
  finished(state: Exclude<JobState, 'queued' | 'running'>, about?: { failure?: JobFailure; result?: string }): void
}

/** Everything that takes time in this workspace, with its state in the ledger. */
export interface Jobs {
  list(filter?: Partial<JobFilter>): JobPage
  /** @throws WorkbenchError NOT_FOUND */
  get(id: string): Job
  watch(id: string, signal: AbortSignal): AsyncGenerator<Job, Job, void>
  watchActive(signal: AbortSignal): AsyncGenerator<Job[], void, void>
  /** Asks the job to stop; returns when it was told. Does nothing to a finished job. */
  cancel(id: string): Promise<void>
  log(id: string, from?: number): Promise<LogPage>
  followLog(id: string, signal: AbortSignal): AsyncGenerator<LogPage, { size: number }, void>
  /** Runs work in this process as a job: state, progress, log and cancel are taken care of. Its error is stored and thrown again. */
  runInHost<T>(
    kind: JobKind,
    title: string,
    work: (host: HostWork) => Promise<T>,
    options?: JobOptions
  ): { id: string; finished: Promise<T> }
  /** Opens a job that the caller drives; `cancel` is called when somebody cancels it. */
  open(kind: JobKind, title: string, cancel: () => Promise<void> | void, options?: JobOptions & { existing?: boolean }): JobHandle
  /** Marks jobs that an earlier process left unfinished as interrupted, except those that `isResumed` names. Call once, at start. */
  recover(isResumed?: (id: string) => boolean): number
  /** Cancels work of `runInHost` and waits for it. A job that somebody else drives is left to its driver. */
  close(): Promise<void>
}

interface Live {
  progress: Progress
  waitingFor: string | null
  cancel: () => Promise<void> | void
}

/** An error as it is kept and shown: code and message, never the stack. */
export function failureOf(error: unknown, doing: string): JobFailure {
  const known = fromSystemError(error, doing)
  return { code: known.code, message: known.message, ...(known.details && { details: known.details }) }
}

/** Creates the job list of an open workspace. */
export function createJobs(context: WorkspaceContext): Jobs {
  const { ledger } = context
  const live = new Map<string, Live>()
  const running = new Set<Promise<unknown>>()
  const controllers = new Set<AbortController>()
  const changes = createBroadcast<string>()
  let isClosed = false
  const now = (): string => context.clock().toISOString()
  const logPath = (id: string): string => join(context.directory, 'runs', id, 'job.log')

  const toJob = (row: JobRow): Job => {
    const active = live.get(row.id)
    return {
      id: row.id,
      kind: row.kind,
      title: row.title,
      state: row.state,
      subject: row.subject,
      createdAt: row.created_at,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      progress: active?.progress ?? { ...noProgress, fraction: row.state === 'succeeded' ? 1 : null },
      waitingFor: active?.waitingFor ?? null,
      failure: row.failure ? JSON.parse(row.failure) : null,
      result: row.result,
      cancellable: active !== undefined && !isFinished(row.state)
    }
  }
  const get = (id: string): Job => {
    const row = ledger.get<JobRow>('SELECT * FROM job WHERE id = ?', id)
    if (!row)
      throw new WorkbenchError(
        'NOT_FOUND',
        `There is no job ${id} in this workspace. It may belong to another workspace; look at the list of jobs.`
      )
    return toJob(row)
  }
  const touched = (id: string, isStateChange: boolean): void => {
    changes.publish(id)
    if (isStateChange) context.changed('jobs')
  }

  const open: Jobs['open'] = (kind, title, cancel, options = {}) => {
    const id = options.id ?? context.newId()
    if (!options.existing) ledger.insert(job, { id, kind, title, state: 'queued', subject: options.subject ?? null, created_at: now() })
    const entry: Live = { progress: noProgress, waitingFor: null, cancel }
    live.set(id, entry)
    let log: ReturnType<typeof createLogWriter> | undefined
    touched(id, true)
    return {
      id,
      started() {
        ledger.run("UPDATE job SET state = 'running', started_at = coalesce(started_at, ?) WHERE id = ?", now(), id)
        touched(id, true)
      },
      progress(progress) {
        entry.progress = progress
        touched(id, false)
      },
      waitingFor(reason) {
        if (entry.waitingFor === reason) return
        entry.waitingFor = reason
        touched(id, false)
      },
      log: (line) => (log ??= createLogWriter(logPath(id))).write(`${now()} ${line}\n`),
      finished(state, about = {}) {
        const failure = about.failure ? JSON.stringify(about.failure) : null
        ledger.run(
          'UPDATE job SET state = ?, finished_at = ?, failure = ?, result = ? WHERE id = ?',
          state,
          now(),
          failure,
          about.result ?? null,
          id
        )
        live.delete(id)
        touched(id, true)
      }
    }
  }

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
    list(filter = {}) {
      const where: string[] = []
      const values: unknown[] = []
      for (const [column, wanted] of [
        ['kind', filter.kinds],
        ['state', filter.states]
      ] as const)
        if (wanted) {
          where.push(`${column} IN (${wanted.map(() => '?').join(',') || 'NULL'})`)
          values.push(...wanted)
        }
      const condition = where.length ? `WHERE ${where.join(' AND ')}` : ''
      const total = ledger.get<{ n: number }>(`SELECT count(*) AS n FROM job ${condition}`, ...values)!.n
      const rows = ledger.all<JobRow>(
        `SELECT * FROM job ${condition} ORDER BY rowid DESC LIMIT ? OFFSET ?`,
        ...values,
        filter.limit ?? 100,
        filter.offset ?? 0
      )
      return { total, jobs: rows.map(toJob) }
    },
    get,
    async *watch(id, signal) {
      const events = changes.subscribe(signal)
      let job = get(id)
      yield job
      while (!isFinished(job.state)) {
        const next = await events.next()
        if (next.done) break
        if (next.value !== undefined && next.value !== id) continue
        job = get(id)
        yield job
      }
      await events.return()
      return job
    },
    async *watchActive(signal) {
      const events = changes.subscribe(signal)
      const active = (): Job[] => ledger.all<JobRow>("SELECT * FROM job WHERE state IN ('queued','running') ORDER BY rowid DESC").map(toJob)
      yield active()
      for (;;) {
        if ((await events.next()).done) return
        await new Promise((resolve) => setTimeout(resolve, 250))
        yield active()
      }
    },
    async cancel(id) {
      if (!isFinished(get(id).state)) await live.get(id)?.cancel()
    },
    log: (id, from) => (get(id), readLogPage(logPath(id), from)),
    followLog: (id, signal) => (get(id), followLogFile(logPath(id), () => isFinished(get(id).state), signal)),
    open,
    runInHost(kind, title, work, options = {}) {
      const controller = new AbortController()
      controllers.add(controller)
      const stop = (): void => controller.abort()
      options.signal?.addEventListener('abort', stop, { once: true })
      if (options.signal?.aborted) stop()
      const handle = open(kind, title, stop, options)
      const meter = createProgressMeter()
      const finished = (async () => {
        handle.started()
        try {
          let reported = -Infinity
          const result = await work({
            signal: controller.signal,
            progress(fraction, message) {
              const progress = meter(fraction, message)
              // Not the wall clock: it may be set back while the work goes on.
              const at = performance.now()
              if (at - reported < 100 && fraction !== 1) return
              reported = at
              handle.progress(progress)
            },
            log: handle.log,
            subject: (reference) => ledger.run('UPDATE job SET subject = ? WHERE id = ?', reference, handle.id)
          })
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
    recover(isResumed = () => false) {
      const left = ledger
        .all<{ id: string }>("SELECT id FROM job WHERE state IN ('queued','running')")
        .filter(({ id }) => !live.has(id) && !isResumed(id))
      const failure: JobFailure = {
        code: 'JOB_FAILED',
        message: 'Drydock ended while this was running. What it had not finished was undone; start it again.'
      }
      ledger.transaction(() => {
        for (const { id } of left)
          ledger.run("UPDATE job SET state = 'interrupted', finished_at = ?, failure = ? WHERE id = ?", now(), JSON.stringify(failure), id)
      })
      if (left.length) context.changed('jobs')
      return left.length
    },
    async close() {
      for (const controller of controllers) controller.abort()
      await Promise.all(running)
      isClosed = true
      changes.close()
    }
  }
}
