import type { MetricPoint } from '../../model/pipeline-run'
import type { Progress } from '../../model/job'
import { createProgressMeter, failureOf } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import { createAttemptNotes } from './attempt-notes'
import { createAttemptCommit } from './commit-attempt'
import { createStepCommit, type StepCommit, type StepRecords } from './commit-step'
import { captureEnvironment } from './environment'
import type { AttemptId, Journal } from './journal'
import { PROGRAM_ENDS, type LiveRun, type LiveStep } from './live-run'
import { declaredOutputs } from './step-order'
import type { ReservedWorker, StepWorkers } from './step-workers'
import { inlineOutputs } from './take-in-outputs'
import { createWorkApart, type Ending, type Ongoing } from './work-apart'
import { attemptDirectory, removeFolder } from './workspace-files'

export interface ExecutionEvents {
  /** The worker took its order. */
  started(): void
  progress(progress: Progress): void
  metrics(points: MetricPoint[]): void
}
export interface StepExecution {
  /** The outputs of an earlier attempt were taken over; joins the transaction. */
  recalled: StepCommit['recalled']
  /** One attempt, start to commit. The result says how it ended; on success the live step has its outputs. */
  attempt(run: LiveRun, live: LiveStep, events: ExecutionEvents): Promise<Ending>
}

/** The attempt protocol (journal, spawn, record, write aside, take in, commit) over one workspace. */
export function createStepExecution(
  context: WorkspaceContext,
  journal: Journal,
  records: StepRecords,
  workers: StepWorkers,
  confine: boolean
): StepExecution {
  const steps = createStepCommit(context, records)
  const { assertInputs, commit } = createAttemptCommit(context, journal, steps)
  const workApart = createWorkApart(context, journal, { ...steps, assertInputs }, confine)

  /** Step 1 of the protocol: the token is in the journal before the process has anything to do. */
  const startAttempt = (run: LiveRun, live: LiveStep, worker: ReservedWorker | undefined): AttemptId => {
    try {
      const attempt = journal.attemptStarted(run.id, live.step.id, worker?.token ?? context.newId())
      return { runId: run.id, stepId: live.step.id, attempt }
    } catch (error) {
      worker?.release()
      throw error
    }
  }

  /** Writes how an attempt ended that has no outputs. */
  const endWithout = ({ run, live, id, notes }: Ongoing, { outcome, failure }: Ending): Ending => {
    context.ledger.transaction(() => {
      const { exitCode, ...about } = notes.soFar()
      journal.attemptFinished(id, outcome, { peakMemory: about.peakMemory, exitCode, failure })
      if (outcome === 'succeeded' || !failure || run.cancel.signal.reason === PROGRAM_ENDS) return
      steps.failed(run, live, id, about, { outcome, failure }, { declared: declaredOutputs(live), metrics: journal.lastMetrics(id) })
    })
    return { outcome, failure }
  }

  return {
    recalled: steps.recalled,
    async attempt(run, live, events) {
      const startedAt = context.clock().toISOString()
      const worker = live.definition.inline ? undefined : workers.reserve(live.definition.type)
      const id = startAttempt(run, live, worker)
      const ongoing: Ongoing = { run, live, id, notes: createAttemptNotes(journal, id, startedAt) }
      const directory = attemptDirectory(context.directory, run.id, live.step.id, id.attempt)
      const progress = createProgressMeter(events.progress)
      try {
        if (!worker) ongoing.notes.environment(captureEnvironment())
        const made = worker ? await workApart(ongoing, worker, directory, { ...events, progress }) : await inlineOutputs(context, live)
        if (!Array.isArray(made)) return endWithout(ongoing, made)
        await commit(run, live, id, made, ongoing.notes.soFar())
        return { outcome: 'succeeded', failure: null }
      } catch (error) {
        context.log('error', `Attempt of "${live.step.id}" failed`, { stack: error instanceof Error ? error.stack : String(error) })
        return endWithout(ongoing, { outcome: 'failed', failure: failureOf(error, `running the step "${live.step.id}"`) })
      } finally {
        progress.stop()
        worker?.release()
        if (!(await removeFolder(directory))) context.log('warn', 'Files of an attempt could not be removed', { directory })
      }
    }
  }
}
