import { existsSync, promises as fs } from 'node:fs'
import { join } from 'node:path'
import { WorkbenchError } from '../../model/errors'
import type { JobFailure, Progress } from '../../model/job'
import type { ParameterValue, PipelineDocument } from '../../model/pipeline'
import type { MetricPoint, RunState, StepState } from '../../model/pipeline-run'
import type { Jobs } from '../jobs'
import { createProgressMeter, failureOf, noProgress } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import { defaultSlots } from './attempt'
import type { FreezeContext, StepRegistry } from './define-step'
import { createJournal, type AttemptId, type NewStep } from './journal'
import { createLiveStep, deriveRunProgress, isSettled, selectSteps, type LiveRun, type LiveStep } from './live-run'
import { killTree, processStart, bootId } from './process-tree'
import type { StepCommits } from './step-commits'
import { createStepExecution } from './step-execution'
import { resolveParameters, substituteParameters } from './substitute-parameters'
import { parsePipeline } from './pipeline-document'

/** A step in whose attempts the program ended this often is taken to be what ends it. */
const MAX_INTERRUPTIONS = 5

export interface EngineOptions {
  jobs: Jobs
  steps: StepRegistry
  commits: StepCommits
  freeze: FreezeContext
  /** Attempts at the same time. */
  slots?: number
  /** Interrupted attempts of one step after which a run is not resumed. */
  maxInterruptions?: number
  onStep(runId: string, stepId: string): void
  onProgress(runId: string, stepId: string, progress: Progress): void
  onMetric(runId: string, stepId: string, point: MetricPoint): void
  onRun(runId: string): void
}
export interface StartOptions {
  document: PipelineDocument
  version: string
  parameters: Record<string, ParameterValue>
  targetStep: string | null
  force: boolean
}
export interface Recovery {
  orphansKilled: number
  attemptsInterrupted: number
  runsResumed: string[]
}

/** Runs pipelines of one workspace: the loop over the graph, slots, retries, cancel and recovery. */
export interface Engine {
  start(options: StartOptions): Promise<string>
  /** Resolves when every attempt of the run has ended. */
  cancel(runId: string): Promise<void>
  live(runId: string): LiveRun | undefined
  /** After a crash: kills orphans, clears tmp/, and resumes (`requeue`) or closes (`mark`) unfinished runs. Call once, at start. */
  recover(mode: 'requeue' | 'mark'): Promise<Recovery>
  /** Resolves when the run is finished. */
  finished(runId: string): Promise<void>
  /** Stops the attempts; unfinished runs stay unfinished and go on at the next start. */
  close(): Promise<void>
}

