import { ModelPurpose } from '../../../../model/registry'
import { runOfInput, type CommitOf } from '../../define-step'
import type { registerDefinition } from './definition'
import type { RunId } from '../../../../model/reference'

/** The version is of the run that the gate judged; without a gate, of the run that made the model. A variant leaves none. */
export function commit(context: CommitOf<typeof registerDefinition>): RunId {
  const { name, purpose, requireGate } = context.parameters
  const run = runOfInput(context.inputs.gate ?? context.inputs.model)
  // What a variant was trained for is to be compared; which one becomes a version is for a person to say.
  if (context.frozen.variant === undefined)
    context.models.register({ run, name, purpose: ModelPurpose.partial().parse(purpose), withoutGate: !requireGate })
  return run
}
