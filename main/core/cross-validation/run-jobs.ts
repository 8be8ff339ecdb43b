import { assertNotCancelled } from '../numerics'
import { FoldProcess } from './fold-process'
import { doJob, type Job, type JobResult, type Plan } from './jobs'

/** What a process of its own needs beside its rows: the program and what it loads, bytes. */
const processBytes = 160 * 2 ** 20
/** Copies of the rows that a fit holds at once: the table, one side of a fold, its encoding, and bins or sums. */
const copies = 4
const bytesPerValue = 8

export interface JobLimits {
  cores: number
  /** Bytes that this process and those it starts may use together. */
  memory: number
  /** Threads that one fit takes for itself. */
  threads: number
}

/** How many processes fit folds at once: what cores and memory allow, and no more than there is work. */
export function processesFor(jobs: number, rows: number, columns: number, { cores, memory, threads }: JobLimits): number {
  const each = processBytes + rows * columns * bytesPerValue * copies
  // This process holds the rows as well.
  return Math.max(1, Math.min(jobs, Math.floor(cores / threads), Math.floor(memory / each) - 1))
}

/**
 * Does all parts, several at once in processes of their own, and returns what each came to in the order of the parts. With one process at a
 * time they are done here.
 * @throws WorkbenchError of the part that failed, the first in their order of those that did; CANCELLED
 */
export async function runJobs(
  plan: Plan,
  processes: number,
  { signal, onDone }: { signal?: AbortSignal; onDone?: (done: number) => void } = {}
): Promise<JobResult[]> {
  const { jobs } = plan
  const results = new Array<JobResult>(jobs.length)
  const failed: { at: number; error: unknown }[] = []
  let next = 0
  let done = 0
  const work = async (perform: (job: Job) => Promise<JobResult>): Promise<void> => {
    while (next < jobs.length && failed.length === 0) {
      const at = next++
      try {
        results[at] = await perform(jobs[at]!)
        onDone?.(++done)
      } catch (error) {
        failed.push({ at, error })
      }
    }
  }
  if (processes <= 1) await work((job) => doJob(plan, job, signal))
  else {
    const started = Array.from({ length: processes }, () => new FoldProcess(plan.prepared.request, signal))
    await Promise.all(started.map((process) => work((job) => process.do(job)))).finally(() => started.forEach((process) => process.close()))
  }
  assertNotCancelled(signal)
  const [first] = failed.sort((a, b) => a.at - b.at)
  if (first) throw first.error
  return results
}
