import { runOfInput, type CommitOf } from '../../define-step'
import { runInputs } from '../record-run'
import type { evaluateDefinition } from './definition'

/** A model was evaluated: its figures go to the run that made it, or to a copy of that run when it has been judged before. */
export function commit(context: CommitOf<typeof evaluateDefinition>): string {
  const { sha256, size, document } = context.outputs.evaluation
  return context.runs.evaluation({
    run: runOfInput(context.inputs.model),
    evaluation: document,
    artifact: { name: 'evaluation.json', kind: 'evaluation', sha256, size },
    inputs: runInputs('test', context.inputs.test)
  })
}
