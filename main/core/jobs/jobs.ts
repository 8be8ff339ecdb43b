import { isFinished, type Job, type JobFailure, type JobFilter, type JobPage, type LogPage } from '../../model/job'
import type { WorkspaceContext } from '../workspace/context'
import { createHostWork, type RunInHost } from './host-work'
import { createJobStore, type JobStore } from './job-store'
import { followLogFile, readLogPage } from './log-file'
import { createOpenJob, type OpenJob } from './open-job'
import { watchActiveJobs, watchJob } from './watch-jobs'
import type { JobId } from '../../model/reference'

/** Everything that takes time in this workspace, with its state in the ledger. */
export interface Jobs {
  list(filter?: Partial<JobFilter>): JobPage
  /** @throws WorkbenchError NOT_FOUND */
  get(id: JobId): Job
  watch(id: JobId, signal: AbortSignal): AsyncGenerator<Job, Job, void>
  watchActive(signal: AbortSignal): AsyncGenerator<Job[], void, void>
  log(id: JobId, from?: number): Promise<LogPage>
  followLog(id: JobId, signal: AbortSignal): AsyncGenerator<LogPage, { size: number }, void>
}

/** What commands and the other features work with. */
export interface JobsWriter extends Jobs {
  /** Asks the job to stop; returns when it was told. Does nothing to a finished job. */
  cancel(id: JobId): Promise<void>
  /** Runs work in this process as a job: state, progress, log and cancel are taken care of. Its error is stored and thrown again. */
  runInHost: RunInHost
  /** Opens a job that the caller drives; `cancel` is called when somebody cancels it. */
  open: OpenJob
  /** Marks jobs that an earlier process left unfinished as interrupted, except those that `isResumed` names. Call once, at start. */
  recover(isResumed?: (id: JobId) => boolean): number
  /** Cancels work of `runInHost` and waits for it. A job that somebody else drives is left to its driver. */
  close(): Promise<void>
}

/** Creates the job list of an open workspace. */
export function createJobs(context: WorkspaceContext): JobsWriter {
  const store = createJobStore(context)
  const { live, get, logPath } = store
  const open = createOpenJob(context, store)
  const { runInHost, close } = createHostWork(context, open)
  return {
    list: store.list,
    get,
    watch: (id, signal) => watchJob(store, id, signal),
    watchActive: (signal) => watchActiveJobs(store, signal),
    async cancel(id) {
      if (!isFinished(get(id).state)) await live.get(id)?.cancel()
    },
    log: (id, from) => (get(id), readLogPage(logPath(id), from)),
    followLog: (id, signal) => (get(id), followLogFile(logPath(id), () => isFinished(get(id).state), signal)),
    open,
    runInHost,
    recover: (isResumed = () => false) => markInterrupted(context, store, isResumed),
    async close() {
      await close()
      store.changes.close()
    }
  }
}

function markInterrupted({ ledger, changed }: WorkspaceContext, { live, now }: JobStore, isResumed: (id: JobId) => boolean): number {
  const left = ledger
    .all<{ id: JobId }>("SELECT id FROM job WHERE state IN ('queued','running')")
    .filter(({ id }) => !live.has(id) && !isResumed(id))
  const failure: JobFailure = {
    code: 'JOB_FAILED',
    message: 'Drydock ended while this was running. What it had not finished was undone; start it again.'
  }
  ledger.transaction(() => {
    for (const { id } of left)
      ledger.run("UPDATE job SET state = 'interrupted', finished_at = ?, failure = ? WHERE id = ?", now(), JSON.stringify(failure), id)
  })
  if (left.length) changed('jobs')
  return left.length
}
