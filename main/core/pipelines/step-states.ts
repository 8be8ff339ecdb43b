import type { JobFailure } from '../../model/job'
import type { StepState } from '../../model/pipeline-run'
import { createProgressMeter, failureOf } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import type { Journal } from './journal'
import { deriveRunProgress, isSettled, type LiveRun, type LiveStep } from './live-run'
import type { PipelineRunId } from '../../model/reference'

/** The states of steps, in memory and in the journal, and how far their run is. */
export interface StepStates {
  /** Sets and records a state. When the journal cannot take it, the step fails in memory. */
  set(run: LiveRun, live: LiveStep, state: StepState, failure?: JobFailure): void
  /** Tells the job of the run how far its steps are. */
  reportProgress(run: LiveRun): void
  /** Nothing more is reported about this run. */
  forget(runId: PipelineRunId): void
}

/** @param onStep called after each change of a state */
export function createStepStates(
  context: WorkspaceContext,
  journal: Journal,
  onStep: (runId: PipelineRunId, stepId: string) => void
): StepStates {
  const meters = new Map<PipelineRunId, ReturnType<typeof createProgressMeter>>()
  return {
    set(run, live, state, failure) {
      // Running and succeeded are written by the attempt protocol itself, together with the attempt.
      if (state !== 'running' && state !== 'succeeded')
        try {
          journal.stepState(run.id, live.step.id, state, failure)
        } catch (error) {
          context.log('error', `The journal could not record "${live.step.id}" as ${state}`, { error: String(error) })
          live.failure = failure ?? failureOf(error, `recording the step "${live.step.id}"`)
          if (!isSettled(state)) state = 'failed'
        }
      live.state = state
      live.waitingFor = null
      if (isSettled(state)) live.progress = { fraction: state === 'succeeded' ? 1 : live.progress.fraction, message: '', etaSeconds: null }
      onStep(run.id, live.step.id)
      // What a step made is there from now on; how the run stands is told by its stream.
      if (state === 'succeeded') context.changed('features')
    },
    reportProgress(run) {
      const { fraction, message } = deriveRunProgress(run)
      if (!meters.has(run.id)) meters.set(run.id, createProgressMeter())
      run.job.progress(meters.get(run.id)!(fraction, message))
    },
    forget: (runId) => void meters.delete(runId)
  }
}
