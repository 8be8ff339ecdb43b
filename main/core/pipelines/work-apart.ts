import { promises as fs } from 'node:fs'
import type { MetricPoint } from '../../model/pipeline-run'
import { assertProgramsMayStart } from '../machine-settings'
import type { WorkspaceContext } from '../workspace/context'
import { runAttempt, type AttemptResult } from './attempt'
import type { AttemptNotes } from './attempt-notes'
import type { createAttemptCommit } from './commit-attempt'
import type { createStepCommit } from './commit-step'
import type { AttemptId, Journal, ProducedFile } from './journal'
import type { LiveRun, LiveStep } from './live-run'
import { readProgram } from './read-program'
import { startsPrograms } from './started-programs'
import { orderFor } from './step-order'
import type { ReservedWorker } from './step-workers'
import { takeInOutputs } from './take-in-outputs'

/** How an attempt ended that has no outputs. */
export type Ending = Pick<AttemptResult, 'outcome' | 'failure'>

const cancelled: Ending = {
  outcome: 'cancelled',
  failure: { code: 'CANCELLED', message: 'The step was cancelled.' }
}

/** An attempt while it is under way. */
export interface Ongoing {
  run: LiveRun
  live: LiveStep
  id: AttemptId
  notes: AttemptNotes
}

type Steps = Pick<ReturnType<typeof createStepCommit>, 'admit' | 'documentsOf'> &
  Pick<ReturnType<typeof createAttemptCommit>, 'assertInputs'>

/** What is told while it goes on. */
interface WorkEvents {
  /** The worker took its order. */
  started(): void
  /** `fraction` 0..1 or null while unknown. */
  progress(fraction: number | null, message: string): void
  metrics(points: MetricPoint[]): void
}

/** The middle of the attempt protocol: the work in a process of its own, from the check of what it reads to its files in the store. */
export function createWorkApart(context: WorkspaceContext, journal: Journal, steps: Steps, confine: boolean) {
  return async (
    { run, live, id, notes }: Ongoing,
    worker: ReservedWorker,
    directory: string,
    events: WorkEvents
  ): Promise<ProducedFile[] | Ending> => {
    const { definition, step, frozen } = live
    if (startsPrograms(live)) assertProgramsMayStart(`The program of "${step.id}"`)
    await steps.assertInputs(run, live)
    notes.program(await readProgram(context, definition.program?.(frozen)))
    if (definition.admit) steps.admit(run, live, await steps.documentsOf(run, live))
    await fs.mkdir(directory, { recursive: true })
    if (run.cancel.signal.aborted) return cancelled
    const result = await runAttempt({
      worker,
      signal: run.cancel.signal,
      timeout: step.timeout,
      order: orderFor(context, run, live, id, directory, confine),
      onSpawned: (process) => journal.attemptSpawned(id, process),
      onEnvironment: (found) => {
        notes.environment(found)
        events.started()
      },
      onConfined: notes.confined,
      onProgress: events.progress,
      onMetrics: (points) => {
        journal.metrics(id, points)
        events.metrics(points)
      }
    })
    notes.ended(result)
    if (result.outcome !== 'succeeded') return result
    const files = await takeInOutputs(context, step.id, directory, result)
    live.isVolatile = !((await definition.holds?.(frozen)) ?? true)
    return run.cancel.signal.aborted ? cancelled : files
  }
}
