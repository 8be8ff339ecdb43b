import { assertAboutModel, assertSameSubject, type GateSubject } from '../../../../model/evidence'
import type { AdmitOf, CommitOf } from '../../define-step'
import { modelOf } from '../../../../model/model-manifest'
import type { gateDefinition } from './definition'
import type { Sha256 } from '../../../../model/reference'

/** A gate is held over one model by documents that are about that model. Throws EVIDENCE_MISMATCH. */
export function admit({ inputs: { model, evaluation, quality }, ancestry }: AdmitOf<typeof gateDefinition>): void {
  const { subject } = evaluation.document
  assertAboutModel({
    model: modelOf(model.document),
    manifest: model.sha256,
    evaluation: subject,
    quality: quality && {
      table: quality.document.sha256,
      splitSources: subject ? ancestry.splitSources(subject.rows, subject.trainingRows) : []
    }
  })
}

/** The decision names what was connected, not something else. Throws EVIDENCE_MISMATCH. */
export function assertOwnDecision({ inputs, outputs, frozen }: CommitOf<typeof gateDefinition>): void {
  const wanted: GateSubject = {
    model: modelOf(inputs.model.document)!,
    manifest: inputs.model.sha256,
    evaluation: inputs.evaluation.sha256,
    quality: inputs.quality?.sha256 ?? null,
    policy: (frozen.policy as { sha256: Sha256 }).sha256
  }
  assertSameSubject(outputs.decision.document.subject, wanted, 'The decision')
}
