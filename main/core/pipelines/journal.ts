import type { WorkspaceContext } from '../workspace/context'
import { createAttemptJournal } from './journal-attempts'
import { createOutputJournal } from './journal-outputs'
import { createJournalWriter } from './journal-records'
import { createRunJournal } from './journal-runs'

export type { AttemptId, HandedFile, NewRun, NewStep, ProducedFile, StepKey, StepPlace, UsedFile } from './journal-records'

/** Writes history and state of runs, both in one transaction. */
export type Journal = ReturnType<typeof createJournal>

/** Opens the journal of a workspace; every call is durable when it returns. */
export function createJournal(context: Pick<WorkspaceContext, 'ledger' | 'clock'>) {
  const writer = createJournalWriter(context)
  return { ...createRunJournal(writer), ...createAttemptJournal(writer), ...createOutputJournal(writer), event: writer.event }
}
