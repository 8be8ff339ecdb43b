import type { JobFailure } from '../../model/job'
import type { RunState, StepState } from '../../model/pipeline-run'
import { failureText, type AttemptId, type JournalWriter, type NewRun, type NewStep, type StepKey } from './journal-records'
import { pipelineRun, stepRun } from './tables'
import type { PipelineRunId } from '../../model/reference'

const waitingStep = (run: NewRun, step: NewStep, position: number) => ({
  run_id: run.id,
  step_id: step.stepId,
  position,
  pipeline: run.pipeline,
  type: step.type,
  type_version: step.typeVersion,
  title: step.title,
  state: 'waiting' as const,
  parameters: JSON.stringify(step.parameters),
  frozen: JSON.stringify(step.frozen),
  cached: 0,
  reason: '',
  changes: '[]'
})

/** State of runs and of their steps. */
export function createRunJournal({ ledger, now, event }: JournalWriter) {
  return {
    createRun(run: NewRun, steps: NewStep[]): void {
      ledger.transaction(() => {
        ledger.insert(pipelineRun, {
          id: run.id,
          pipeline: run.pipeline,
          version: run.version,
          title: run.title,
          state: 'queued',
          parameters: JSON.stringify(run.parameters),
          target_step: run.targetStep,
          force: run.force ? 1 : 0,
          created_at: now()
        })
        ledger.insertAll(
          stepRun,
          steps.map((step, position) => waitingStep(run, step, position))
        )
        event('run created', run.id, null, null, { version: run.version })
      })
    },
    runState(runId: PipelineRunId, state: RunState, failure?: JobFailure): void {
      ledger.transaction(() => {
        if (state === 'running')
          ledger.run("UPDATE pipeline_run SET state = 'running', started_at = coalesce(started_at, ?) WHERE id = ?", now(), runId)
        else
          ledger.run(
            'UPDATE pipeline_run SET state = ?, finished_at = ?, failure = ? WHERE id = ?',
            state,
            now(),
            failureText(failure),
            runId
          )
        event(`run ${state}`, runId, null, null, failure ?? {})
      })
    },
    stepState(runId: PipelineRunId, stepId: string, state: StepState, failure?: JobFailure): void {
      ledger.transaction(() => {
        const isEnd = state !== 'waiting' && state !== 'queued' && state !== 'running'
        ledger.run(
          'UPDATE step_run SET state = ?, finished_at = ?, failure = ? WHERE run_id = ? AND step_id = ?',
          state,
          isEnd ? now() : null,
          failureText(failure),
          runId,
          stepId
        )
        event(`step ${state}`, runId, stepId, null, failure ?? {})
      })
    },
    stepKey(runId: PipelineRunId, stepId: string, key: StepKey): void {
      ledger.run(
        'UPDATE step_run SET cache_key = ?, key_parts = ?, reason = ?, changes = ?, handed = ? WHERE run_id = ? AND step_id = ?',
        key.key,
        JSON.stringify(key.parts),
        key.reason,
        JSON.stringify(key.changes),
        JSON.stringify(key.handed),
        runId,
        stepId
      )
    },
    /** Points the step at the attempt whose outputs it has. */
    stepSucceeded(runId: PipelineRunId, stepId: string, source: AttemptId, isCached: boolean, reason?: string): void {
      ledger.run(
        "UPDATE step_run SET state = 'succeeded', cached = ?, started_at = coalesce(started_at, ?), finished_at = ?, failure = NULL, source_run = ?, source_step = ?, source_attempt = ?, reason = coalesce(?, reason) WHERE run_id = ? AND step_id = ?",
        isCached ? 1 : 0,
        now(),
        now(),
        source.runId,
        source.stepId,
        source.attempt,
        reason ?? null,
        runId,
        stepId
      )
      event(isCached ? 'step cached' : 'step succeeded', runId, stepId, source.attempt, { source })
    },
    lastSuccess(
      pipeline: string,
      stepId: string,
      exceptRun: PipelineRunId
    ): { keyParts: Record<string, string>; finishedAt: string; environment: string | null } | undefined {
      const row = ledger.get<{ key_parts: string; finished_at: string; environment: string | null }>(
        "SELECT key_parts, finished_at, frozen -> '$.environment' AS environment FROM step_run WHERE pipeline = ? AND step_id = ? AND state = 'succeeded' AND key_parts IS NOT NULL AND run_id <> ? ORDER BY rowid DESC LIMIT 1",
        pipeline,
        stepId,
        exceptRun
      )
      return row && { keyParts: JSON.parse(row.key_parts), finishedAt: row.finished_at, environment: row.environment }
    }
  }
}
