import type { AttemptEnvironment } from '../../model/pipeline-run'
import type { ProgramEnvironment } from '../../model/program-environment'
import type { AttemptResult } from './attempt'
import type { AttemptProgress } from './commit-step'
import type { AttemptId, Journal } from './journal'

/** What is learned of an attempt while it runs; where it runs is in the journal as soon as it is known. */
export function createAttemptNotes(journal: Pick<Journal, 'attemptEnvironment'>, id: AttemptId, startedAt: string) {
  let captured: AttemptEnvironment | null = null
  let program: ProgramEnvironment | undefined
  let held: Pick<AttemptEnvironment, 'confinement'> = {}
  let ended: Pick<AttemptResult, 'peakMemory' | 'exitCode'> = { peakMemory: null, exitCode: null }
  return {
    environment(found: AttemptEnvironment): void {
      captured = found
      journal.attemptEnvironment(id, captured)
    },
    /** How its programs were held; nothing is known of that before it is known where they run. */
    confined(confinement: string): void {
      if (!captured) return
      held = { confinement }
      journal.attemptEnvironment(id, { ...captured, ...held })
    },
    /** What its program found to work with; the journal has that from the commit. */
    program(found: ProgramEnvironment | undefined): void {
      program = found
    },
    ended({ peakMemory, exitCode }: Pick<AttemptResult, 'peakMemory' | 'exitCode'>): void {
      ended = { peakMemory, exitCode }
    },
    soFar: (): AttemptProgress & { exitCode: number | null } => ({
      ...{ startedAt, ...ended },
      environment: captured && { ...captured, ...(program && { program }), ...held }
    })
  }
}
export type AttemptNotes = ReturnType<typeof createAttemptNotes>
