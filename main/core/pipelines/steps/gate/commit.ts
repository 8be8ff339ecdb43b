import { runOfInput, type CommitOf, type RecallContext } from '../../define-step'
import { assertOwnDecision } from './admit'
import type { gateDefinition } from './definition'
import type { RunId } from '../../../../model/reference'

/** A policy decided: the result belongs to the run whose evaluation it judged. */
export function commit(context: CommitOf<typeof gateDefinition>): RunId {
  assertOwnDecision(context)
  const run = runOfInput(context.inputs.evaluation)
  attachQuality(context.runs, run, context.inputs.quality)
  const { document, sha256 } = context.outputs.decision
  context.policies.record(run, document, sha256, context.pipelineRun)
  return run
}

/** The decision was taken from the cache: with the policy and the evidence as they are now it is the one that counts, whatever came between. */
export function recall({ inputs, outputs, policies, runs, pipelineRun }: RecallContext): void {
  const decision = outputs.find(({ port, part }) => port === 'decision' && part === '')
  if (!decision?.run) return
  attachQuality(runs, decision.run, inputs.quality)
  policies.recordAgain(decision.run, decision.sha256, pipelineRun)
}

/** The run has the quality report that its gate judged. */
function attachQuality(runs: RecallContext['runs'], run: RunId, quality: RecallContext['inputs'][string] | undefined): void {
  if (quality) runs.attach(run, { name: 'quality-report.json', kind: 'quality-report', sha256: quality.sha256, size: quality.size })
}