export function createEngine(context: WorkspaceContext, options: EngineOptions): Engine {
  const journal = createJournal(context)
  const execution = createStepExecution(context, journal, options.commits)
  const slots = options.slots ?? defaultSlots()
  const runs = new Map<string, LiveRun>()
  const waiting = new Map<string, (() => void)[]>()
  const attempts = new Set<Promise<void>>()
  let busy = 0
  let isClosing = false

  const setState = (run: LiveRun, live: LiveStep, state: StepState, failure?: JobFailure): void => {
    live.state = state
    live.waitingFor = null
    if (isSettled(state)) live.progress = { fraction: state === 'succeeded' ? 1 : live.progress.fraction, message: '', etaSeconds: null }
    // Running and succeeded are written by the attempt protocol itself, together with the attempt.
    if (state !== 'running' && state !== 'succeeded') journal.stepState(run.id, live.step.id, state, failure)
    options.onStep(run.id, live.step.id)
    context.changed('pipeline-runs')
  }

  const meters = new Map<string, ReturnType<typeof createProgressMeter>>()
  const reportProgress = (run: LiveRun): void => {
    const { fraction, message } = deriveRunProgress(run)
    if (!meters.has(run.id))
      meters.set(
        run.id,
        createProgressMeter(() => Date.now())
      )
    run.job.progress(meters.get(run.id)!(fraction, message))
  }

  /** Moves every run on as far as it goes without waiting; called after each change. */
  const pump = (): void => {
    if (isClosing) return
    for (const run of [...runs.values()]) {
      for (let moved = true; moved;) {
        moved = false
        for (const live of run.steps.values()) if (live.state === 'waiting' && advance(run, live)) moved = true
      }
      for (const live of run.steps.values()) {
        if (live.state !== 'queued' || live.retryTimer) continue
        if (busy >= slots) {
          const reason = `Waiting for a slot: ${busy} of ${slots} busy`
          if (live.waitingFor !== reason) {
            live.waitingFor = reason
            options.onStep(run.id, live.step.id)
          }
        } else launch(run, live)
      }
      const states = [...run.steps.values()].map((live) => live.state)
      run.job.waitingFor(!states.includes('running') && states.includes('queued') ? `Waiting for a slot: ${busy} of ${slots} busy` : null)
      if (states.every(isSettled)) finish(run)
    }
  }

  /** Looks at a waiting step: skipped, taken from the cache, or ready to be queued. True when its state changed. */
  const advance = (run: LiveRun, live: LiveStep): boolean => {
    if (run.cancel.signal.aborted) return (setState(run, live, 'cancelled'), true)
    const needs = live.needs.map((id) => run.steps.get(id)!)
    const broken = needs.find((need) => isSettled(need.state) && need.state !== 'succeeded')
    if (broken)
      return (
        setState(run, live, 'skipped', { code: 'JOB_FAILED', message: `Not run, because "${broken.step.id}" did not succeed.` }),
        true
      )
    if (!needs.every((need) => need.state === 'succeeded')) return false
    try {
      if (execution.takeFromCache(run, live)) setState(run, live, 'succeeded')
      else setState(run, live, 'queued')
    } catch (error) {
      setState(run, live, 'failed', failureOf(error, `preparing the step "${live.step.id}"`))
    }
    reportProgress(run)
    return true
  }

  const launch = (run: LiveRun, live: LiveStep): void => {
    busy++
    setState(run, live, 'running')
    live.progress = noProgress
    const work = execution
      .attempt(run, live, {
        environment: () => {},
        progress(progress) {
          live.progress = progress
          options.onProgress(run.id, live.step.id, progress)
          reportProgress(run)
        },
        metrics: (points) => points.forEach((point) => options.onMetric(run.id, live.step.id, point))
      })
      .then(({ outcome, failure }) => {
        if (isClosing) return
        if (outcome === 'succeeded') return setState(run, live, 'succeeded')
        if (outcome === 'cancelled' || run.cancel.signal.aborted) return setState(run, live, 'cancelled', failure ?? undefined)
        live.failures++
        if (outcome !== 'out-of-memory' && live.failures <= (live.step.retries ?? 0)) return retryLater(run, live)
        setState(run, live, 'failed', failure ?? undefined)
      })
      .catch((error: unknown) => {
        // The journal itself failed (full disk): nothing more can be recorded, so the run is ended in memory and by the next start.
        context.log('error', `The journal could not record "${live.step.id}"`, {
          stack: error instanceof Error ? error.stack : String(error)
        })
        live.state = 'failed'
      })
      .finally(() => {
        busy--
        attempts.delete(work)
        reportProgress(run)
        pump()
      })
    attempts.add(work)
  }

  const retryLater = (run: LiveRun, live: LiveStep): void => {
    setState(run, live, 'queued')
    live.waitingFor = `Attempt ${live.failures + 1} of ${(live.step.retries ?? 0) + 1} follows`
    live.retryTimer = setTimeout(
      () => {
        live.retryTimer = null
        pump()
      },
      200 * 2 ** Math.min(live.failures, 6)
    )
  }

  const finish = (run: LiveRun): void => {
    const steps = [...run.steps.values()]
    const failed = steps.find((live) => live.state === 'failed')
    const state: Exclude<RunState, 'queued' | 'running'> = failed
      ? 'failed'
      : steps.some((live) => live.state === 'cancelled')
        ? 'cancelled'
        : steps.some((live) => live.state === 'interrupted')
          ? 'interrupted'
          : 'succeeded'
    const stored =
      failed &&
      context.ledger.get<{ failure: string | null }>(
        'SELECT failure FROM step_run WHERE run_id = ? AND step_id = ?',
        run.id,
        failed.step.id
      )
    const failure: JobFailure | undefined = stored?.failure ? (JSON.parse(stored.failure) as JobFailure) : undefined
    run.state = state
    runs.delete(run.id)
    meters.delete(run.id)
    try {
      context.ledger.transaction(() => {
        journal.runState(run.id, state, failure)
        run.job.finished(state, { failure: failure && { ...failure, message: `${failed!.step.id}: ${failure.message}` } })
      })
    } catch (error) {
      context.log('error', `The end of run ${run.id} could not be recorded`, { stack: String(error) })
    }
    options.onRun(run.id)
    context.changed('pipelines', 'pipeline-runs')
    waiting.get(run.id)?.forEach((wake) => wake())
    waiting.delete(run.id)
  }

  const adopt = (run: LiveRun): void => {
    runs.set(run.id, run)
    run.state = 'running'
    context.ledger.transaction(() => {
      journal.runState(run.id, 'running')
      run.job.started()
    })
    options.onRun(run.id)
    // Later, so that whoever starts a run can watch it from its first change.
    setImmediate(pump)
  }

  const cancel = async (runId: string): Promise<void> => {
    const run = runs.get(runId)
    if (!run) return
    run.cancel.abort()
    for (const live of run.steps.values()) {
      if (live.retryTimer) clearTimeout(live.retryTimer)
      live.retryTimer = null
      if (live.state === 'queued' || live.state === 'waiting') setState(run, live, 'cancelled')
    }
    const over = finished(runId)
    pump()
    await over
  }
  const finished = (runId: string): Promise<void> =>
    runs.has(runId) ? new Promise((resolve) => waiting.set(runId, [...(waiting.get(runId) ?? []), resolve])) : Promise.resolve()

  const restore = async (row: RunRow): Promise<LiveRun> => {
    const document = parsePipeline((await context.objects.read(row.version)).toString('utf8')).document
    if (!document) throw new WorkbenchError('STORAGE_CORRUPT', `The frozen pipeline of run ${row.id} cannot be read.`)
    const steps = new Map<string, LiveStep>()
    for (const stored of context.ledger.all<StepRow>('SELECT * FROM step_run WHERE run_id = ? ORDER BY position', row.id)) {
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
      live.cacheKey = stored.cache_key
      if (stored.state === 'succeeded') {
        live.source = { runId: stored.source_run!, stepId: stored.source_step!, attempt: stored.source_attempt! }
        live.outputs = journal.outputsOf(live.source)
      }
      steps.set(step.id, live)
    }
    const job = options.jobs.open('pipeline-run', row.title, () => cancel(row.id), { id: row.id, existing: true })
    const parameters = JSON.parse(row.parameters) as Record<string, ParameterValue>
    return {
      id: row.id,
      pipeline: row.pipeline,
      version: row.version,
      force: row.force === 1,
      document,
      parameters,
      steps,
      state: 'running',
      job,
      cancel: new AbortController()
    }
  }

  return {
    live: (runId) => runs.get(runId),
    cancel,
    finished,

    async start({ document, version, parameters: given, targetStep, force }) {
      if (targetStep !== null && !document.steps.some((step) => step.id === targetStep))
        throw new WorkbenchError(
          'NOT_FOUND',
          `There is no step "${targetStep}" to run to. Choose one of: ${document.steps.map((step) => step.id).join(', ')}.`
        )
      const parameters = resolveParameters(document, given)
      const steps = new Map<string, LiveStep>()
      for (const step of selectSteps(document, targetStep)) {
        const definition = options.steps.get(step.type)!
        const values = definition.parameters.safeParse(substituteParameters(step.parameters ?? {}, parameters))
        if (!values.success)
          throw new WorkbenchError(
            'INVALID_INPUT',
            `The parameters of "${step.id}" do not fit: ${values.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}. Correct them and start again.`,
            { details: { stepId: step.id } }
          )
        const frozen = (await definition.freeze?.(values.data, options.freeze)) ?? {}
        steps.set(step.id, createLiveStep(step, definition, values.data as Record<string, unknown>, frozen))
      }
      const title = document.title ?? document.name
      const { id, job } = context.ledger.transaction(() => {
        const runId = context.newId()
        const opened = options.jobs.open('pipeline-run', title, () => cancel(runId), {
          id: runId,
          subject: `pipeline:${document.name}@sha256:${version}`
        })
        journal.createRun(
          { id: runId, pipeline: document.name, version, title, parameters, targetStep, force },
          [...steps.values()].map((live): NewStep => ({
            stepId: live.step.id,
            type: live.definition.type,
            typeVersion: live.definition.version,
            title: live.step.title ?? live.definition.title,
            parameters: live.parameters,
            frozen: live.frozen
          }))
        )
        return { id: runId, job: opened }
      })
      adopt({
        id,
        pipeline: document.name,
        version,
        force,
        document,
        parameters,
        steps,
        state: 'queued',
        job,
        cancel: new AbortController()
      })
      return id
    },

    async recover(mode) {
      const stale = context.ledger.all<
        AttemptId & { token: string; pid: number | null; process_start: string | null; boot_id: string | null }
      >(
        "SELECT run_id AS runId, step_id AS stepId, number AS attempt, token, pid, process_start, boot_id FROM attempt WHERE outcome = 'started'"
      )
      const boot = bootId()
      const killed = stale.length ? await killTree(new Set(stale.map((attempt) => attempt.token))) : 0
      let byPid = 0
      for (const { token, pid, process_start, boot_id } of stale)
        if (pid !== null && boot !== null && boot_id === boot && process_start !== null && processStart(pid) === process_start)
          byPid += await killTree(new Set([token]), pid)
      await clearFolder(join(context.directory, 'tmp'))
      const open = context.ledger.all<RunRow>("SELECT * FROM pipeline_run WHERE state IN ('queued', 'running') ORDER BY created_at")
      const failure: JobFailure = {
        code: 'JOB_FAILED',
        message: 'Drydock ended while this ran. Steps that had finished are kept: run the pipeline again and only the rest is done.'
      }
      context.ledger.transaction(() => {
        for (const attempt of stale)
          journal.attemptFinished(attempt, 'interrupted', {
            peakMemory: null,
            exitCode: null,
            failure: { ...failure, message: 'Drydock ended while this attempt ran.' }
          })
        context.ledger.run(
          "UPDATE step_run SET state = 'waiting' WHERE state IN ('running', 'queued') AND run_id IN (SELECT id FROM pipeline_run WHERE state IN ('queued', 'running'))"
        )
      })
      const resumed: string[] = []
      for (const row of open) {
        const poison = context.ledger.get<{ step_id: string }>(
          "SELECT step_id FROM attempt WHERE run_id = ? AND outcome = 'interrupted' GROUP BY step_id HAVING count(*) >= ?",
          row.id,
          options.maxInterruptions ?? MAX_INTERRUPTIONS
        )
        try {
          if (mode === 'mark' || poison) throw new WorkbenchError('JOB_FAILED', failure.message)
          adopt(await restore(row))
          resumed.push(row.id)
        } catch (error) {
          context.ledger.transaction(() => {
            context.ledger.run(
              "UPDATE step_run SET state = 'interrupted', finished_at = ? WHERE run_id = ? AND state = 'waiting'",
              context.clock().toISOString(),
              row.id
            )
            journal.runState(row.id, 'interrupted', failureOf(error, 'going on with a run'))
            context.ledger.run(
              "UPDATE job SET state = 'interrupted', finished_at = ?, failure = ? WHERE id = ?",
              context.clock().toISOString(),
              JSON.stringify(failureOf(error, 'going on with a run')),
              row.id
            )
          })
        }
      }
      return { orphansKilled: killed + byPid, attemptsInterrupted: stale.length, runsResumed: resumed }
    },

    async close() {
      isClosing = true
      for (const run of runs.values()) {
        run.cancel.abort()
        for (const live of run.steps.values()) if (live.retryTimer) clearTimeout(live.retryTimer)
      }
      await Promise.all(attempts)
    }
  }
}

async function clearFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) return
  for (const name of await fs.readdir(folder)) await fs.rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 })
}

interface RunRow {
  id: string
  pipeline: string
  version: string
  title: string
  parameters: string
  force: number
}
interface StepRow {
  step_id: string
  type: string
  type_version: number
  state: StepState
  parameters: string
  frozen: string
  cache_key: string | null
  source_run: string | null
  source_step: string | null
  source_attempt: number | null
}
