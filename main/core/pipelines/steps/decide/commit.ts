import { isClassDecision, ruleWords } from '../../../../model/decision'
import type { RunId } from '../../../../model/reference'
import type { CommitOf, FailedCommitOf } from '../../define-step'
import { commitRefused, commitSettled } from '../settled-model'
import type { decideDefinition } from './definition'

/** A threshold was settled: a run of its own, which its evaluation and its gate are added to. */
export function commit(context: CommitOf<typeof decideDefinition>): RunId {
  const { model, report } = context.outputs
  const { algorithm, target, rows } = report.document
  const how = isClassDecision(report.document)
    ? { decision: 'the class of least expected cost', costs: JSON.stringify(context.parameters.costs) }
    : { threshold: report.document.threshold, 'threshold by': ruleWords(report.document.rule) }
  const parameters = { target, ...how, 'decision rows': rows.used }
  return commitSettled(context, model, { algorithm, parameters })
}

export function commitFailure(context: FailedCommitOf<typeof decideDefinition>): void {
  const { by, costs } = context.parameters
  commitRefused(context, costs ? { decision: 'the class of least expected cost', costs: JSON.stringify(costs) } : { 'threshold by': by })
}
