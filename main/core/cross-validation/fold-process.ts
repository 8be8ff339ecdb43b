import type { ChildProcess } from 'node:child_process'
import { WorkbenchError, type ErrorCode } from '../../model/errors'
import { startWorker } from '../jobs'
import { assertNotCancelled } from '../numerics'
import type { Job, JobResult } from './jobs'
import type { CrossValidationRequest } from './prepare-rows'

/** What a process that fits folds is told: what all is about, once, then one part after the other. */
export type FoldOrder = { kind: 'plan'; request: CrossValidationRequest } | { kind: 'job'; job: Job }

export type FoldReply =
  { kind: 'done'; result: JobResult } | { kind: 'failed'; code: ErrorCode; message: string; details?: Record<string, unknown> }

const keptOutput = 4000

/** A process that fits folds, one at a time. Close it; a cancel also ends it. */
export class FoldProcess {
  private readonly child: ChildProcess
  private waiting: { resolve: (result: JobResult) => void; reject: (error: Error) => void } | null = null
  private failure: WorkbenchError | null = null
  private output = ''
  private readonly stop = (): void => this.end(new WorkbenchError('CANCELLED', 'The cross-validation was cancelled. Nothing was kept.'))

  constructor(
    request: CrossValidationRequest,
    private readonly signal?: AbortSignal
  ) {
    assertNotCancelled(signal)
    this.child = startWorker('fold-worker')
    const keep = (chunk: Buffer): void => {
      this.output = (this.output + chunk.toString('utf8')).slice(-keptOutput)
    }
    this.child.stdout?.on('data', keep)
    this.child.stderr?.on('data', keep)
    this.child.on('message', (reply: FoldReply) => this.receive(reply))
    this.child.on('error', (error) => this.end(this.crashed(error.message)))
    this.child.on('exit', (code, killedBy) => this.end(this.crashed(killedBy ? `signal ${killedBy}` : `exit code ${code}`)))
    signal?.addEventListener('abort', this.stop, { once: true })
    this.tell({ kind: 'plan', request })
  }

  /** @throws WorkbenchError what the part came to, CANCELLED, JOB_FAILED when the process ends */
  do(job: Job): Promise<JobResult> {
    if (this.failure) return Promise.reject(this.failure)
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
      this.tell({ kind: 'job', job })
    })
  }

  close(): void {
    this.end(new WorkbenchError('INTERNAL', 'The process that fits folds was already closed.'))
  }

  private tell(order: FoldOrder): void {
    // A process that ended before it took its order says so by its exit.
    this.child.send(order, () => undefined)
  }

  private receive(reply: FoldReply): void {
    const { waiting } = this
    this.waiting = null
    if (reply.kind === 'done') waiting?.resolve(reply.result)
    else waiting?.reject(new WorkbenchError(reply.code, reply.message, { details: reply.details }))
  }

  private end(failure: WorkbenchError): void {
    if (this.failure) return
    this.failure = failure
    this.signal?.removeEventListener('abort', this.stop)
    this.waiting?.reject(failure)
    this.waiting = null
    this.child.kill('SIGKILL')
  }

  private crashed(reason: string): WorkbenchError {
    return new WorkbenchError(
      'JOB_FAILED',
      `A process that fits folds ended early (${reason}). No result was kept. Give the step more memory, or try again; if it repeats, the log names the cause.`,
      { details: { log: this.output } }
    )
  }
}
