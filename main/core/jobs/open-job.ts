import type { JobFailure, JobKind, JobState, Progress } from '../../model/job'
import type { WorkspaceContext } from '../workspace/context'
import { noProgress } from './eta'
import type { JobStore, Live } from './job-store'
import { createLogWriter } from './log-file'
import { job } from './tables'
import { JobId } from '../../model/reference'

export interface JobOptions {
  subject?: string
  id?: JobId
  /** Cancels the job together with the caller's own signal. */
  signal?: AbortSignal
}

/** A job that somebody else drives (a pipeline run). Each call is durable when it returns; inside a ledger transaction it joins it. */
export interface JobHandle {
  readonly id: JobId
  started(): void
  progress(progress: Progress): void
  waitingFor(reason: string | null): void
  log(line: string): void
  finished(state: Exclude<JobState, 'queued' | 'running'>, about?: { failure?: JobFailure; result?: string }): void
}

export type OpenJob = (
  kind: JobKind,
  title: string,
  cancel: () => Promise<void> | void,
  options?: JobOptions & { existing?: boolean }
) => JobHandle

/** Creates what opens jobs: a row in the ledger, unless it exists, and a handle for whoever drives it. */
export function createOpenJob({ ledger, newId }: WorkspaceContext, { live, touched, now, logPath }: JobStore): OpenJob {
  return (kind, title, cancel, options = {}) => {
    const id = options.id ?? JobId.parse(newId())
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
}
