import { promises as fs } from 'node:fs'
import type { MetricPoint } from '../../model/pipeline-run'
import type { JobFailure, Progress } from '../../model/job'
import type { ProgramEnvironment } from '../../model/program-environment'
import { createProgressMeter, failureOf } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import { assertProgramsMayStart } from '../machine-settings'
import { runAttempt, type AttemptResult } from './attempt'
import { createAttemptCommit } from './commit-attempt'
import { createStepCommit, type AttemptProgress, type StepCommit, type StepRecords } from './commit-step'
import { captureEnvironment } from './environment'
import { readProgram } from './read-program'
import type { AttemptId, Journal } from './journal'
import { PROGRAM_ENDS, type LiveRun, type LiveStep } from './live-run'
import { declaredOutputs, orderFor } from './step-order'
import type { ReservedWorker, StepWorkers } from './step-workers'
import { inlineOutputs, takeInOutputs } from './take-in-outputs'
import { attemptDirectory, removeFolder } from './workspace-files'

const cancelled: JobFailure = { code: 'CANCELLED', message: 'The step was cancelled.' }

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
  attempt(run: LiveRun, live: LiveStep, events: ExecutionEvents): Promise<Pick<AttemptResult, 'outcome' | 'failure'>>
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

  return {
    recalled: steps.recalled,
    async attempt(run, live, events) {
      const startedAt = context.clock().toISOString()
      const worker = live.definition.inline ? undefined : workers.reserve(live.definition.type)
      const id = startAttempt(run, live, worker)
      const directory = attemptDirectory(context.directory, run.id, live.step.id, id.attempt)
      const meter = createProgressMeter(events.progress)
      let environment: AttemptProgress['environment'] = null
      let captured: AttemptProgress['environment'] = null
      let program: ProgramEnvironment | undefined
      const failed = (
        outcome: AttemptResult['outcome'],
        failure: AttemptResult['failure'],
        about: { peakMemory: number | null; exitCode: number | null }
      ) => {
        context.ledger.transaction(() => {
          journal.attemptFinished(id, outcome, { ...about, failure })
          if (outcome !== 'succeeded' && failure && run.cancel.signal.reason !== PROGRAM_ENDS)
            steps.failed(
              run,
              live,
              id,
              { startedAt, environment, ...about },
              { outcome, failure },
              { declared: declaredOutputs(live), metrics: journal.lastMetrics(id) }
            )
        })
        return { outcome, failure }
      }
      let about = { peakMemory: null as number | null, exitCode: null as number | null }
      try {
        if (!worker) {
          environment = captureEnvironment()
          journal.attemptEnvironment(id, environment)
          const files = await inlineOutputs(context, live)
          await commit(run, live, id, files, { startedAt, ...about, environment })
          return { outcome: 'succeeded', failure: null }
        }
        if (live.definition.startsPrograms) assertProgramsMayStart(`The program of "${live.step.id}"`)
        await assertInputs(run, live)
        program = await readProgram(context, live.definition.program?.(live.frozen))
        if (live.definition.admit) steps.admit(run, live, await steps.documentsOf(run, live))
        await fs.mkdir(directory, { recursive: true })
        if (run.cancel.signal.aborted) return failed('cancelled', cancelled, about)
        const result = await runAttempt({
          worker,
          signal: run.cancel.signal,
          timeout: live.step.timeout,
          order: orderFor(context, run, live, id, directory, confine),
          onSpawned: (process) => journal.attemptSpawned(id, process),
          onEnvironment: (found) => {
            captured = found
            environment = { ...found, ...(program && { program }) }
            journal.attemptEnvironment(id, found)
            events.started()
          },
          onConfined: (confinement) => {
            if (!captured || !environment) return
            environment = { ...environment, confinement }
            journal.attemptEnvironment(id, { ...captured, confinement })
          },
          onProgress: (fraction, message) => meter(fraction, message),
          onMetrics: (points) => {
            journal.metrics(id, points)
            events.metrics(points)
          }
        })
        about = { peakMemory: result.peakMemory, exitCode: result.exitCode }
        if (result.outcome !== 'succeeded') return failed(result.outcome, result.failure, about)
        const files = await takeInOutputs(context, live.step.id, directory, result)
        live.isVolatile = !((await live.definition.holds?.(live.frozen)) ?? true)
        if (run.cancel.signal.aborted) return failed('cancelled', cancelled, about)
        await commit(run, live, id, files, { startedAt, ...about, environment })
        return { outcome: 'succeeded', failure: null }
      } catch (error) {
        context.log('error', `Attempt of "${live.step.id}" failed`, { stack: error instanceof Error ? error.stack : String(error) })
        return failed('failed', failureOf(error, `running the step "${live.step.id}"`), about)
      } finally {
        meter.stop()
        worker?.release()
        if (!(await removeFolder(directory))) context.log('warn', 'Files of an attempt could not be removed', { directory })
      }
    }
  }
}
