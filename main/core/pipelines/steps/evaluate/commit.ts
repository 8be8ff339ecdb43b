import { WorkbenchError } from '../../../../model/errors'
import { runOfInput, type CommitOf } from '../../define-step'
import { runInputs } from '../record-run'
import type { evaluateDefinition } from './definition'
import { ROW_SCORES } from './row-scores'
import type { RunId } from '../../../../model/reference'

/** Steps that hand on the record of a training beside a model; they have held it against what the training read. */
const handOn = ['calibrate', 'decide', 'conform']

/** A model was evaluated: its figures go to the run that made it, or to a copy of that run when an evaluation before this one has it. */
export function commit(context: CommitOf<typeof evaluateDefinition>): RunId {
  const { sha256, size, document, parts } = context.outputs.evaluation
  const { trainingRows, rows } = document.subject!
  // A script writes its own record of a training: it may only name rows that it was given.
  const { madeFrom, producedBy } = context.inputs.model
  const isHandedOn = handOn.includes(producedBy?.stepType ?? '')
  if (trainingRows !== null && trainingRows !== rows && !isHandedOn && !madeFrom.includes(trainingRows))
    throw new WorkbenchError(
      'EVIDENCE_MISMATCH',
      `The model says that it learned from the table ${trainingRows.slice(0, 8)}, which the step "${context.inputs.model.producedBy?.stepId}" did not read. Correct its training.json, or leave that file out: what it learned from is not known then.`,
      { details: { trainingRows } }
    )
  return context.runs.evaluation({
    run: runOfInput(context.inputs.model),
    isRunKept: context.isPreceded('model'),
    evaluation: document,
    artifact: { name: 'evaluation.json', kind: 'evaluation', sha256, size },
    rowScores: { name: ROW_SCORES, kind: 'row-scores', ...parts[ROW_SCORES]! },
    inputs: runInputs('test', context.inputs.test)
  })
}
