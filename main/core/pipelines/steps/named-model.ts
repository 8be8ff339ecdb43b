import { z } from 'zod'
import { WorkbenchError } from '../../../model/errors'
import { SCORER_FILE } from '../../../model/external-scorer'
import { OutputReference } from '../../../model/pipeline-run'
import { modelReference, PipelineRunId, RunId, Sha256 } from '../../../model/reference'
import { fit, inOneSentence } from '../../../model/schema-words'
import type { FreezeContext, StepProblem } from '../define-step'
import type { NamedModel } from '../named-model'
import type { GivenInput } from '../run-evidence'

/** The parameter of a step that may be given a registered model instead of a connection. */
export const modelParameter = z.string().trim().min(1).max(200).optional().meta({
  title: 'Registered model',
  description:
    'Instead of a connection: a model by name for its newest version, by name@2, or by name@stage for the newest of a stage. Which version it is, is fixed when the run starts.'
})

interface Named {
  model?: string
}

/** One model, not two. */
export const checkModel = (p: Named, { inputs }: { inputs: string[] }): StepProblem[] =>
  p.model !== undefined && inputs.includes('model')
    ? [
        {
          message: 'It uses either a registered model or the one that is connected. Disconnect its input, or take the name out.',
          parameter: 'model'
        }
      ]
    : []

/** The version that a name stands for as the run starts: where it stands for another one later, the step has another content key. */
export const freezeModel = async (p: Named, context: FreezeContext): Promise<{ registered?: NamedModel }> =>
  p.model === undefined ? {} : { registered: await context.model(p.model) }

const file = OutputReference.extend({ part: z.string(), reference: z.string() })
/** What `freezeModel` left; a record that came with a bundle may hold anything in its place. */
const registeredSchema: z.ZodType<NamedModel> = z.object({
  name: z.string(),
  version: z.int(),
  run: RunId,
  modelSha256: Sha256,
  decidesFrom: z.number().nullable(),
  model: z.object({
    file,
    parts: z.array(file),
    source: z.object({ runId: PipelineRunId, stepId: z.string(), attempt: z.int() }).nullable(),
    stepType: z.string().nullable(),
    from: z.object({ run: PipelineRunId, step: z.string() }).nullable()
  })
})

/** @throws WorkbenchError INVALID_INPUT */
export function registeredIn({ registered }: Record<string, unknown>): NamedModel | undefined {
  if (registered === undefined) return undefined
  const read = fit(registeredSchema, registered)
  if (read.success) return read.data
  throw new WorkbenchError(
    'INVALID_INPUT',
    `The record of the registered model that a step was given cannot be read: ${inOneSentence(read.problems)}. Nothing was run. Start the pipeline anew in its workspace.`
  )
}

/** The scorer.json of a registered model that is a program. */
export const scorersIn = (frozen: Record<string, unknown>): Sha256[] =>
  (registeredIn(frozen)?.model.parts ?? []).flatMap(({ part, sha256 }) => (part === SCORER_FILE ? [sha256] : []))

export function givenModel(frozen: Record<string, unknown>): Record<string, GivenInput> {
  const registered = registeredIn(frozen)
  return registered ? { model: registered.model } : {}
}

/** The version for the lineage. */
export function usedModel(frozen: Record<string, unknown>) {
  const registered = registeredIn(frozen)
  if (!registered) return []
  const { name, version, modelSha256 } = registered
  return [{ port: 'version', sha256: modelSha256, reference: modelReference(`${name}@${version}`) }]
}
