import type { PipelineDocument } from '../../model/pipeline'
import { contentReference, type Sha256, type PipelineRunId } from '../../model/reference'
import type { JobsWriter } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import type { StepCommit } from './commit-step'
import type { Foreseen } from './foresee-run'
import type { Journal, NewStep } from './journal'
import type { LiveRun } from './live-run'
import type { RunPlan } from './prepare-run'
import { createRunGraph } from './run-graph'
import { writeAnswer } from './step-cache'

export interface StartOptions {
  id: PipelineRunId
  document: PipelineDocument
  version: Sha256
  plan: RunPlan
  force: boolean
  /** What was foreseen of it, where it begins at a step: the others are taken over with its start. */
  foreseen?: readonly Foreseen[]
}

/** Records a run with its steps and its job in one transaction, as running. */
export function recordStart(
  { context, jobs, journal, recalled }: { context: WorkspaceContext; jobs: JobsWriter; journal: Journal; recalled: StepCommit['recalled'] },
  { id, document, version, plan: { parameters, secrets, targetStep, steps }, force, foreseen = [] }: StartOptions,
  cancel: (runId: PipelineRunId) => Promise<void>
): LiveRun {
  const title = document.title ?? document.name
  const job = context.ledger.transaction(() => {
    const subject = contentReference('pipeline', document.name, version)
    const opened = jobs.open('pipeline-run', title, () => cancel(id), { id, subject })
    journal.createRun(
      { id, pipeline: document.name, version, title, parameters, targetStep, force },
      [...steps.values()].map((live): NewStep => ({
        stepId: live.step.id,
        type: live.definition.type,
        typeVersion: live.definition.version,
        title: live.step.title ?? live.definition.title,
        parameters: live.parameters,
        frozen: live.frozen
      }))
    )
    journal.runState(id, 'running')
    opened.started()
    for (const { live, answer } of foreseen) if (answer) writeAnswer(journal, recalled, { id, steps }, live, answer)
    return opened
  })
  return {
    id,
    pipeline: document.name,
    version,
    force,
    document,
    parameters,
    secrets,
    steps,
    graph: createRunGraph(steps),
    state: 'running',
    failure: null,
    job,
    cancel: new AbortController()
  }
}
