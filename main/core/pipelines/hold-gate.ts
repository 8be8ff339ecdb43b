import { errorCodes, WorkbenchError } from '../../model/errors'
import type { ParameterValue } from '../../model/pipeline'
import type { PipelineRun } from '../../model/pipeline-run'
import type { RunId, Sha256, PipelineRunId } from '../../model/reference'
import { sha256 } from '../../storage/objects/durable-files'
import { cancelOnAbort } from './cancel-on-abort'

/** A pipeline of one step: a gate over a run that is there already. It runs every time, because the newest result is the one that counts. */
const pipelineOf = (name: string): string => `schema: drydock.pipeline
version: 1
name: ${name}
title: Gate over a run
description: Applies a policy to the evidence of a run that is there already.
parameters:
  - name: policy
    type: string
  - name: run
    type: string
steps:
  - id: gate
    type: gate
    parameters:
      policy: \${{ parameters.policy }}
      run: \${{ parameters.run }}
    cache: never
`

/** Whether a version of this name is such a pipeline, and not one that a person drew or changed. */
export const isGatePipeline = (name: string, version: Sha256 | null): boolean => version === sha256(pipelineOf(name))

/** The text under the first name that no other pipeline of the workspace has. */
function gatePipeline(standing: (name: string) => Sha256 | null): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? 'gate-over-a-run' : `gate-over-a-run-${n}`
    const version = standing(name)
    if (version === null || isGatePipeline(name, version)) return pipelineOf(name)
  }
}

export interface GateRequest {
  /** Name, or name@sha256:... for one version. */
  policy: string
  run: RunId
}
export interface GateWork {
  signal: AbortSignal
  /** Runs the writes that start the pipeline. */
  commit(write: () => StartedRun): StartedRun
}
/** A run that was begun; `replaced` is the version whose place its text took, null where that stood already. */
export interface StartedRun {
  runId: PipelineRunId
  reference: string
  replaced: Sha256 | null
  /** As they are recorded: without secrets. */
  parameters: Record<string, ParameterValue>
}
/** The pipelines that it runs in. */
interface Runner {
  run(
    what: { yaml: string },
    request: { parameters: Record<string, string> },
    commit: GateWork['commit']
  ): Promise<{ runId: PipelineRunId }>
  finished(runId: PipelineRunId): Promise<PipelineRun>
  cancel(runId: PipelineRunId): Promise<void>
}

/** Runs the gate and waits for its end; cancelled when the signal is aborted. Throws what made the step fail. */
export async function holdGate(
  pipelines: Runner,
  standing: (name: string) => Sha256 | null,
  { policy, run }: GateRequest,
  { signal, commit }: GateWork
): Promise<PipelineRunId> {
  const { runId } = await pipelines.run({ yaml: gatePipeline(standing) }, { parameters: { policy, run } }, commit)
  const settled = cancelOnAbort(signal, () => pipelines.cancel(runId))
  const { steps, failure } = await pipelines.finished(runId)
  await settled()
  const found = steps.find((step) => step.failure)?.failure ?? failure
  if (!found) return runId
  throw new WorkbenchError(errorCodes.find((code) => code === found.code) ?? 'JOB_FAILED', found.message, {
    details: { pipelineRun: runId }
  })
}
