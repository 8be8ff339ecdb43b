import { promises as fs } from 'node:fs'
import type { z } from 'zod'
import { WorkbenchError } from '../../../../model/errors'
import { CROSS_VALIDATION, crossValidationSchema } from '../../../../model/cross-validation'
import { evaluationSchema } from '../../../../model/evaluation'
import { qualityReportSchema } from '../../../../model/quality'
import { importedModelSchema } from '../../../../model/imported-model'
import { paritySchema } from '../../../../model/parity'
import { modelSignatureSchema } from '../../../../model/training'
import type { RunOf, StepWork } from '../../define-step'
import { modelManifest, modelOf } from '../../../../model/model-manifest'
import { readTrainingRecord } from '../training-record'
import type { gateDefinition } from './definition'
import { evidenceIn } from './named-evidence'
import type { Sha256 } from '../../../../model/reference'
import { fit, inOneSentence } from '../../../../model/schema-words'

const loadPolicies = async () => {
  const { deriveGateFacts, evaluatePolicy, explainAbsent, findingsBehind, parsePolicy } = await import('../../../policies')
  return { deriveGateFacts, evaluatePolicy, explainAbsent, findingsBehind, parsePolicy }
}
export const prepare: StepWork['prepare'] = loadPolicies

/** Decides by the policy; the outcome is an output, a failing gate is no failure of the step. */
export async function run(context: RunOf<typeof gateDefinition>, frozen: Record<string, unknown>): Promise<void> {
  const { deriveGateFacts, evaluatePolicy, explainAbsent, findingsBehind, parsePolicy } = await loadPolicies()
  const { inputs, log } = context
  const policy = parsePolicy(await fs.readFile(context.objectPath((frozen.policy as { sha256: Sha256 }).sha256), 'utf8'))
  const evaluation = await readDocument(
    evaluationSchema,
    inputs.evaluation.path,
    'evaluation',
    'the output "evaluation" of an evaluate step'
  )
  const quality =
    inputs.quality && (await readDocument(qualityReportSchema, inputs.quality.path, 'quality', 'the output "report" of a quality check'))
  const training = await readTrainingRecord(inputs.model.files['training.json'])
  const described = inputs.model.files['signature.json']
  const signature =
    described === undefined
      ? null
      : await readDocument(modelSignatureSchema, described, 'model', 'the output "model" of a train step, with its signature')
  const { 'import.json': origin, 'parity.json': certificate, [CROSS_VALIDATION]: folds } = inputs.model.files
  const sources = {
    evaluation,
    quality,
    training,
    signature,
    crossValidation:
      folds === undefined ? null : await readDocument(crossValidationSchema, folds, 'model', 'the output "model" of a train step'),
    imported: origin === undefined ? null : await readDocument(importedModelSchema, origin, 'model', 'the output "model" of an import'),
    parity: certificate === undefined ? null : await readDocument(paritySchema, certificate, 'model', 'the output "model" of an import'),
    portable: inputs.model.files['model.onnx'] !== undefined,
    claims: Object.keys(inputs.model.files)
  }
  const facts = deriveGateFacts(sources)
  // Whether randomness was seeded and everything recorded by digest is known here; how many trials there were only of a run that is named.
  const run = evidenceIn(frozen)?.facts ?? {
    seeded: training !== null,
    reproducible: training?.trainingTable !== null && training !== null
  }
  const manifest = await readDocument(modelManifest, inputs.model.path, 'model', 'the output "model" of a train step')
  const subject = {
    model: modelOf(manifest)!,
    manifest: inputs.model.sha256,
    evaluation: inputs.evaluation.sha256,
    quality: inputs.quality?.sha256 ?? null,
    policy: policy.sha256
  }
  const report = evaluatePolicy(policy, { ...facts, run }, new Date(), subject, explainAbsent(sources), findingsBehind(sources))
  for (const result of report.results) {
    log(`${result.outcome}: ${result.title}${result.outcome === 'pass' ? '' : ` - ${result.errorDetail ?? result.message}`}`)
    for (const { title, next } of result.findings ?? []) log(`  ${title}. ${next}`)
  }
  log(report.reason)
  await context.outputJson('decision', report)
}

async function readDocument<T>(schema: z.ZodType<T>, path: string, port: string, expected: string): Promise<T> {
  const parsed = fit(schema, JSON.parse(await fs.readFile(path, 'utf8')))
  if (parsed.success) return parsed.data
  throw new WorkbenchError(
    'INVALID_INPUT',
    `The input "${port}" of the gate is another document than it needs: ${inOneSentence(parsed.problems)}. Connect ${expected}.`
  )
}
