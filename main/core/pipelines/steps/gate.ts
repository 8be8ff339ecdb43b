import { promises as fs } from 'node:fs'
import { z } from 'zod'
import { WorkbenchError } from '../../../model/errors'
import { evaluationSchema } from '../../../model/evaluation'
import { qualityReportSchema } from '../../../model/quality'
import { trainedModelSchema } from '../../../model/training'
import { defineStep, type StepContext } from '../define-step'

const parameters = z.strictObject({
  policy: z.string().min(1).max(300).meta({ title: 'Policy', description: 'Name of a policy, or name@sha256:... for one version of it.' })
})
type Parameters = z.output<typeof parameters>

export const gateStep = defineStep({
  type: 'gate',
  version: 1,
  title: 'Policy gate',
  help: 'Decides by a policy whether the evidence is good enough. The decision is recorded either way; registering is refused when it is not a pass. The policy is fixed when the run starts.',
  icon: 'scale',
  category: 'governance',
  parameters,
  inputs: {
    evaluation: { types: ['Report'], help: 'The evaluation of the model.' },
    model: { types: ['Model'], help: 'The model the decision is about.' },
    quality: { types: ['Report'], optional: true, help: 'The quality report of the data.' }
  },
  outputs: { decision: { type: 'Report', help: 'The outcome of every rule, with its evidence.' } },
  freeze: async (p, context) => ({ policy: await context.policy(p.policy) }),
  uses(_, frozen) {
    const policy = frozen.policy as { name: string; sha256: string }
    return [{ port: 'policy', sha256: policy.sha256, reference: `policy:${policy.name}@sha256:${policy.sha256}` }]
  },
  run,
  commit: (context) => context.commits.governance?.gated(context)
})

async function run(context: StepContext<Parameters>, frozen: Record<string, unknown>): Promise<void> {
  const { deriveGateFacts, evaluatePolicy, parsePolicy } = await import('../../governance')
  const { inputs, log } = context
  const policy = parsePolicy(await fs.readFile(context.objectPath((frozen.policy as { sha256: string }).sha256), 'utf8'))
  const evaluation = await readDocument(
    evaluationSchema,
    inputs.evaluation.path,
    'evaluation',
    'the output "evaluation" of an evaluate step'
  )
  const quality =
    inputs.quality && (await readDocument(qualityReportSchema, inputs.quality.path, 'quality', 'the output "report" of a quality check'))
  const record = inputs.model.files['training.json']
  const training =
    record === undefined ? null : await readDocument(trainedModelSchema, record, 'model', 'the output "model" of a train step')
  const facts = deriveGateFacts({ evaluation, quality, training })
  // Whether randomness was seeded and everything recorded by digest is known here; how many trials there were is not, and stays absent.
  const run = { seeded: training !== null, reproducible: training?.trainingTable !== null && training !== null }
  const report = evaluatePolicy(policy, { ...facts, run })
  for (const result of report.results)
    log(`${result.outcome}: ${result.title}${result.outcome === 'pass' ? '' : ` - ${result.errorDetail ?? result.message}`}`)
  log(report.reason)
  await context.outputJson('decision', report)
}

async function readDocument<T>(schema: z.ZodType<T>, path: string, port: string, expected: string): Promise<T> {
  const parsed = schema.safeParse(JSON.parse(await fs.readFile(path, 'utf8')))
  if (parsed.success) return parsed.data
  throw new WorkbenchError(
    'INVALID_INPUT',
    `The input "${port}" of the gate is another document than it needs: ${parsed.error.issues[0]?.path.join('.')} ${parsed.error.issues[0]?.message}. Connect ${expected}.`
  )
}
