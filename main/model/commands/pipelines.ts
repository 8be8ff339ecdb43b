import { z } from 'zod'
import { ParameterValue, PipelineDetail } from '../pipeline'
import { shape } from './shape'
import { KeyChange } from '../pipeline-run'
import { PipelineRunId, Sha256 } from '../reference'

export const pipelineText = z.string().max(2_000_000)
export const stepIdInput = z.string().min(1).max(63)
const runOptions = {
  parameters: z.record(z.string(), ParameterValue).optional(),
  /** Run only what this step needs, and the step. */
  targetStep: stepIdInput.optional(),
  /** Ignore the cache. */
  force: z.boolean().optional(),
  /** Register also where a value differs from the default of the pipeline: such a variant registers nothing unless it is asked to. */
  register: z.boolean().optional(),
  /** Begin at this step: it and all that depends on it run anew, everything before is taken over or the run is refused. */
  from: stepIdInput.optional(),
  /** With `from`: the run whose outputs are taken over, where it did the same work; else the cache has them. */
  reuse: PipelineRunId.optional(),
  /** Run only if the programs that its steps start are still these (`pipelines.programs`); else CONFLICT. */
  programs: Sha256.optional()
}
/** What is run: the newest version by its name, or a text. */
export const runInput = z.union([z.object({ name: z.string(), ...runOptions }), z.object({ yaml: pipelineText, ...runOptions })])
/** What a run would do now, step by step. `depends`: it is decided when the steps before it have run. */
export const RunForecast = z.object({
  pipeline: z.string(),
  title: z.string(),
  /** Of the text that would run. */
  version: Sha256,
  parameters: z.record(z.string(), ParameterValue),
  targetStep: z.string().nullable(),
  steps: z.array(
    z.object({
      stepId: z.string(),
      type: z.string(),
      title: z.string(),
      action: z.enum(['run', 'cache', 'depends']),
      reason: z.string(),
      changes: z.array(KeyChange)
    })
  )
})
export type RunForecast = z.infer<typeof RunForecast>
/** The programs that the steps of a run start, and the digest of all that says so: commands, files, code. */
export const StartedPrograms = z.object({
  pipeline: z.string(),
  digest: Sha256,
  programs: z.array(z.object({ stepId: z.string(), command: z.string(), files: z.array(z.string()) }))
})
export type StartedPrograms = z.infer<typeof StartedPrograms>
const named = z.object({ name: z.string() })

export const pipelineShapes = {
  /** Autosave: takes any text, also a broken one. */
  saveDraft: shape(z.object({ name: z.string().min(1).max(63), yaml: pipelineText }), z.object({ savedAt: z.string() }), ['pipelines']),
  /** Makes a version (named by its bytes) of a text that parses, and drops the draft. */
  save: shape(z.object({ yaml: pipelineText }), PipelineDetail, ['pipelines']),
  discardDraft: shape(named, z.object({}), ['pipelines']),
  remove: shape(named, z.object({}), ['pipelines']),
  restore: shape(named, z.object({}), ['pipelines']),
  /** Starts a run of the saved (or given) text and returns at once. */
  run: shape(
    runInput,
    /** `replaced`: the version that was the newest of this name until now, where the text is another one. */
    z.object({ runId: PipelineRunId, replaced: Sha256.nullable().default(null) }),
    ['pipelines', 'jobs']
  ),
  cancel: shape(z.object({ runId: PipelineRunId }), z.object({}), ['pipelines', 'jobs'])
}
