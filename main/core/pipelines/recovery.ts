import { promises as fs, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import type { JobFailure } from '../../model/job'
import type { ParameterValue } from '../../model/pipeline'
import { isSettled } from '../../model/pipeline-run'
import type { JobsWriter } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import type { StepRegistry } from './define-step'
import type { AttemptId, Journal } from './journal'
import { createLiveStep, secretsOf, type LiveRun, type LiveStep } from './live-run'
import { inTurns } from './pieces'
import { readPipeline } from './pipeline-document'
import { bootId, processStart } from '../../storage/process-identity'
import { killTree } from '../confined-programs'
import { createRunGraph } from './run-graph'
import type { PipelineRunRow, StepRunRow } from './tables'
import { removeFolder } from './workspace-files'
import type { PipelineRunId } from '../../model/reference'

export interface Recovery {
  orphansKilled: number
  attemptsInterrupted: number
  runsResumed: PipelineRunId[]
}

type StaleAttempt = AttemptId & { token: string; pid: number | null; process_start: string | null; boot_id: string | null }

export const interrupted = (): WorkbenchError =>
  new WorkbenchError(
    'JOB_FAILED',
    'Drydock ended while this ran. Steps that had finished are kept: run the pipeline again and only the rest is done.'
  )

/** Ends processes that attempts of an earlier program left, empties tmp/, and closes those attempts; their steps wait again. */
export async function sweepAttempts(
  context: WorkspaceContext,
  journal: Journal,
  leftovers: readonly string[]
): Promise<Omit<Recovery, 'runsResumed'>> {
  const stale = context.ledger.all<StaleAttempt>(
    "SELECT run_id AS runId, step_id AS stepId, number AS attempt, token, pid, process_start, boot_id FROM attempt WHERE outcome = 'started'"
  )
  const boot = bootId()
  let orphansKilled = stale.length ? await killTree(new Set(stale.map((attempt) => attempt.token))) : 0
  for (const { token, pid, process_start, boot_id } of stale)
    if (pid !== null && boot !== null && boot_id === boot && process_start !== null && processStart(pid) === process_start)
      orphansKilled += await killTree(new Set([token]), pid)
  await clearTemporary(context, leftovers)
  const failure: JobFailure = { code: 'JOB_FAILED', message: 'Drydock ended while this attempt ran.' }
  context.ledger.transaction(() => {
    for (const attempt of stale) journal.attemptFinished(attempt, 'interrupted', { peakMemory: null, exitCode: null, failure })
    context.ledger.run(
      "UPDATE step_run SET state = 'waiting' WHERE state IN ('running', 'queued') AND run_id IN (SELECT id FROM pipeline_run WHERE state IN ('queued', 'running'))"
    )
  })
  return { orphansKilled, attemptsInterrupted: stale.length }
}

/** Runs that an earlier program did not finish, oldest first. */
export const unfinishedRuns = (context: WorkspaceContext): PipelineRunRow[] =>
  context.ledger.all<PipelineRunRow>("SELECT * FROM pipeline_run WHERE state IN ('queued', 'running') ORDER BY rowid")

/** True when the program ended so often during one step of the run that the step is likely what ends it. */
export const isPoisoned = (context: WorkspaceContext, runId: PipelineRunId, limit: number): boolean =>
  context.ledger.get(
    "SELECT step_id FROM attempt WHERE run_id = ? AND outcome = 'interrupted' GROUP BY step_id HAVING count(*) >= ?",
    runId,
    limit
  ) !== undefined

/** Ends a run that an earlier program left and nothing has taken up: what is left of its processes, and its record. */
export async function abandonRun(context: WorkspaceContext, journal: Journal, jobs: JobsWriter, runId: PipelineRunId): Promise<void> {
  const left = (): PipelineRunRow | undefined => unfinishedRuns(context).find(({ id }) => id === runId)
  if (!left()) return
  const tokens = context.ledger.all<{ token: string }>("SELECT token FROM attempt WHERE run_id = ? AND outcome = 'started'", runId)
  if (tokens.length > 0) await killTree(new Set(tokens.map(({ token }) => token)))
  const row = left()
  const failure: JobFailure = { code: 'CANCELLED', message: 'Cancelled before it was gone on with.' }
  if (row) closeInterruptedRun(context, journal, jobs, row, failure, 'cancelled')
}

/** Closes a run that is not gone on with; `interrupted`, unless somebody wanted its end. */
export function closeInterruptedRun(
  context: WorkspaceContext,
  journal: Journal,
  jobs: JobsWriter,
  row: PipelineRunRow,
  failure: JobFailure,
  end: 'interrupted' | 'cancelled' = 'interrupted'
): void {
  const runId = row.id
  const now = context.clock().toISOString()
  context.ledger.transaction(() => {
    context.ledger.run(
      "UPDATE step_run SET state = ?, finished_at = ? WHERE run_id = ? AND state IN ('waiting', 'queued', 'running')",
      end,
      now,
      runId
    )
    journal.runState(runId, end, failure)
    jobs.open('pipeline-run', row.title, () => undefined, { id: runId, existing: true }).finished(end, { failure })
  })
}

/** What lies in tmp/ now. Read when the workspace is opened: what comes later belongs to this process. */
export function temporaryNames({ directory }: WorkspaceContext): string[] {
  const folder = join(directory, 'tmp')
  return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : []
}

/** Removes leftovers from tmp/. What cannot be removed stays and is named in the log: it must not keep anybody from the workspace. */
async function clearTemporary({ directory, log }: WorkspaceContext, leftovers: readonly string[]): Promise<void> {
  const folder = join(directory, 'tmp')
  const about = await fs.lstat(folder).catch(() => undefined)
  if (!about) return
  if (!about.isDirectory()) {
    // A link would lead the sweep into somebody else's folder.
    await fs.rename(folder, `${folder}.aside-${Date.now()}`)
    log('warn', 'tmp in the workspace was not a folder; it was put aside', { directory })
    return void (await fs.mkdir(folder))
  }
  for (const name of leftovers)
    if (!(await removeFolder(join(folder, name)))) log('warn', 'A leftover in tmp could not be removed', { name })
}

/** Attempts of a step that count against its retries. */
const failedAttempts = ({ ledger }: WorkspaceContext, runId: PipelineRunId, stepId: string): number =>
  ledger.get<{ n: number }>(
    "SELECT count(*) AS n FROM attempt WHERE run_id = ? AND step_id = ? AND outcome IN ('failed', 'timed-out', 'out-of-memory')",
    runId,
    stepId
  )!.n

/** Brings a run back from the journal: finished steps with their outputs, the rest waiting. Throws UNSUPPORTED_VERSION, STORAGE_CORRUPT. */
export async function restoreRun(
  context: WorkspaceContext,
  journal: Journal,
  options: { jobs: JobsWriter; steps: StepRegistry },
  row: PipelineRunRow,
  cancel: () => Promise<void>
): Promise<LiveRun> {
  const { document } = await inTurns(readPipeline((await context.objects.read(row.version)).toString('utf8')))
  if (!document) throw new WorkbenchError('STORAGE_CORRUPT', `The frozen pipeline of run ${row.id} cannot be read.`)
  const steps = new Map<string, LiveStep>()
  for (const stored of context.ledger.all<StepRunRow>('SELECT * FROM step_run WHERE run_id = ? ORDER BY position', row.id)) {
    const definition = options.steps.get(stored.type)
    const step = document.steps.find((item) => item.id === stored.step_id)
    if (!definition || !step || definition.version !== stored.type_version)
      throw new WorkbenchError(
        'UNSUPPORTED_VERSION',
        `The step "${stored.step_id}" was started by another version of Drydock and cannot go on. Start the pipeline again.`
      )
    const live = createLiveStep(
      step,
      definition,
      JSON.parse(stored.parameters) as Record<string, unknown>,
      JSON.parse(stored.frozen) as Record<string, unknown>
    )
    live.state = stored.state
    live.failures = failedAttempts(context, row.id, step.id)
    live.cacheKey = stored.cache_key
    if (stored.state === 'succeeded') {
      live.source = { runId: stored.source_run!, stepId: stored.source_step!, attempt: stored.source_attempt! }
      live.outputs = journal.outputsOf(live.source)
    }
    steps.set(step.id, live)
  }
  const needy = [...steps.values()].find((live) => !isSettled(live.state) && secretsOf(live).length > 0)
  if (needy)
    throw new WorkbenchError(
      'JOB_FAILED',
      `Drydock ended while this ran, and "${needy.step.id}" needs a secret, which is kept nowhere. Start the pipeline again and give it: steps that had finished are not run again.`
    )
  const job = options.jobs.open('pipeline-run', row.title, cancel, { id: row.id, existing: true })
  const parameters = JSON.parse(row.parameters) as Record<string, ParameterValue>
  return {
    id: row.id,
    pipeline: row.pipeline,
    version: row.version,
    force: row.force === 1,
    document,
    parameters,
    secrets: {},
    steps,
    graph: createRunGraph(steps),
    state: 'running',
    failure: null,
    job,
    cancel: new AbortController()
  }
}
