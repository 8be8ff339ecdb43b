import type { JobFailure } from '../../model/job'
import { isSettled, type StepState } from '../../model/pipeline-run'
import { createProgressMeter, failureOf, type ProgressMeter } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import type { Journal } from './journal'
import { deriveRunProgress, type LiveRun, type LiveStep } from './live-run'
import { estimateRun, measuredSeconds } from './run-estimate'
import type { PipelineRunId } from '../../model/reference'

/** A state that a step comes to. */
export interface StepMove {
  live: LiveStep
  state: StepState
  failure?: JobFailure
  /** What it waits for now. */
  waitingFor?: string
}

/** The states of steps, in memory and in the journal, and how far their run is. */
export interface StepStates {
  /** Sets and records a state. When the journal cannot take it, the step fails in memory. */
  set(run: LiveRun, live: LiveStep, state: StepState, failure?: JobFailure): void
  /** A step fails in memory only, because the journal itself failed; the end of its run records it. */
  failUnrecorded(run: LiveRun, live: LiveStep, error: unknown): void
  /** The same as `set` for several steps, in one transaction; `write` joins it. Throws what `write` throws: then no step has moved. */
  setAll(run: LiveRun, moves: readonly StepMove[], write?: () => void): void
  /** Tells the job of the run how far its steps are. */
  reportProgress(run: LiveRun): void
  /** Nothing more is reported about this run. */
  forget(runId: PipelineRunId): void
}

/** Running and succeeded are written by the attempt protocol itself, together with the attempt. */
const isJournaled = (state: StepState): boolean => state !== 'running' && state !== 'succeeded'

/** @param places attempts at the same time; @param onStep called after each change of a state */
export function createStepStates(
  context: WorkspaceContext,
  journal: Journal,
  places: number,
  onStep: (run: LiveRun, live: LiveStep) => void
): StepStates {
  /** Of each run: what reports its progress, and how long its steps took before. */
  const meters = new Map<PipelineRunId, { report: ProgressMeter; measured: Map<string, number> }>()
  const move = (run: LiveRun, { live, state, waitingFor }: StepMove): void => {
    live.state = state
    live.waitingFor = waitingFor ?? null
    if (isSettled(state)) live.progress = { fraction: state === 'succeeded' ? 1 : live.progress.fraction, message: '', etaSeconds: null }
    run.graph.moved(live)
    onStep(run, live)
    // What a step made is there from now on; how the run stands is told by its stream.
    if (state === 'succeeded') context.changed('features')
  }
  const record = (run: LiveRun, moves: readonly StepMove[], write?: () => void): void =>
    context.ledger.transaction(() => {
      for (const { live, state, failure } of moves) if (isJournaled(state)) journal.stepState(run.id, live.step.id, state, failure)
      write?.()
    })
  /** Sets it although the journal cannot take it. */
  const setUnrecorded = (run: LiveRun, { live, state, failure }: StepMove, error: unknown): void => {
    context.log('error', `The journal could not record "${live.step.id}" as ${state}`, {
      error: (error instanceof Error && error.stack) || String(error)
    })
    live.failure = failure ?? failureOf(error, `recording the step "${live.step.id}"`)
    move(run, { live, state: isSettled(state) ? state : 'failed' })
  }
  return {
    set(run, live, state, failure) {
      try {
        if (isJournaled(state)) record(run, [{ live, state, failure }])
      } catch (error) {
        return setUnrecorded(run, { live, state, failure }, error)
      }
      move(run, { live, state })
    },
    failUnrecorded: (run, live, error) => setUnrecorded(run, { live, state: 'failed' }, error),
    setAll(run, moves, write) {
      record(run, moves, write)
      for (const one of moves) move(run, one)
    },
    reportProgress(run) {
      const { fraction, message } = deriveRunProgress(run)
      const meter = meters.get(run.id) ?? {
        report: createProgressMeter(run.job.progress),
        measured: measuredSeconds(context.ledger, run.pipeline)
      }
      meters.set(run.id, meter)
      meter.report(fraction, message, estimateRun(run, meter.measured, places))
    },
    forget(runId) {
      meters.get(runId)?.report.stop()
      meters.delete(runId)
    }
  }
}
