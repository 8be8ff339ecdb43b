import type { RunId } from '../../../../model/reference'
import type { CommitOf, FailedCommitOf } from '../../define-step'
import { commitRefused, commitSettled } from '../settled-model'
import type { calibrateDefinition } from './definition'

/** A model was calibrated: a run of its own, which its evaluation and its gate are added to. */
export function commit(context: CommitOf<typeof calibrateDefinition>): RunId {
  const { model, report } = context.outputs
  const { algorithm, target, method, rows } = report.document
  return commitSettled(context, model, { algorithm, parameters: { target, calibration: method, 'calibration rows': rows.used } })
}

export function commitFailure(context: FailedCommitOf<typeof calibrateDefinition>): void {
  commitRefused(context, { calibration: context.parameters.method ?? 'by default' })
}
