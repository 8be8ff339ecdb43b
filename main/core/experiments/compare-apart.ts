import { WorkbenchError } from '../../model/errors'
import { startWorker } from '../jobs'
import { assertNotCancelled } from '../numerics'
import type { FiledRun, MeasuredFiles } from '../tasks'

/** What a comparing process is asked, once. */
export interface ComparisonRequest {
  task: string | undefined
  runs: readonly FiledRun[]
}

export type ComparisonReply =
  { kind: 'progress'; share: number } | { kind: 'measured'; found: MeasuredFiles } | { kind: 'failed'; message: string }

const keptOutput = 4000

/**
 * Looks at the rows of runs in a process of its own: reading, sorting and resampling millions of rows would hold whoever asks.
 * @throws WorkbenchError CANCELLED, JOB_FAILED when the process does not come to an end
 */
export function measureApart(
  request: ComparisonRequest,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (share: number) => void } = {}
): Promise<MeasuredFiles> {
  return new Promise((resolve, reject) => {
    assertNotCancelled(signal)
    const child = startWorker('compare-worker')
    let output = ''
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-keptOutput)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    const stop = (): void => end(() => assertNotCancelled(signal))
    /** Settles once; the process has nothing to do afterwards. */
    const end = (outcome: () => MeasuredFiles | void): void => {
      signal?.removeEventListener('abort', stop)
      child.kill('SIGKILL')
      try {
        const found = outcome()
        if (found) resolve(found)
      } catch (error) {
        reject(error)
      }
    }
    const fail = (reason: string): void =>
      end(() => {
        throw new WorkbenchError(
          'JOB_FAILED',
          `The process that compares the runs row by row ended early (${reason}). Nothing was changed. Compare fewer runs at once, or try again; if it repeats, the log names the cause.`,
          { details: { log: output } }
        )
      })
    signal?.addEventListener('abort', stop, { once: true })
    child.on('message', (reply: ComparisonReply) => {
      if (reply.kind === 'progress') onProgress?.(reply.share)
      else if (reply.kind === 'measured') end(() => reply.found)
      else fail(reply.message)
    })
    child.on('error', (error) => fail(error.message))
    child.on('exit', (code, killedBy) => fail(killedBy ? `signal ${killedBy}` : `exit code ${code}`))
    // A process that ended before it took its order says so by its exit.
    child.send(request, () => undefined)
  })
}
