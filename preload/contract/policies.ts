import { z } from 'zod'
import { RunId, namedFile, GateResultId } from '../../main/model/reference'
import { policyShapes, PolicySummary } from '../../main/model/commands/policies'
import { gateReport, gateSummary, policyProblem, policyTestResult, policyVersion } from '../../main/model/policy'
import { Identifier } from '../../main/model/pipeline'
import { command, query } from '../wire/definitions'

export const PolicyCheck = z.object({ problems: z.array(policyProblem), tests: z.array(policyTestResult) })

export const policies = {
  list: query({ input: z.object({}), output: z.array(PolicySummary) }),
  get: query({
    input: z.object({ name: z.string() }),
    output: z.object({ summary: PolicySummary, text: z.string() }).extend(PolicyCheck.shape)
  }),
  /** Every text that was ever saved under a name, the newest first; gates keep the version they were decided by. */
  versions: query({
    input: z.object({ name: z.string() }),
    output: z.array(policyVersion)
  }),
  /** The text of one version. */
  text: query({
    input: namedFile,
    output: z.object({ text: z.string() })
  }),
  /** Compiles and runs the tests of a text that need not be saved. */
  check: query({ input: z.object({ text: z.string().max(1_000_000) }), output: PolicyCheck }),
  /** A policy that asks what any model of a yes-or-no question owes. Nothing is stored. */
  template: query({ input: z.object({ name: Identifier }), output: z.object({ text: z.string() }) }),
  save: command(policyShapes.save),
  gates: query({
    input: z.object({ run: RunId.optional() }),
    output: z.array(gateSummary)
  }),
  gate: query({ input: z.object({ id: GateResultId }), output: gateReport }),
  evaluate: command(policyShapes.evaluate)
}
