import { z } from 'zod'
import { evaluationSchema } from '../../../../model/evaluation'
import { qualityReportSchema } from '../../../../model/quality'
import { RunId } from '../../../../model/reference'
import { gateReport } from '../../../../model/policy'
import { describeStep } from '../../define-step'
import { modelManifest } from '../../../../model/model-manifest'
import { evidenceIn } from './named-evidence'
import { type Sha256, contentReference } from '../../../../model/reference'

const parameters = z.strictObject({
  policy: z
    .string()
    .min(1)
    .max(300)
    .meta({ title: 'Policy', description: 'Name of a policy, or name@sha256:... for one version of it.', format: 'policy' }),
  run: RunId.optional().meta({
    title: 'Run',
    description: 'Instead of connections: the run whose evaluation, model and quality report are judged.'
  })
})

export const gateDefinition = describeStep({
  type: 'gate',
  version: 4,
  title: 'Policy gate',
  help: 'Decides by a policy whether the evidence is good enough. The decision is recorded either way; registering is refused when it is not a pass. The policy is fixed when the run starts.',
  icon: 'scale',
  category: 'governance',
  parameters,
  inputs: {
    evaluation: { types: ['Evaluation'], help: 'The evaluation of the model.', document: evaluationSchema, insteadOf: 'run' },
    model: { types: ['Model'], help: 'The model the decision is about.', document: modelManifest, insteadOf: 'run' },
    quality: { types: ['QualityReport'], optional: true, help: 'The quality report of the data.', document: qualityReportSchema }
  },
  outputs: { decision: { type: 'GateResult', help: 'The outcome of every rule, with its evidence.', document: gateReport } },
  check: (p, { inputs }) =>
    p.run !== undefined && inputs.length > 0
      ? [{ message: 'It judges either a run or what is connected. Disconnect its inputs, or take the run out.', parameter: 'run' }]
      : [],
  freeze: async (p, context) => ({
    policy: await context.policy(p.policy),
    ...(p.run !== undefined && { evidence: await context.evidence(p.run) })
  }),
  given: (frozen) => evidenceIn(frozen)?.inputs ?? {},
  uses(_, frozen) {
    const policy = frozen.policy as { name: string; sha256: Sha256 }
    return [{ port: 'policy', sha256: policy.sha256, reference: contentReference('policy', policy.name, policy.sha256) }]
  }
})
