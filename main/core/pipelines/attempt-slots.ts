import type { Progress } from '../../model/job'
import type { MetricPoint } from '../../model/pipeline-run'
import { noProgress } from '../jobs'
import type { LiveRun, LiveStep } from './live-run'
import { createMemoryPromises } from './memory-promises'
import type { StepExecution } from './step-execution'
import type { StepStates } from './step-states'
import type { StepWorkers } from './step-workers'
import type { PipelineRunId } from '../../model/reference'

/** The places in which attempts run, at most `limit` at the same time, and no more memory than there is promised to them together. */
export interface AttemptSlots {
  /** What keeps a queued step from beginning now, in words; null when nothing does. */
  obstacle(live: LiveStep): string | null
  /** Begins an attempt of a queued step; there must be no obstacle. */
  launch(run: LiveRun, live: LiveStep): void
  /** Resolves when every attempt has ended. */
  ended(): Promise<unknown>
}

export interface AttemptSlotsOptions {
  execution: StepExecution
  states: StepStates
  workers: StepWorkers
  limit: number
  /** Bytes that attempts may ask for together. */
  memory: number
  runs: ReadonlyMap<PipelineRunId, LiveRun>
  /** Why no attempt may begin now, in words; null where nothing speaks against it. Asked before each. */
  standing(): string | null
  /** Aborted while the program ends: how an attempt went is then left to the next start. */
  closing: AbortSignal
  onProgress(runId: PipelineRunId, stepId: string, progress: Progress): void
  onMetric(runId: PipelineRunId, stepId: string, point: MetricPoint): void
  /** A place is free, or a step is queued again: the loop over the graph has something to do. */
  changed(): void
}

/** After what time it is looked whether steps that must not start may by now, milliseconds. */
const LOOK_AGAIN_MS = 1000

/** Creates the places of one open workspace. */
export function createAttemptSlots(options: AttemptSlotsOptions): AttemptSlots {
  const { states, limit } = options
  const attempts = new Set<Promise<void>>()
  const promises = createMemoryPromises(options.memory)
  const standing = createStanding(options)
  let busy = 0

  const launch = (run: LiveRun, live: LiveStep): void => {
    busy++
    promises.give(live)
    states.set(run, live, 'running')
    live.progress = noProgress
    live.began = performance.now()
    const work = attempt(run, live, options)
      .catch((error: unknown) => {
        // The journal itself failed (a full disk): the run ends in memory, and in the journal as soon as that takes it.
        states.failUnrecorded(run, live, error)
      })
      .finally(() => {
        busy--
        promises.takeBack(live)
        attempts.delete(work)
        states.reportProgress(run)
        options.changed()
      })
    attempts.add(work)
  }
  return {
    obstacle: (live) => standing() ?? (busy >= limit ? `Waiting for a slot: ${busy} of ${limit} busy` : promises.obstacle(live)),
    launch,
    ended: () => Promise.all(attempts)
  }
}

/** Asks whether attempts may begin, and again after a while where they may not: nobody tells when they may. */
function createStanding({ standing, changed, closing }: AttemptSlotsOptions): () => string | null {
  let again: NodeJS.Timeout | null = null
  closing.addEventListener('abort', () => clearTimeout(again ?? undefined))
  return () => {
    const reason = standing()
    if (reason !== null && !closing.aborted)
      again ??= setTimeout(() => {
        again = null
        changed()
      }, LOOK_AGAIN_MS)
    return reason
  }
}

async function attempt(run: LiveRun, live: LiveStep, options: AttemptSlotsOptions): Promise<void> {
  const { execution, states, closing, onProgress, onMetric } = options
  const { outcome, failure } = await execution.attempt(run, live, {
    started: () => keepSpares(options),
    progress(progress) {
      live.progress = progress
      onProgress(run.id, live.step.id, progress)
      states.reportProgress(run)
    },
    metrics: (points) => points.forEach((point) => onMetric(run.id, live.step.id, point))
  })
  if (closing.aborted) return
  if (outcome === 'succeeded') return states.set(run, live, 'succeeded')
  if (outcome === 'cancelled' || run.cancel.signal.aborted) return states.set(run, live, 'cancelled', failure ?? undefined)
  live.failures++
  if (outcome !== 'out-of-memory' && live.failures <= (live.step.retries ?? 0)) return retryLater(run, live, options)
  states.set(run, live, 'failed', failure ?? undefined)
}

function retryLater(run: LiveRun, live: LiveStep, { states, changed }: AttemptSlotsOptions): void {
  states.set(run, live, 'queued')
  live.waitingFor = `Attempt ${live.failures + 1} of ${(live.step.retries ?? 0) + 1} follows`
  live.retryTimer = setTimeout(
    () => {
      live.retryTimer = null
      changed()
    },
    200 * 2 ** Math.min(live.failures, 6)
  )
}

/** Called when an attempt has begun, so that the next process starts while this step works and not beside its start. */
function keepSpares({ runs, workers, limit }: AttemptSlotsOptions): void {
  const due: string[] = []
  for (const run of runs.values())
    if (!run.cancel.signal.aborted)
      for (const { state, definition } of run.steps.values())
        if (due.length < limit && !definition.inline && (state === 'waiting' || state === 'queued')) due.push(definition.type)
  workers.keep(due)
}
