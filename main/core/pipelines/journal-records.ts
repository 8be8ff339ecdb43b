import type { JobFailure } from '../../model/job'
import type { ParameterValue } from '../../model/pipeline'
import type { KeyChange, OutputReference } from '../../model/pipeline-run'
import type { WorkspaceContext } from '../workspace/context'
import { journalEvent } from './tables'
import type { Sha256, PipelineRunId } from '../../model/reference'

export interface NewRun {
  id: PipelineRunId
  pipeline: string
  version: Sha256
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
  runId: PipelineRunId
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
  sha256: Sha256
  reference: string
}
/** A step of a pipeline run. Its outputs are those of its source, an attempt of this run or, from the cache, of an earlier one. */
export interface StepPlace {
  run: PipelineRunId
  step: string
}
/** What a step was handed at a port, and by which step; null where no step made it: a dataset version, a policy, code, a report of Data. */
export interface HandedFile {
  port: string
  sha256: Sha256
  reference: string
  from: StepPlace | null
}
export interface StepKey {
  key: string
  parts: Record<string, string>
  reason: string
  changes: KeyChange[]
  handed: HandedFile[]
}

/** What every part of the journal writes with. */
export interface JournalWriter {
  readonly ledger: WorkspaceContext['ledger']
  now(): string
  /** Adds to the history; call it in the transaction that changes the state. */
  event(kind: string, runId: PipelineRunId, stepId?: string | null, attempt?: number | null, detail?: unknown): void
}

export function createJournalWriter({ ledger, clock }: Pick<WorkspaceContext, 'ledger' | 'clock'>): JournalWriter {
  const now = (): string => clock().toISOString()
  return {
    ledger,
    now,
    event: (kind, runId, stepId = null, attempt = null, detail = {}) =>
      ledger.insert(journalEvent, { at: now(), run_id: runId, step_id: stepId, attempt, kind, detail: JSON.stringify(detail) })
  }
}

export const failureText = (failure: JobFailure | null | undefined): string | null => (failure ? JSON.stringify(failure) : null)
