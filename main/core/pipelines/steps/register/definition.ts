import { z } from 'zod'
import { gateReport } from '../../../../model/policy'
import { ModelName, ModelPurpose } from '../../../../model/registry'
import { describeStep } from '../../define-step'
import { modelManifest } from '../../../../model/model-manifest'

const parameters = z.strictObject({
  name: ModelName.meta({ title: 'Model name', description: 'The model gets the next version under this name.' }),
  purpose: ModelPurpose.partial().default({}).meta({ title: 'Purpose', description: 'What the model card says in words.' }),
  requireGate: z.boolean().default(true).meta({
    title: 'Only after a pass',
    description:
      'Refuse when the policy gate did not pass. Switched off, the version is a draft without gate then, marked as one wherever it is shown.'
  }),
  variants: z.boolean().optional().meta({
    title: 'Variants too',
    description:
      'Register also the runs that are given other values than the defaults of the pipeline. Otherwise such a run registers only when it is asked to.'
  })
})

export const registerDefinition = describeStep({
  type: 'register',
  version: 2,
  title: 'Register',
  help: 'Puts a model into the registry as a draft version, with its run and its lineage.',
  icon: 'package-check',
  category: 'governance',
  parameters,
  inputs: {
    model: { types: ['Model'], help: 'The model to register.', document: modelManifest },
    gate: { types: ['GateResult'], optional: true, help: 'The decision of a policy gate.', document: gateReport }
  },
  outputs: { registration: { type: 'Report', help: 'What was registered, by digest.' } },
  freeze: async (p, { variant }) => (p.variants || Object.keys(variant).length === 0 ? {} : { variant }),
  check: (p, { inputs }) =>
    p.requireGate && !inputs.includes('gate')
      ? [
          {
            message: 'It registers only after a pass, so connect the decision of a gate to "gate", or switch that off.',
            parameter: 'requireGate'
          }
        ]
      : []
})
