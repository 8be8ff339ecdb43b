import type { JobFailure } from '../../model/job'
import type { AttemptEnvironment, AttemptOutcome } from '../../model/pipeline-run'
import { failureText, type AttemptId, type JournalWriter } from './journal-records'
import { attempt as attemptTable } from './tables'
import type { PipelineRunId } from '../../model/reference'

/** Attempts of steps: who runs them, where, and how they ended. */
export function createAttemptJournal({ ledger, now, event }: JournalWriter) {
  return {
    /** Step 1 of the attempt protocol. Returns the attempt's number. */
    attemptStarted(runId: PipelineRunId, stepId: string, token: string): number {
      return ledger.transaction(() => {
        const number = ledger.get<{ n: number }>(
          'SELECT coalesce(max(number), 0) + 1 AS n FROM attempt WHERE run_id = ? AND step_id = ?',
          runId,
          stepId
        )!.n
        ledger.insert(attemptTable, { run_id: runId, step_id: stepId, number, outcome: 'started', token, started_at: now() })
        ledger.run(
          "UPDATE step_run SET state = 'running', started_at = coalesce(started_at, ?), finished_at = NULL, failure = NULL WHERE run_id = ? AND step_id = ?",
          now(),
          runId,
          stepId
        )
        event('attempt started', runId, stepId, number, { token })
        return number
      })
    },
    /** Step 3: who runs it. */
    attemptSpawned({ runId, stepId, attempt }: AttemptId, process: { pid: number; start: string | null; boot: string | null }): void {
      ledger.run(
        'UPDATE attempt SET pid = ?, process_start = ?, boot_id = ? WHERE run_id = ? AND step_id = ? AND number = ?',
        process.pid,
        process.start,
        process.boot,
        runId,
        stepId,
        attempt
      )
    },
    attemptEnvironment({ runId, stepId, attempt }: AttemptId, environment: AttemptEnvironment): void {
      ledger.run(
        'UPDATE attempt SET environment = ? WHERE run_id = ? AND step_id = ? AND number = ?',
        JSON.stringify(environment),
        runId,
        stepId,
        attempt
      )
    },
    attemptFinished(
      { runId, stepId, attempt }: AttemptId,
      outcome: AttemptOutcome,
      about: { peakMemory: number | null; exitCode: number | null; failure?: JobFailure | null }
    ): void {
      ledger.run(
        'UPDATE attempt SET outcome = ?, finished_at = ?, peak_memory = ?, exit_code = ?, failure = ? WHERE run_id = ? AND step_id = ? AND number = ?',
        outcome,
        now(),
        about.peakMemory,
        about.exitCode,
        failureText(about.failure),
        runId,
        stepId,
        attempt
      )
      event(`attempt ${outcome}`, runId, stepId, attempt, about.failure ?? {})
    },
    /** Ends the attempts of a step that are still open here although their process is gone. */
    openAttemptsFailed(runId: PipelineRunId, stepId: string, failure: JobFailure): void {
      ledger.run(
        "UPDATE attempt SET outcome = 'failed', finished_at = ?, failure = ? WHERE run_id = ? AND step_id = ? AND outcome = 'started'",
        now(),
        failureText(failure),
        runId,
        stepId
      )
    }
  }
}
