import { z } from 'zod'
import { modelReference } from '../../../model/reference'
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

export const registeredIn = (frozen: Record<string, unknown>): NamedModel | undefined => frozen.registered as NamedModel | undefined

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
