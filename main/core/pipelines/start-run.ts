import type { PipelineDocument } from '../../model/pipeline'
import { contentReference, type Sha256, PipelineRunId } from '../../model/reference'
import type { JobsWriter } from '../jobs'
import type { WorkspaceContext } from '../workspace/context'
import type { Journal, NewStep } from './journal'
import type { LiveRun } from './live-run'
import type { RunPlan } from './prepare-run'
import { createRunGraph } from './run-graph'

export interface StartOptions {
  document: PipelineDocument
  version: Sha256
  plan: RunPlan
  force: boolean
}

/** Records a run with its steps and its job in one transaction, as running. */
export function recordStart(
  { context, jobs, journal }: { context: WorkspaceContext; jobs: JobsWriter; journal: Journal },
  { document, version, plan: { parameters, secrets, targetStep, steps }, force }: StartOptions,
  cancel: (runId: PipelineRunId) => Promise<void>
): LiveRun {
  const title = document.title ?? document.name
  const id = PipelineRunId.parse(context.newId())
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
