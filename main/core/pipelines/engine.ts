import type { Progress } from '../../model/job'
import { isSettled, type MetricPoint } from '../../model/pipeline-run'
import type { JobsWriter } from '../jobs'
import { failureOf } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import { defaultSlots, machineMemory } from './attempt'
import { createAttemptSlots } from './attempt-slots'
import type { StepRecords } from './commit-step'
import type { StepRegistry } from './define-step'
import { foreseeRun, type Foreseen } from './foresee-run'
import { createJournal } from './journal'
import { PROGRAM_ENDS, type LiveRun, type RunSteps } from './live-run'
import {
  abandonRun,
  closeInterruptedRun,
  interrupted,
  isPoisoned,
  restoreRun,
  sweepAttempts,
  temporaryNames,
  unfinishedRuns,
  type Recovery
} from './recovery'
import { createRunEndings, judgeEnd } from './run-endings'
import { createRunLoop } from './run-loop'
import { createSameWork } from './same-work'
import { recordStart, type StartOptions } from './start-run'
import { createStepExecution } from './step-execution'
import { createStepStates } from './step-states'
import { createStepWorkers } from './step-workers'
import type { PipelineRunId } from '../../model/reference'

/** A step in whose attempts the program ended this often is taken to be what ends it. */
const MAX_INTERRUPTIONS = 5

export interface EngineOptions {
  jobs: JobsWriter
  steps: StepRegistry
  records: StepRecords
  /** Attempts at the same time. */
  slots?: number
  /** Bytes of memory that attempts may ask for together; those of the machine by default. */
  memory?: number
  /** Whether programs of steps are confined where that can be had. */
  confine: boolean
  /** Interrupted attempts of one step after which a run is not resumed. */
  maxInterruptions?: number
  /** Why no step may start now, in words; without it nothing keeps one. */
  standing?(): string | null
  onStep(runId: PipelineRunId, stepId: string): void
  onProgress(runId: PipelineRunId, stepId: string, progress: Progress): void
  onMetric(runId: PipelineRunId, stepId: string, point: MetricPoint): void
  onRun(runId: PipelineRunId): void
}
/** Runs pipelines of one workspace: the loop over the graph, slots, retries, cancel and recovery. */
export interface Engine {
  /** What a run would do with each step now; see `foreseeRun`. */
  foresee(run: Omit<RunSteps, 'force'>, how: Parameters<typeof foreseeRun>[2]): Promise<Foreseen[]>
  /** Writes a run into the journal, in the caller's transaction; `begin` sets it going and is called after that. */
  start(options: StartOptions): { runId: PipelineRunId; begin(): void }
  /** Resolves when every attempt of the run has ended. */
  cancel(runId: PipelineRunId): Promise<void>
  live(runId: PipelineRunId): LiveRun | undefined
  /** After a crash: kills orphans, clears tmp/, and resumes (`requeue`) or closes (`mark`) unfinished runs. Call once, before anything runs; `leftovers` is what tmp/ held at the opening. */
  recover(mode: 'requeue' | 'mark', leftovers?: readonly string[]): Promise<Recovery>
  /** Resolves when the run is finished, or when the engine is closed. */
  finished(runId: PipelineRunId): Promise<void>
  /** Stops the attempts; unfinished runs stay unfinished and go on at the next start. */
  close(): Promise<void>
}

