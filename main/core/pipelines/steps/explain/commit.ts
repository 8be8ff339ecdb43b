import type { RunId } from '../../../../model/reference'
import { runOfInput, type CommitOf } from '../../define-step'
import type { explainDefinition } from './definition'
import { CONTRIBUTIONS } from './contributions'

/** A model was explained: the document and the contributions belong to the run that made it. */
export function commit(context: CommitOf<typeof explainDefinition>): RunId {
  const { sha256, size, parts } = context.outputs.explanation
  const run = runOfInput(context.inputs.model)
  context.runs.attach(run, { name: 'explanation.json', kind: 'explanation', sha256, size })
  context.runs.attach(run, { name: CONTRIBUTIONS, kind: 'contributions', ...parts[CONTRIBUTIONS]! })
  const { dependence } = context.outputs
  context.runs.attach(run, { name: 'dependence.json', kind: 'dependence', sha256: dependence.sha256, size: dependence.size })
  return run
}
