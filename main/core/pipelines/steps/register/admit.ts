import { assertSameSubject } from '../../../../model/evidence'
import type { AdmitOf } from '../../define-step'
import { modelOf } from '../../../../model/model-manifest'
import type { registerDefinition } from './definition'

/** The gate that lets a model in was held over this model. Throws EVIDENCE_MISMATCH. */
export function admit({ inputs: { model, gate } }: AdmitOf<typeof registerDefinition>): void {
  if (gate) assertSameSubject(gate.document.subject, { model: modelOf(model.document), manifest: model.sha256 }, 'The gate result')
}