/** Creates the engine of one open workspace. */
export function createEngine(context: WorkspaceContext, options: EngineOptions): Engine {
  const journal = createJournal(context)
  const workers = createStepWorkers(context.newId)
  const runs = new Map<PipelineRunId, LiveRun>()
  const closing = new AbortController()
  const waiting = createWaiting()
  const told = (runId: PipelineRunId): void => {
    options.onRun(runId)
    context.changed('pipelines')
  }
  const endings = createRunEndings(context, journal, told)
  const { onStep, onProgress, onMetric, slots: limit = defaultSlots(), memory = machineMemory(), standing = () => null } = options
  const sameWork = createSameWork()
  const states = createStepStates(context, journal, limit, (run, live) => {
    for (const other of isSettled(live.state) ? sameWork.left(live) : []) {
      if (other.live.state === 'queued') other.run.graph.askAgain(other.live)
      pump()
    }
    options.onStep(run.id, live.step.id)
  })
  const execution = createStepExecution(context, journal, options.records, workers, options.confine)
  const finish = (run: LiveRun): void => {
    const { state, failed, failure } = judgeEnd(context, run)
    run.state = state
    run.failure = failure ?? null
    runs.delete(run.id)
    states.forget(run.id)
    endings.record(run, state, failure && { ...failure, message: `${failed!.step.id}: ${failure.message}` })
    told(run.id)
    waiting.wake(run.id)
  }
  const shared = { context, journal, states, runs, memory, closing: closing.signal }
  const slots = createAttemptSlots({ ...shared, execution, workers, limit, standing, onProgress, onMetric, changed: () => pump() })
  const pump = createRunLoop({ ...shared, slots, sameWork, recalled: execution.recalled, onStep, finish })

  /** Takes a run up that the ledger already has as running. */
  const adopt = (run: LiveRun): void => {
    runs.set(run.id, run)
    run.state = 'running'
    options.onRun(run.id)
    // It begins in a later turn, so that whoever starts a run can watch it from its first change.
    pump()
  }
  const finished = async (runId: PipelineRunId): Promise<void> => (runs.has(runId) ? waiting.until(runId) : undefined)
  const cancel = async (runId: PipelineRunId): Promise<void> => {
    const run = runs.get(runId)
    // While the program ends, the run is left for the next start; its attempts are stopped all the same.
    if (closing.signal.aborted || endings.pending(runId)) return
    if (!run) {
      await abandonRun(context, journal, options.jobs, runId)
      return told(runId)
    }
    run.cancel.abort()
    stopRetries(run)
    run.graph.giveUp()
    const over = finished(runId)
    pump()
    await over
  }
  const resume = async (row: ReturnType<typeof unfinishedRuns>[number]): Promise<void> => {
    const run = await restoreRun(context, journal, options, row, () => cancel(row.id))
    context.ledger.transaction(() => {
      journal.runState(run.id, 'running')
      run.job.started()
    })
    adopt(run)
  }

  return {
    live: (runId) => runs.get(runId) ?? endings.pending(runId),
    cancel,
    finished,
    foresee: (run, how) => foreseeRun({ context, journal, memory }, run, how),
    start(what) {
      const run = recordStart({ context, jobs: options.jobs, journal, recalled: execution.recalled }, what, cancel)
      return { runId: run.id, begin: () => adopt(run) }
    },
    async recover(mode, leftovers = temporaryNames(context)) {
      const swept = await sweepAttempts(context, journal, leftovers)
      const resumed: PipelineRunId[] = []
      for (const row of unfinishedRuns(context)) {
        try {
          if (mode === 'mark' || isPoisoned(context, row.id, options.maxInterruptions ?? MAX_INTERRUPTIONS)) throw interrupted()
          await resume(row)
          resumed.push(row.id)
        } catch (error) {
          closeInterruptedRun(context, journal, options.jobs, row, failureOf(error, 'going on with a run'))
        }
      }
      return { ...swept, runsResumed: resumed }
    },
    async close() {
      closing.abort()
      endings.close()
      for (const run of runs.values()) {
        run.cancel.abort(PROGRAM_ENDS)
        stopRetries(run)
      }
      await Promise.all([slots.ended(), workers.close()])
      // Nobody waits for an end that comes after the next start.
      waiting.wakeAll()
    }
  }
}

function stopRetries(run: LiveRun): void {
  for (const live of run.steps.values()) {
    if (live.retryTimer) clearTimeout(live.retryTimer)
    live.retryTimer = null
  }
}

/** Who waits for the end of which run. */
function createWaiting() {
  const wakes = new Map<PipelineRunId, (() => void)[]>()
  const wake = (runId: PipelineRunId): void => {
    wakes.get(runId)?.forEach((resolve) => resolve())
    wakes.delete(runId)
  }
  return {
    until: (runId: PipelineRunId) => new Promise<void>((resolve) => wakes.set(runId, [...(wakes.get(runId) ?? []), resolve])),
    wake,
    wakeAll: () => [...wakes.keys()].forEach(wake)
  }
}
