import { assertSameSubject } from '../../model/evidence'
import { WorkbenchError } from '../../model/errors'
import type { ModelVersionDetail } from '../../model/registry'
import type { RunDetail } from '../../model/run'
import { assertDigest } from '../../storage/objects/digest-check'
import type { WorkspaceContext } from '../workspace'
import { artifactSha, evaluationOf, type ExportSources } from './collect-facts'

/**
 * Holds the evidence of a version against what is stored: the evaluation and every gate that counts name this model, and the documents
 * are the ones that were judged. Evidence of an earlier Drydock, which names nothing, passes. Throws DIGEST_MISMATCH or EVIDENCE_MISMATCH.
 */
export async function assertEvidence(
  context: WorkspaceContext,
  sources: Pick<ExportSources, 'policies'>,
  version: ModelVersionDetail,
  run: RunDetail
): Promise<void> {
  const model = version.modelSha256
  await assertDigest(context.objects.pathOf(model), model, 'The model')
  const evaluation = await evaluationOf(context, run)
  if (evaluation?.subject && evaluation.subject.model !== model)
    throw new WorkbenchError(
      'EVIDENCE_MISMATCH',
      `The evaluation of the run "${run.name}" is about another model than ${version.name}@${version.version}. Nothing was written. Register the model by the pipeline that evaluated it.`,
      { details: { evaluated: evaluation.subject.model, model } }
    )
  const counted = new Set<string>()
  for (const gate of sources.policies.gates(run.id)) {
    if (counted.has(gate.policy)) continue
    counted.add(gate.policy)
    const { subject } = await sources.policies.gate(gate.id)
    if (!subject) continue
    const wanted = { model, evaluation: artifactSha(run, 'evaluation'), policy: gate.policySha256 }
    assertSameSubject(subject, wanted, `The gate "${gate.policy}"`)
  }
}
