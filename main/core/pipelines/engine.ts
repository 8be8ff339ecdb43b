import type { JobFailure, Progress } from '../../model/job'
import type { PipelineDocument } from '../../model/pipeline'
import type { MetricPoint, StepState } from '../../model/pipeline-run'
import { contentReference } from '../../model/reference'
import type { Jobs } from '../jobs'
import { createProgressMeter, failureOf, noProgress } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import { defaultSlots } from './attempt'
import type { StepRegistry } from './define-step'
import { createJournal, type NewStep } from './journal'
import { deriveRunProgress, isSettled, PROGRAM_ENDS, type LiveRun, type LiveStep } from './live-run'
import type { RunPlan } from './prepare-run'
import { closeInterruptedRun, interrupted, isPoisoned, restoreRun, sweepAttempts, unfinishedRuns, type Recovery } from './recovery'
import { createRunEndings, type EndState } from './run-endings'
import { takeFromCache } from './step-cache'
import type { StepRecords } from './commit-step'
import { createStepExecution } from './step-execution'
import { createStepWorkers } from './step-workers'

/** A step in whose attempts the program ended this often is taken to be what ends it. */
const MAX_INTERRUPTIONS = 5
/** How long the loop over the graph may keep the event loop of the program, milliseconds. */
const MAX_TURN_MS = 25

export interface EngineOptions {
  jobs: Jobs
  steps: StepRegistry
  records: StepRecords
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
  plan: RunPlan
  force: boolean
}
/** Runs pipelines of one workspace: the loop over the graph, slots, retries, cancel and recovery. */
export interface Engine {
  /** Writes a run into the journal, in the caller's transaction; `begin` sets it going and is called after that. */
  start(options: StartOptions): { runId: string; begin(): void }
  /** Resolves when every attempt of the run has ended. */
  cancel(runId: string): Promise<void>
  live(runId: string): LiveRun | undefined
  /** After a crash: kills orphans, clears tmp/, and resumes (`requeue`) or closes (`mark`) unfinished runs. Call once, at start. */
  recover(mode: 'requeue' | 'mark'): Promise<Recovery>
  /** Resolves when the run is finished, or when the engine is closed. */
  finished(runId: string): Promise<void>
  /** Stops the attempts; unfinished runs stay unfinished and go on at the next start. */
  close(): Promise<void>
}

