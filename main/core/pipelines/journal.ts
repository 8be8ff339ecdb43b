import type { JobFailure } from '../../model/job'
import type { ParameterValue, PortType } from '../../model/pipeline'
import type {
  AttemptEnvironment,
  AttemptOutcome,
  KeyChange,
  MetricPoint,
  OutputReference,
  RunState,
  StepState
} from '../../model/pipeline-run'
import type { WorkspaceContext } from '../workspace/context'

export interface NewRun {
  id: string
  pipeline: string
  version: string
  title: string
  parameters: Record<string, ParameterValue>
  targetStep: string | null
  force: boolean
}
export interface NewStep {
  stepId: string
  type: string
  typeVersion: number
  title: string
  parameters: Record<string, unknown>
  frozen: Record<string, unknown>
}
export interface AttemptId {
  runId: string
  stepId: string
  attempt: number
}
/** An output with where it was made; `part` is empty, or the name of a file that belongs to the output. */
export interface ProducedFile extends OutputReference {
  part: string
  reference: string
}
export interface UsedFile {
  port: string
  sha256: string
  reference: string
}
export interface StepKey {
  key: string
  parts: Record<string, string>
  reason: string
  changes: KeyChange[]
}

/** Writes history and state of runs, both in one transaction. */
export type Journal = ReturnType<typeof createJournal>

/** Opens the journal of a workspace; every call is durable when it returns. */
export function createJournal({ ledger, clock }: Pick<WorkspaceContext, 'ledger' | 'clock'>) {
  const now = (): string => clock().toISOString()
  const event = (kind: string, runId: string, stepId: string | null = null, attempt: number | null = null, detail: unknown = {}): void =>
    ledger.run(
      'INSERT INTO journal_event(at, run_id, step_id, attempt, kind, detail) VALUES(?,?,?,?,?,?)',
      now(),
      runId,
      stepId,
      attempt,
      kind,
      JSON.stringify(detail)
    )
  const failureText = (failure: JobFailure | null | undefined): string | null => (failure ? JSON.stringify(failure) : null)

  return {
    createRun(run: NewRun, steps: NewStep[]): void {
      ledger.transaction(() => {
        ledger.run(
          'INSERT INTO pipeline_run(id, pipeline, version, title, state, parameters, target_step, force, created_at) VALUES(?,?,?,?,?,?,?,?,?)',
          run.id,
          run.pipeline,
          run.version,
          run.title,
          'queued',
          JSON.stringify(run.parameters),
          run.targetStep,
          run.force ? 1 : 0,
          now()
        )
        steps.forEach((step, position) =>
          ledger.run(
            `INSERT INTO step_run(run_id, step_id, position, pipeline, type, type_version, title, state, parameters, frozen, cached, reason, changes)
             VALUES(?,?,?,?,?,?,?,'waiting',?,?,0,'','[]')`,
            run.id,
            step.stepId,
            position,
            run.pipeline,
            step.type,
            step.typeVersion,
            step.title,
            JSON.stringify(step.parameters),
            JSON.stringify(step.frozen)
          )
        )
        event('run created', run.id, null, null, { version: run.version })
      })
    },
    runState(runId: string, state: RunState, failure?: JobFailure): void {
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
    stepState(runId: string, stepId: string, state: StepState, failure?: JobFailure): void {
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
    stepKey(runId: string, stepId: string, key: StepKey): void {
      ledger.run(
        'UPDATE step_run SET cache_key = ?, key_parts = ?, reason = ?, changes = ? WHERE run_id = ? AND step_id = ?',
        key.key,
        JSON.stringify(key.parts),
        key.reason,
        JSON.stringify(key.changes),
        runId,
        stepId
      )
    },
    /** Step 1 of the attempt protocol. Returns the attempt's number. */
    attemptStarted(runId: string, stepId: string, token: string): number {
      return ledger.transaction(() => {
        const number = ledger.get<{ n: number }>(
          'SELECT coalesce(max(number), 0) + 1 AS n FROM attempt WHERE run_id = ? AND step_id = ?',
          runId,
          stepId
        )!.n
        ledger.run(
          "INSERT INTO attempt(run_id, step_id, number, outcome, token, started_at) VALUES(?,?,?,'started',?,?)",
          runId,
          stepId,
          number,
          token,
          now()
        )
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
    openAttemptsFailed(runId: string, stepId: string, failure: JobFailure): void {
      ledger.run(
        "UPDATE attempt SET outcome = 'failed', finished_at = ?, failure = ? WHERE run_id = ? AND step_id = ? AND outcome = 'started'",
        now(),
        failureText(failure),
        runId,
        stepId
      )
    },
    produced({ runId, stepId, attempt }: AttemptId, files: ProducedFile[], used: UsedFile[]): void {
      for (const file of files)
        ledger.run(
          'INSERT INTO produced VALUES(?,?,?,?,?,?,?,?,?,?,?)',
          runId,
          stepId,
          attempt,
          file.port,
          file.part,
          file.type,
          file.sha256,
          file.size,
          file.rows,
          file.mediaType,
          file.reference
        )
      for (const item of used)
        ledger.run('INSERT INTO used VALUES(?,?,?,?,?,?)', runId, stepId, attempt, item.port, item.sha256, item.reference)
    },
    /** Points the step at the attempt whose outputs it has. */
    stepSucceeded(runId: string, stepId: string, source: AttemptId, isCached: boolean, reason?: string): void {
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
    remember(key: string, source: AttemptId): void {
      ledger.run('INSERT OR REPLACE INTO step_cache VALUES(?,?,?,?,?)', key, source.runId, source.stepId, source.attempt, now())
    },
    cached(key: string): AttemptId | undefined {
      return ledger.get<AttemptId>('SELECT run_id AS runId, step_id AS stepId, attempt FROM step_cache WHERE cache_key = ?', key)
    },
    metrics({ runId, stepId, attempt }: AttemptId, points: MetricPoint[]): void {
      ledger.transaction(() => {
        for (const point of points)
          ledger.run('INSERT INTO step_metric VALUES(?,?,?,?,?,?,?)', runId, stepId, attempt, point.name, point.value, point.step, point.at)
      })
    },
    outputsOf({ runId, stepId, attempt }: AttemptId): ProducedFile[] {
      return ledger.all<ProducedFile & { type: PortType }>(
        'SELECT port, part, type, sha256, size, row_count AS rows, media_type AS mediaType, reference FROM produced WHERE run_id = ? AND step_id = ? AND attempt = ? ORDER BY rowid',
        runId,
        stepId,
        attempt
      )
    },
    lastSuccess(pipeline: string, stepId: string, exceptRun: string): { keyParts: Record<string, string>; finishedAt: string } | undefined {
      const row = ledger.get<{ key_parts: string; finished_at: string }>(
        "SELECT key_parts, finished_at FROM step_run WHERE pipeline = ? AND step_id = ? AND state = 'succeeded' AND key_parts IS NOT NULL AND run_id <> ? ORDER BY finished_at DESC LIMIT 1",
        pipeline,
        stepId,
        exceptRun
      )
      return row && { keyParts: JSON.parse(row.key_parts), finishedAt: row.finished_at }
    },
    event
  }
}
