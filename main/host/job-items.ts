import type { Jobs } from '../core/jobs'
import type { JobKind } from '../model/job'
import { progressItems } from './progress-items'

export interface WorkItem {
  fraction: number | null
  message: string
}

/**
 * Runs long work as a job of the workspace, so that it is listed, logged and can be cancelled from anywhere, and streams
 * its progress to the caller. The caller's signal cancels the job.
 */
export function jobItems<R>(
  jobs: Jobs,
  job: { kind: JobKind; title: string; signal: AbortSignal; subjectOf?: (result: R) => string },
  work: (options: { signal: AbortSignal; onProgress: (item: WorkItem) => void }) => Promise<R>
): AsyncGenerator<WorkItem, R, void> {
  return progressItems<WorkItem, R>((onItem) => {
    const { finished } = jobs.runInHost(
      job.kind,
      job.title,
      async (host) => {
        const result = await work({
          signal: host.signal,
          onProgress: (item) => {
            host.progress(item.fraction, item.message)
            onItem(item)
          }
        })
        if (job.subjectOf) host.subject(job.subjectOf(result))
        return result
      },
      { signal: job.signal }
    )
    return finished
  })
}
