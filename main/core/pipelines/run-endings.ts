import type { JobFailure } from '../../model/job'
import type { RunState } from '../../model/pipeline-run'
import type { WorkspaceContext } from '../workspace/context'
import type { Journal } from './journal'
import type { LiveRun, LiveStep } from './live-run'
import type { PipelineRunId } from '../../model/reference'

/** How often the end of a run that could not be recorded (a full disk) is tried again, milliseconds. */
const AGAIN_MS = 1000

export type EndState = Exclude<RunState, 'queued' | 'running'>

/** Writes ends of runs into the journal, however long that takes. */
export interface RunEndings {
  /** Records the end of a run, with what the journal could not take of its steps before; tries again until it is written. */
  record(run: LiveRun, state: EndState, failure: JobFailure | undefined): void
  /** A run that is over, but whose end the journal could not take yet. */
  pending(runId: PipelineRunId): LiveRun | undefined
  close(): void
}

/** `onLate` is called when an end is written that could not be at first. */
export function createRunEndings(context: WorkspaceContext, journal: Journal, onLate: (runId: PipelineRunId) => void): RunEndings {
  const pending = new Map<PipelineRunId, { run: LiveRun; timer: NodeJS.Timeout }>()
  const record: RunEndings['record'] = (run, state, failure) => {
    try {
      context.ledger.transaction(() => {
        for (const live of run.steps.values())
          if (live.failure) {
            journal.openAttemptsFailed(run.id, live.step.id, live.failure)
            journal.stepState(run.id, live.step.id, live.state, live.failure)
          }
        journal.runState(run.id, state, run.failure ?? undefined)
        run.job.finished(state, { failure })
      })
      if (pending.delete(run.id)) onLate(run.id)
    } catch (error) {
      if (!pending.has(run.id)) context.log('error', `The end of run ${run.id} could not be recorded yet`, { error: String(error) })
      const timer = setTimeout(() => record(run, state, failure), AGAIN_MS)
      timer.unref()
      pending.set(run.id, { run, timer })
    }
  }
  return {
    record,
    pending: (runId) => pending.get(runId)?.run,
    close() {
      for (const { timer } of pending.values()) clearTimeout(timer)
    }
  }
}

/** How a run ended whose steps are all settled, and why. */
export function judgeEnd(context: WorkspaceContext, run: LiveRun): { state: EndState; failed: LiveStep | undefined; failure?: JobFailure } {
  const steps = [...run.steps.values()]
  const failed = steps.find((live) => live.state === 'failed')
  if (!failed) {
    const state = (['cancelled', 'interrupted'] as const).find((end) => steps.some((live) => live.state === end)) ?? 'succeeded'
    return { state, failed }
  }
  if (failed.failure) return { state: 'failed', failed, failure: failed.failure }
  const stored = context.ledger.get<{ failure: string | null }>(
    'SELECT failure FROM step_run WHERE run_id = ? AND step_id = ?',
    run.id,
    failed.step.id
  )
  return stored?.failure ? { state: 'failed', failed, failure: JSON.parse(stored.failure) as JobFailure } : { state: 'failed', failed }
}
