import type { RunId } from '../../../../model/reference'
import type { CommitOf, FailedCommitOf } from '../../define-step'
import { commitRefused, commitSettled } from '../settled-model'
import type { conformDefinition } from './definition'

/** Intervals were measured: a run of its own, which its evaluation and its gate are added to. */
export function commit(context: CommitOf<typeof conformDefinition>): RunId {
  const { model, report } = context.outputs
  const { algorithm, target, intervals, rows } = report.document
  const parameters = { target, intervals: intervals.score, coverage: intervals.coverage, 'interval rows': rows.used }
  return commitSettled(context, model, { algorithm, parameters })
}

export function commitFailure(context: FailedCommitOf<typeof conformDefinition>): void {
  commitRefused(context, { intervals: context.parameters.score ?? 'by default' })
}
