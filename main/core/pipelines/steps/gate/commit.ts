import { runOfInput, type CommitOf, type RecallContext } from '../../define-step'
import { assertOwnDecision } from './admit'
import type { gateDefinition } from './definition'
import type { RunId } from '../../../../model/reference'

/** A policy decided: the result belongs to the run whose evaluation it judged. */
export function commit(context: CommitOf<typeof gateDefinition>): RunId {
  assertOwnDecision(context)
  const run = runOfInput(context.inputs.evaluation)
  const { quality } = context.inputs
  if (quality) context.runs.attach(run, { name: 'quality-report.json', kind: 'quality-report', sha256: quality.sha256, size: quality.size })
  const { document, sha256 } = context.outputs.decision
  context.policies.record(run, document, sha256, context.pipelineRun)
  return run
}

/** The decision was taken from the cache: with the policy and the evidence as they are now it is the one that counts, whatever came between. */
export function recall({ outputs, policies, pipelineRun }: RecallContext): void {
  const decision = outputs.find(({ port, part }) => port === 'decision' && part === '')
  if (decision?.run) policies.recordAgain(decision.run, decision.sha256, pipelineRun)
}
