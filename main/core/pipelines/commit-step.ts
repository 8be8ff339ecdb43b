import type { MetricPoint } from '../../model/pipeline-run'
import type { Ledger } from '../../storage/ledger/ledger'
import type { RunRecords } from '../experiments'
import type { PoliciesWriter } from '../policies'
import type { ModelsWriter } from '../models'
import type { WorkspaceContext } from '../workspace/context'
import type { AdmitContext, AttemptFacts, CommitContext, CommitInput } from './define-step'
import type { AttemptId, ProducedFile } from './journal'
import { ancestryOf } from './upstream'
import { datasetsBehind } from './lineage'
import { usedBy } from './handed'
import { inputsOf, isPreceded, type LiveInput, type LiveRun, type LiveStep } from './live-run'
import { firstOfStep, runTitleOf } from './run-title'
import { createStepDocuments, partsOf } from './step-documents'
import { recordPlainRuns, type PlainAttempt } from './steps/record-run'
import type { RunId } from '../../model/reference'

/** Where steps leave what they found. */
export interface StepRecords {
  runs: RunRecords
  policies: Pick<PoliciesWriter, 'record' | 'recordAgain'>
  models: Pick<ModelsWriter, 'register'>
}

/** What is known of an attempt while and after it ran. */
export interface AttemptProgress {
  startedAt: string
  peakMemory: number | null
  environment: AttemptFacts<unknown>['environment']
}

const toInput = (
  ledger: Ledger,
  runs: RunRecords,
  { port, file, source, stepType, from, parts }: LiveInput,
  document: unknown
): CommitInput => {
  const producedBy = source && { pipelineRun: source.runId, stepId: source.stepId, attempt: source.attempt, stepType: stepType! }
  return {
    port,
    type: file.type,
    sha256: file.sha256,
    size: file.size,
    reference: file.reference,
    rows: file.rows,
    parts: partsOf(parts),
    // Outputs of a program that did not keep the run with them: the step that made them has it.
    run: file.run ?? (source && file.type === 'Model' ? runs.ofStep(source.runId, source.stepId) : null),
    producedBy,
    madeFrom: source ? usedBy(ledger, source).map((used) => used.sha256) : [],
    datasets: from ? datasetsBehind(ledger, from) : [],
    document
  }
}
/** What every run of a step without a commit of its own has in common. */
const plain = (
  { definition, parameters, frozen }: LiveStep,
  facts: AttemptFacts<unknown>,
  metrics: readonly MetricPoint[]
): Pick<PlainAttempt, 'facts' | 'stepType' | 'parameters' | 'metrics'> => ({
  facts,
  stepType: definition.type,
  parameters: definition.recorded?.(parameters as never, frozen) ?? parameters,
  metrics: Object.fromEntries(metrics.map(({ name, value }) => [name, value]))
})

/** Reads and commits what attempts of one workspace made. */
export function createStepCommit(context: WorkspaceContext, records: StepRecords) {
  const { ledger } = context
  const factsOf = (run: LiveRun, live: LiveStep, id: AttemptId, about: AttemptProgress): AttemptFacts<never> => ({
    pipeline: run.pipeline,
    pipelineSha256: run.version,
    pipelineRun: run.id,
    stepId: live.step.id,
    runTitle: runTitleOf(run, live, firstOfStep(ledger, run, live)),
    attempt: id.attempt,
    parameters: live.parameters as never,
    frozen: live.frozen,
    isPreceded: (port) => isPreceded(run, live, port),
    finishedAt: context.clock().toISOString(),
    startedAt: about.startedAt,
    environment: about.environment,
    peakMemory: about.peakMemory,
    ...records
  })
  const inputsAs = (run: LiveRun, live: LiveStep, documents: Record<string, unknown>): Record<string, CommitInput> =>
    Object.fromEntries(inputsOf(run, live).map((input) => [input.port, toInput(ledger, records.runs, input, documents[input.port])]))

  return {
    ...createStepDocuments(context),
    /** Refuses inputs that do not belong together. Throws EVIDENCE_MISMATCH. */
    admit(run: LiveRun, live: LiveStep, documents: Record<string, unknown>): void {
      const admitted: AdmitContext<never> = {
        parameters: live.parameters as never,
        frozen: live.frozen,
        inputs: inputsAs(run, live, documents),
        ancestry: ancestryOf(ledger)
      }
      live.definition.admit?.(admitted)
    },
    /** Writes what a finished attempt found, inside the caller's transaction. Gives the run that the output at a port belongs to. */
    succeeded(
      run: LiveRun,
      live: LiveStep,
      id: AttemptId,
      about: AttemptProgress,
      made: { documents: Record<string, unknown>; outputs: CommitContext<unknown>['outputs']; metrics: readonly MetricPoint[] }
    ): (port: string) => RunId | null {
      const facts = factsOf(run, live, id, about)
      const inputs = inputsAs(run, live, made.documents)
      if (live.definition.commit) {
        const recorded = live.definition.commit({ ...facts, inputs, outputs: made.outputs })
        return () => recorded
      }
      const models = Object.entries(made.outputs).flatMap(([port, { type, parts }]) => (type === 'Model' ? [[port, parts] as const] : []))
      return recordPlainRuns({ ...plain(live, facts, made.metrics), inputs, models: Object.fromEntries(models) })
    },
    /** Writes that what an earlier attempt found counts again, inside the caller's transaction. */
    recalled(run: Pick<LiveRun, 'id' | 'steps'>, live: LiveStep, outputs: readonly ProducedFile[]): void {
      const inputs = Object.fromEntries(inputsOf(run, live).map(({ port, file }) => [port, file]))
      live.definition.recall?.({ pipelineRun: run.id, inputs, outputs, ...records })
    },
    /** Writes that an attempt ended without outputs, inside the caller's transaction. */
    failed(
      run: LiveRun,
      live: LiveStep,
      id: AttemptId,
      about: AttemptProgress,
      ending: {
        outcome: 'failed' | 'cancelled' | 'interrupted' | 'timed-out' | 'out-of-memory'
        failure: { code: string; message: string }
      },
      made: { declared: Record<string, { type: string }>; metrics: readonly MetricPoint[] }
    ): void {
      const { definition } = live
      const facts = factsOf(run, live, id, about)
      const inputs = inputsAs(run, live, {})
      if (definition.commitFailure) return definition.commitFailure({ ...facts, inputs, ...ending })
      if (made.metrics.length === 0 && !Object.values(made.declared).some(({ type }) => type === 'Model')) return
      const failure = {
        status: ending.outcome === 'cancelled' ? ('cancelled' as const) : ('failed' as const),
        message: `${ending.failure.code}: ${ending.failure.message}`
      }
      recordPlainRuns({ ...plain(live, facts, made.metrics), inputs, models: {}, failure })
    }
  }
}
export type StepCommit = ReturnType<typeof createStepCommit>
