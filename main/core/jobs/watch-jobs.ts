import { isFinished, type Job } from '../../model/job'
import type { JobStore } from './job-store'
import type { JobId } from '../../model/reference'

/** The job, now and after each change, until it is finished. @throws WorkbenchError NOT_FOUND */
export async function* watchJob({ changes, get }: JobStore, id: JobId, signal: AbortSignal): AsyncGenerator<Job, Job, void> {
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
}

/** The list of jobs that go on, now and after each change, at most four times a second. */
export async function* watchActiveJobs({ changes, active }: JobStore, signal: AbortSignal): AsyncGenerator<Job[], void, void> {
  const events = changes.subscribe(signal)
  yield active()
  for (;;) {
    if ((await events.next()).done) return
    await new Promise((resolve) => setTimeout(resolve, 250))
    yield active()
  }
}
