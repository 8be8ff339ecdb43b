import { promises as fs } from 'node:fs'
import { z } from 'zod'
import { WorkbenchError } from '../../../model/errors'
import { gateReport } from '../../../model/policy'
import { ModelName, ModelPurpose } from '../../../model/registry'
import { defineStep, type StepContext } from '../define-step'

const parameters = z.strictObject({
  name: ModelName.meta({ title: 'Model name', description: 'The model gets the next version under this name.' }),
  purpose: ModelPurpose.partial().default({}).meta({ title: 'Purpose', description: 'What the model card says in words.' }),
  requireGate: z.boolean().default(true).meta({ title: 'Only after a pass', description: 'Refuse when the policy gate did not pass.' })
})
type Parameters = z.output<typeof parameters>

export const registerStep = defineStep({
  type: 'register',
  version: 1,
  title: 'Register',
  help: 'Puts a model into the registry as a draft version, with its run and its lineage.',
  icon: 'package-check',
  category: 'governance',
  parameters,
  inputs: {
    model: { types: ['Model'], help: 'The model to register.' },
    gate: { types: ['Report'], optional: true, help: 'The decision of a policy gate.' }
  },
  outputs: { registration: { type: 'Report', help: 'What was registered, by digest.' } },
  check: (p, { inputs }) =>
    p.requireGate && !inputs.includes('gate')
      ? [
          {
            message: 'It registers only after a pass, so connect the decision of a gate to "gate", or switch that off.',
            parameter: 'requireGate'
          }
        ]
      : [],
  run,
  commit: (context) => context.commits.models?.registered(context)
})

async function run({ parameters: p, inputs, outputJson }: StepContext<Parameters>): Promise<void> {
  const manifest = z
    .object({ files: z.record(z.string(), z.object({ sha256: z.string(), size: z.number() })) })
    .safeParse(JSON.parse(await fs.readFile(inputs.model.path, 'utf8')))
  const model = manifest.success ? manifest.data.files['model.onnx'] : undefined
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
  await outputJson('registration', {
    schema: 'drydock.registration',
    version: 1,
    name: p.name,
    model: model.sha256,
    gate: outcome,
    policy: decision?.data.sha256 ?? null
  })
}