export function createEngine(context: WorkspaceContext, options: EngineOptions): Engine {
  const journal = createJournal(context)
  const workers = createStepWorkers(context.newId)
  const execution = createStepExecution(context, journal, options.records, workers)
  const endings = createRunEndings(context, journal, (runId) => {
    options.onRun(runId)
    context.changed('pipelines')
  })
  const slots = options.slots ?? defaultSlots()
  const runs = new Map<string, LiveRun>()
  const waiting = new Map<string, (() => void)[]>()
  const attempts = new Set<Promise<void>>()
  let busy = 0
  let isClosing = false

  const setState = (run: LiveRun, live: LiveStep, state: StepState, failure?: JobFailure): void => {
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
    options.onStep(run.id, live.step.id)
    // What a step made is there from now on; how the run stands is told by its stream.
    if (state === 'succeeded') context.changed('features')
  }

  const meters = new Map<string, ReturnType<typeof createProgressMeter>>()
  const reportProgress = (run: LiveRun): void => {
    const { fraction, message } = deriveRunProgress(run)
    if (!meters.has(run.id)) meters.set(run.id, createProgressMeter())
    run.job.progress(meters.get(run.id)!(fraction, message))
  }

  /** Moves every run on as far as it goes without waiting; called after each change. */
  const pump = (): void => {
    if (isClosing) return
    const begin = performance.now()
    for (const run of [...runs.values()]) {
      for (let moved = true; moved;) {
        moved = false
        for (const live of run.steps.values()) {
          if (live.state !== 'waiting' || !advance(run, live)) continue
          moved = true
          // Hundreds of steps out of the cache are hundreds of commits; others get their turn in between.
          if (performance.now() - begin > MAX_TURN_MS) return void setImmediate(pump)
        }
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
      if (takeFromCache(context, journal, run, live)) setState(run, live, 'succeeded')
      else setState(run, live, 'queued')
    } catch (error) {
      setState(run, live, 'failed', failureOf(error, `preparing the step "${live.step.id}"`))
    }
    reportProgress(run)
    return true
  }

  /** Called when an attempt has begun, so that the next process starts while this step works and not beside its start. */
  const keepSpares = (): void => {
    let due = 0
    for (const run of runs.values())
      if (!run.cancel.signal.aborted)
        for (const { state, definition } of run.steps.values()) if (!definition.inline && (state === 'waiting' || state === 'queued')) due++
    workers.keep(Math.min(slots, due))
  }

  const launch = (run: LiveRun, live: LiveStep): void => {
    busy++
    setState(run, live, 'running')
    live.progress = noProgress
    const work = execution
      .attempt(run, live, {
        started: keepSpares,
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
        // The journal itself failed (a full disk): the run ends in memory, and in the journal as soon as that takes it.
        context.log('error', `The journal could not record "${live.step.id}"`, {
          stack: error instanceof Error ? error.stack : String(error)
        })
        live.state = 'failed'
        live.failure = failureOf(error, `recording the step "${live.step.id}"`)
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
    const state: EndState = failed
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
    const failure: JobFailure | undefined = failed?.failure ?? (stored?.failure ? (JSON.parse(stored.failure) as JobFailure) : undefined)
    run.state = state
    run.failure = failure ?? null
    runs.delete(run.id)
    meters.delete(run.id)
    endings.record(run, state, failure && { ...failure, message: `${failed!.step.id}: ${failure.message}` })
    options.onRun(run.id)
    context.changed('pipelines')
    waiting.get(run.id)?.forEach((wake) => wake())
    waiting.delete(run.id)
  }

  /** Takes a run up that the ledger already has as running. */
  const adopt = (run: LiveRun): void => {
    runs.set(run.id, run)
    run.state = 'running'
    options.onRun(run.id)
    // Later, so that whoever starts a run can watch it from its first change.
    setImmediate(pump)
  }

  const cancel = async (runId: string): Promise<void> => {
    const run = runs.get(runId)
    // While the program ends, the run is left for the next start; its attempts are stopped all the same.
    if (!run || isClosing) return
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

  return {
    live: (runId) => runs.get(runId) ?? endings.pending(runId),
    cancel,
    finished,

    start({ document, version, plan: { parameters, targetStep, steps }, force }) {
      const title = document.title ?? document.name
      const { id, job } = context.ledger.transaction(() => {
        const runId = context.newId()
        const opened = options.jobs.open('pipeline-run', title, () => cancel(runId), {
          id: runId,
          subject: contentReference('pipeline', document.name, version)
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
        journal.runState(runId, 'running')
        opened.started()
        return { id: runId, job: opened }
      })
      const run: LiveRun = {
        id,
        pipeline: document.name,
        version,
        force,
        document,
        parameters,
        steps,
        state: 'running',
        failure: null,
        job,
        cancel: new AbortController()
      }
      return { runId: id, begin: () => adopt(run) }
    },

    async recover(mode) {
      const swept = await sweepAttempts(context, journal)
      const resumed: string[] = []
      for (const row of unfinishedRuns(context)) {
        try {
          if (mode === 'mark' || isPoisoned(context, row.id, options.maxInterruptions ?? MAX_INTERRUPTIONS)) throw interrupted()
          const run = await restoreRun(context, journal, options, row, () => cancel(row.id))
          context.ledger.transaction(() => {
            journal.runState(run.id, 'running')
            run.job.started()
          })
          adopt(run)
          resumed.push(row.id)
        } catch (error) {
          closeInterruptedRun(context, journal, options.jobs, row, failureOf(error, 'going on with a run'))
        }
      }
      return { ...swept, runsResumed: resumed }
    },

    async close() {
      isClosing = true
      endings.close()
      for (const run of runs.values()) {
        run.cancel.abort(PROGRAM_ENDS)
        for (const live of run.steps.values()) if (live.retryTimer) clearTimeout(live.retryTimer)
      }
      await Promise.all([...attempts, workers.close()])
      // Nobody waits for an end that comes after the next start.
      for (const wakes of waiting.values()) for (const wake of wakes) wake()
      waiting.clear()
    }
  }
}
