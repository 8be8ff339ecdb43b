import { failureOf } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import type { AttemptSlots } from './attempt-slots'
import type { StepCommit } from './commit-step'
import type { Journal } from './journal'
import { isSettled, type LiveRun, type LiveStep } from './live-run'
import { takeFromCache } from './step-cache'
import type { StepStates } from './step-states'
import type { PipelineRunId } from '../../model/reference'

/** How long the loop over the graph may keep the event loop of the program, milliseconds. */
const MAX_TURN_MS = 25

export interface RunLoopOptions {
  context: WorkspaceContext
  journal: Journal
  states: StepStates
  slots: AttemptSlots
  /** The outputs of an earlier attempt were taken over. */
  recalled: StepCommit['recalled']
  runs: ReadonlyMap<PipelineRunId, LiveRun>
  /** Aborted while the program ends: then nothing moves any more. */
  closing: AbortSignal
  onStep(runId: PipelineRunId, stepId: string): void
  /** Every step of the run is settled. */
  finish(run: LiveRun): void
}

/** The loop over the graphs. The returned function moves every run on as far as it goes without waiting; call it after each change. */
export function createRunLoop(options: RunLoopOptions): () => void {
  const pump = (): void => {
    if (options.closing.aborted) return
    const until = performance.now() + MAX_TURN_MS
    for (const run of [...options.runs.values()]) {
      if (!advanceWaiting(run, until, options)) return void setImmediate(pump)
      launchQueued(run, options)
      const states = [...run.steps.values()].map((live) => live.state)
      run.job.waitingFor(!states.includes('running') && states.includes('queued') ? options.slots.reason() : null)
      if (states.every(isSettled)) options.finish(run)
    }
  }
  return pump
}

/** False when the time of this turn was used up: hundreds of steps out of the cache are hundreds of commits, and others get their turn. */
function advanceWaiting(run: LiveRun, until: number, options: RunLoopOptions): boolean {
  for (let moved = true; moved;) {
    moved = false
    for (const live of run.steps.values()) {
      if (live.state !== 'waiting' || !advance(run, live, options)) continue
      moved = true
      if (performance.now() > until) return false
    }
  }
  return true
}

/** Looks at a waiting step: skipped, taken from the cache, or ready to be queued. True when its state changed. */
function advance(run: LiveRun, live: LiveStep, options: RunLoopOptions): boolean {
  const { states } = options
  if (run.cancel.signal.aborted) {
    states.set(run, live, 'cancelled')
    return true
  }
  const needs = live.needs.map((id) => run.steps.get(id)!)
  const broken = needs.find((need) => isSettled(need.state) && need.state !== 'succeeded')
  if (broken) {
    states.set(run, live, 'skipped', { code: 'JOB_FAILED', message: `Not run, because "${broken.step.id}" did not succeed.` })
    return true
  }
  if (!needs.every((need) => need.state === 'succeeded')) return false
  try {
    states.set(run, live, takeFromCache(options, run, live) ? 'succeeded' : 'queued')
  } catch (error) {
    states.set(run, live, 'failed', failureOf(error, `preparing the step "${live.step.id}"`))
  }
  states.reportProgress(run)
  return true
}

function launchQueued(run: LiveRun, { slots, onStep }: RunLoopOptions): void {
  for (const live of run.steps.values()) {
    if (live.state !== 'queued' || live.retryTimer) continue
    if (!slots.isFull()) slots.launch(run, live)
    else if (live.waitingFor !== slots.reason()) {
      live.waitingFor = slots.reason()
      onStep(run.id, live.step.id)
    }
  }
}
