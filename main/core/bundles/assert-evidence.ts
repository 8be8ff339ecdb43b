import type { Evaluation } from '../../model/evaluation'
import { assertSameSubject } from '../../model/evidence'
import { WorkbenchError } from '../../model/errors'
import { modelManifest } from '../../model/model-manifest'
import type { Sha256 } from '../../model/reference'
import type { ModelVersionDetail } from '../../model/registry'
import { isJudgedOnTrainingRows, type RunDetail } from '../../model/run'
import { assertDigest } from '../../storage/objects/digest-check'
import { gatesOfRuns } from '../policies'
import type { WorkspaceContext } from '../workspace'
import { artifactSha, evaluationOf, type ExportSources } from './collect-facts'
import { gateSubjectOf } from './judged-evidence'

type Sources = Pick<ExportSources, 'policies' | 'pipelines'>

/**
 * Holds the evidence of a version against what is stored: the evaluation and every gate that counts are about this model, and the documents
 * are the ones that were judged, on other rows than those of the training. Of evidence that an earlier Drydock made, and that names
 * nothing, the journal says what it was made from; where it does not know that, nothing is exported. Throws DIGEST_MISMATCH or
 * EVIDENCE_MISMATCH.
 */
export async function assertEvidence(
  context: WorkspaceContext,
  sources: Sources,
  version: ModelVersionDetail,
  run: RunDetail
): Promise<void> {
  const model = version.modelSha256
  await assertDigest(context.objects.pathOf(model), model, 'The model')
  const evaluation = artifactSha(run, 'evaluation')
  const document = await evaluationOf(context, run)
  if (evaluation !== undefined && document !== null) await assertEvaluates(sources, model, evaluation, document, run.name)
  if (document?.subject?.manifest) await assertFiles(context, document.subject.manifest, run)
  const gates = sources.policies.gates(run.id)
  // Today's gate refuses to be held over such an evaluation; those of earlier programs were.
  if (gates.length > 0 && isJudgedOnTrainingRows(run))
    throw new WorkbenchError(
      'EVIDENCE_MISMATCH',
      `The gates of the run "${run.name}" were held over rows that the model was trained on, so no verdict of them may leave with it. Nothing was written. Evaluate on rows that were held back and register that run, then export.`
    )
  const counted = gatesOfRuns(context.ledger, run.id).get(run.id)?.counted
  for (const gate of gates.filter(({ id }) => counted?.includes(id))) {
    const wanted = { model, evaluation, policy: gate.policySha256 }
    const found = await gateSubjectOf(sources, gate, model)
    if (!found) throw notOnRecord(`The result of the policy "${gate.policy}"`, 'Run its gate step again')
    assertSameSubject(found, wanted, `The gate "${gate.policy}"`)
  }
}

async function assertEvaluates(sources: Sources, model: Sha256, sha256: Sha256, { subject }: Evaluation, run: string): Promise<void> {
  const evaluated = subject
    ? [subject.model]
    : (await sources.pipelines.madeFrom({ type: 'evaluate', sha256 })).flatMap((made) => made.model ?? [])
  if (evaluated.length === 0) throw notOnRecord(`The evaluation of the run "${run}"`, 'Run its evaluate step again')
  if (!evaluated.includes(model))
    throw new WorkbenchError(
      'EVIDENCE_MISMATCH',
      `The evaluation of the run "${run}" is about another model than the one to export. Nothing was written. Register the model by the pipeline that evaluated it.`,
      { details: { evaluated: evaluated[0], model } }
    )
}

/** The files of the model beside `model.onnx` are those that were judged: what they say decides what is measured. */
async function assertFiles({ objects }: WorkspaceContext, sha256: Sha256, { name, artifacts }: RunDetail): Promise<void> {
  const { files } = modelManifest.parse(JSON.parse((await objects.read(sha256)).toString('utf8')))
  const other = artifacts.find((file) => file.name in files && files[file.name]!.sha256 !== file.sha256)
  if (!other) return
  throw new WorkbenchError(
    'EVIDENCE_MISMATCH',
    `The evaluation of the run "${name}" was made with another "${other.name}" than the one to export. Nothing was written. Register the model by the pipeline that evaluated it.`,
    { details: { file: other.name, judged: files[other.name]!.sha256, stored: other.sha256 } }
  )
}

const notOnRecord = (what: string, next: string): WorkbenchError =>
  new WorkbenchError(
    'EVIDENCE_MISMATCH',
    `${what} was made by an earlier Drydock, and which model it is about is not on record. Nothing was written. ${next}, then export.`
  )
