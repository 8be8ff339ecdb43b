import { promises as fs } from 'node:fs'
import { WorkbenchError } from '../../../../model/errors'
import { gateReport } from '../../../../model/policy'
import { describeVariant, type Registration } from '../../../../model/registry'
import type { RunOf } from '../../define-step'
import type { registerDefinition } from './definition'
import { modelManifest, modelOf } from '../../../../model/model-manifest'

/** Writes what is registered; the version itself is made by the commit. */
export async function run(
  { parameters: p, inputs, outputJson, log }: RunOf<typeof registerDefinition>,
  frozen: Record<string, unknown>
): Promise<void> {
  const manifest = modelManifest.safeParse(JSON.parse(await fs.readFile(inputs.model.path, 'utf8')))
  const model = manifest.success ? modelOf(manifest.data) : undefined
  if (!model)
    throw new WorkbenchError('INVALID_INPUT', 'The model has no model.onnx, so it cannot be registered. Connect the model of a train step.')
  const decision = inputs.gate && gateReport.safeParse(JSON.parse(await fs.readFile(inputs.gate.path, 'utf8')))
  if (decision && !decision.success)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'The input "gate" is not the decision of a policy gate. Connect the output "decision" of a gate.'
    )
  const outcome = decision?.data.outcome ?? null
  if (p.requireGate && outcome !== 'pass')
    throw new WorkbenchError(
      'POLICY_DENIED',
      `"${p.name}" was not registered: the policy "${decision?.data.policy ?? ''}" did not pass. ${decision?.data.reason ?? ''} Mend what it names and run again.`,
      {
        details: { policy: decision?.data.policy, outcome }
      }
    )
  const variant = frozen.variant as Registration['variant']
  if (variant) log(describeVariant(variant))
  await outputJson('registration', {
    schema: 'drydock.registration',
    version: 1,
    name: p.name,
    model,
    gate: outcome,
    policy: decision?.data.sha256 ?? null,
    ...(variant && { variant })
  })
}
