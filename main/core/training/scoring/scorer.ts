import type { ChildProcess } from 'node:child_process'
import { WorkbenchError } from '../../../model/errors'
import { startWorker } from '../../jobs'
import { assertNotCancelled } from '../../numerics'
import type { ChunkScores, MeasuredTimes, ModelScorer, RawOutput, ScoreInput, ScoreReply, ScoreRequest } from './protocol'

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never
type Pending = { resolve: (reply: ScoreReply & { ok: true }) => void; reject: (error: Error) => void }

const keptOutput = 4000
/** How long a process that cannot be reached any more may take to say how it ended, milliseconds. */
const endingMs = 2000
/** What a model may take to load, or for one chunk of rows, seconds: a loop within it may never come to an end. */
const usualSeconds = 600

/** A model loaded in a scoring process. Close it; a cancel or crash also ends it. */
export class Scorer implements ModelScorer {
  private readonly pending = new Map<number, Pending>()
  private failure: WorkbenchError | undefined
  private hasLost = false
  private output = ''
  private next = 1
  private readonly stop: () => void

  private constructor(
    private readonly child: ChildProcess,
    private model: string,
    private readonly signal: AbortSignal | undefined,
    private readonly seconds: number
  ) {
    const keep = (chunk: Buffer): void => {
      this.output = (this.output + chunk.toString('utf8')).slice(-keptOutput)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    child.on('message', (message) => this.receive(message as ScoreReply))
    child.on('error', (error) => this.lose(error.message))
    child.on('disconnect', () => this.lose('it closed its channel'))
    child.on('exit', (code, killedBy) => this.fail(this.crashed(killedBy ? `signal ${killedBy}` : `exit code ${code}`)))
    this.stop = () => {
      this.fail(new WorkbenchError('CANCELLED', 'Scoring was cancelled. Nothing was kept.'))
      child.kill('SIGKILL')
    }
    signal?.addEventListener('abort', this.stop, { once: true })
  }

  /**
   * @param seconds what it may take to load, and for one chunk of rows
   * @throws WorkbenchError JOB_FAILED when the model cannot be loaded or lacks an input, JOB_TIMEOUT when it does not come to an end, CANCELLED
   */
  static async start(model: string, inputs: readonly string[], signal?: AbortSignal, seconds = usualSeconds): Promise<Scorer> {
    assertNotCancelled(signal)
    const scorer = new Scorer(startWorker('score-worker'), model, signal, seconds)
    try {
      await scorer.load(model, inputs)
      return scorer
    } catch (error) {
      await scorer.close()
      throw error
    }
  }

  /** Loads a model in place of the one before. Throws like `start`. */
  async load(model: string, inputs: readonly string[]): Promise<void> {
    this.model = model
    const reply = await this.ask({ kind: 'load', model })
    if (reply.kind !== 'loaded') throw this.crashed('it answered something else')
    const missing = reply.inputs.filter((name) => !inputs.includes(name))
    const unknown = inputs.filter((name) => !reply.inputs.includes(name))
    if (missing.length + unknown.length > 0)
      throw new WorkbenchError(
        'JOB_FAILED',
        `The model ${model} does not fit its signature (inputs of the model alone: ${missing.join(', ') || 'none'}; of the signature alone: ${unknown.join(', ') || 'none'}). One of the two files was replaced; export or train again.`,
        { details: { missing, unknown } }
      )
  }

  /** What the model states for one chunk of rows. */
  async score(inputs: ScoreInput[], rows: number): Promise<ChunkScores> {
    const reply = await this.ask({ kind: 'score', rows, inputs })
    if (reply.kind !== 'scored') throw this.crashed('it answered something else')
    return reply
  }

  /** All outputs of the model for one chunk of rows, as they come. */
  async run(inputs: ScoreInput[], rows: number): Promise<RawOutput[]> {
    const reply = await this.ask({ kind: 'run', rows, inputs })
    if (reply.kind !== 'ran') throw this.crashed('it answered something else')
    return reply.outputs
  }

  async measure(inputs: ScoreInput[], rows: number, calls: number, warmUp: number, batchSeconds: number): Promise<MeasuredTimes> {
    const reply = await this.ask({ kind: 'measure', rows, inputs, calls, warmUp, batchSeconds })
    if (reply.kind !== 'measured') throw this.crashed('it answered something else')
    return reply.times
  }

  /** Largest resident size so far, bytes. */
  async peakMemory(): Promise<number> {
    const reply = await this.ask({ kind: 'memory' })
    if (reply.kind !== 'memory') throw this.crashed('it answered something else')
    return reply.peakBytes
  }

  /** The operating-system id of the scoring process. */
  get processId(): number | undefined {
    return this.child.pid
  }

  async close(): Promise<void> {
    this.signal?.removeEventListener('abort', this.stop)
    this.failure ??= new WorkbenchError('INTERNAL', 'The scoring process was already closed. Start it again.')
    if (this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => this.child.once('exit', () => resolve()))
    if (this.child.connected) this.child.disconnect()
    const timer = setTimeout(() => this.child.kill('SIGKILL'), endingMs)
    await ended
    clearTimeout(timer)
  }

  private ask(request: Unnumbered<ScoreRequest>): Promise<ScoreReply & { ok: true }> {
    if (this.failure) return Promise.reject(this.failure)
    const id = this.next++
    return new Promise((resolve, reject) => {
      // Many calls are timed one after the other; they were scored before.
      const overdue = request.kind === 'measure' ? undefined : setTimeout(() => this.end(), this.seconds * 1000)
      const settled = <T>(settle: (value: T) => void) => {
        return (value: T): void => {
          clearTimeout(overdue)
          settle(value)
        }
      }
      this.pending.set(id, { resolve: settled(resolve), reject: settled(reject) })
      this.child.send({ ...request, id }, (error) => {
        if (error) this.lose(error.message)
      })
    })
  }

  private receive(reply: ScoreReply): void {
    const waiting = this.pending.get(reply.id)
    this.pending.delete(reply.id)
    if (!waiting) return
    if (reply.ok) waiting.resolve(reply)
    else
      waiting.reject(
        new WorkbenchError(
          'JOB_FAILED',
          `The model ${this.model} could not be scored: ${reply.message}. Check the file, or train it again.`,
          {
            details: { model: this.model }
          }
        )
      )
  }

  /** A broken channel says only that the process can no longer be reached; how it ended says why, and comes a little later. */
  private lose(reason: string): void {
    if (this.child.pid === undefined) return this.fail(this.crashed(reason))
    if (this.failure || this.hasLost) return
    this.hasLost = true
    const overdue = setTimeout(() => {
      this.fail(this.crashed(reason))
      this.child.kill('SIGKILL')
    }, endingMs)
    this.child.once('exit', () => clearTimeout(overdue))
  }

  /** A model that does not answer: nothing but the end of its process stops a loop. */
  private end(): void {
    this.fail(
      new WorkbenchError(
        'JOB_TIMEOUT',
        `The model did not answer within ${this.seconds} seconds, so it was stopped. A loop within it may never end for some rows. Look at its Loop and Scan nodes and at the rows, or export a simpler model.`,
        { details: { model: this.model } }
      )
    )
    this.child.kill('SIGKILL')
  }

  private fail(error: WorkbenchError): void {
    this.failure ??= error
    for (const { reject } of this.pending.values()) reject(this.failure)
    this.pending.clear()
  }

  private crashed(reason: string): WorkbenchError {
    return new WorkbenchError(
      'JOB_FAILED',
      `The scoring process ended early (${reason}). No result was kept. Try again; if it repeats, the log names the cause.`,
      { details: { model: this.model, log: this.output } }
    )
  }
}
