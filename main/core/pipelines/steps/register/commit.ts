import { ModelPurpose } from '../../../../model/registry'
import { runOfInput, type CommitOf } from '../../define-step'
import type { registerDefinition } from './definition'
import type { RunId } from '../../../../model/reference'

/** The version is of the run that the gate judged; without a gate, of the run that made the model. */
export function commit(context: CommitOf<typeof registerDefinition>): RunId {
  const { name, purpose, requireGate } = context.parameters
  const run = runOfInput(context.inputs.gate ?? context.inputs.model)
  context.models.register({ run, name, purpose: ModelPurpose.partial().parse(purpose), withoutGate: !requireGate })
  return run
}
