import { z } from 'zod'
import { policyShapes } from '../../model/commands/policies'
import { shape } from '../../model/commands/shape'
import type { GateSubject } from '../../model/evidence'
import type { GateFacts, GateReport } from '../../model/policy'
import { anybody, commandsOn } from '../commands'
import type { PoliciesWriter } from './policies'
import type { SavedPolicy } from './policy-store'
import { type RunId, type Sha256, contentReference, printReference } from '../../model/reference'

interface On {
  policies: PoliciesWriter
}
interface OnEvidence extends On {
  bundles: {
    /** The facts that a gate over this run decides on. */
    gateFacts(run: RunId): Promise<GateFacts>
    /** What such a gate is about. Throws EVIDENCE_MISMATCH when the documents of the run do not belong together. */
    gateSubject(run: RunId): Promise<Omit<GateSubject, 'policy'>>
  }
}
const { change, task } = commandsOn<On>()
const { task: taskOnEvidence } = commandsOn<OnEvidence>()

/** What the policy said of this run before. */
const lastGate = ({ policies }: On, run: RunId) => policies.gates(run)
const tellGate = (id: string, run: RunId, report: GateReport, former: ReturnType<typeof lastGate>) => {
  const last = former.find((gate) => gate.policy === report.policy)
  return {
    subject: printReference({ kind: 'run', id: run }),
    before: last ? { gate: last.id, outcome: last.outcome } : null,
    after: { gate: id, policy: report.policy, sha256: report.sha256, outcome: report.outcome }
  }
}

export const policyCommands = {
  save: task({
    ...policyShapes.save,
    name: 'policies.save',
    allow: anybody,
    event: 'policy.saved',
    work: ({ policies }, { text }, { commit }) => policies.save(text, commit),
    tell: ({ name, sha256, former }: SavedPolicy) =>
      former === sha256
        ? null
        : { subject: contentReference('policy', name, sha256), before: { sha256: former }, after: { sha256 }, detail: { name } }
  }),
  evaluate: taskOnEvidence({
    ...policyShapes.evaluate,
    name: 'policies.evaluate',
    allow: anybody,
    event: 'gate.evaluated',
    async work({ policies, bundles }, { policy, run }, { commit }) {
      const { report, sha256 } = await policies.judge(policy, await bundles.gateFacts(run), await bundles.gateSubject(run))
      return commit(() => ({ id: policies.record(run, report, sha256, null), report }))
    },
    before: (scope, { run }) => lastGate(scope, run),
    tell: ({ id, report }: { id: string; report: GateReport }, { run }, before) => tellGate(id, run, report, before)
  })
}

/** What a finished gate step writes, inside of the journal's transaction; no window asks for it. */
export const gateCommands = {
  record: change({
    ...shape(z.custom<{ run: RunId; report: GateReport; reportSha256: Sha256; pipelineRun: string | null }>(), z.string(), [
      'policies',
      'experiments',
      'models'
    ]),
    name: 'gates.record',
    allow: anybody,
    event: 'gate.evaluated',
    before: (scope, { run }) => lastGate(scope, run),
    run: ({ policies }, { run, report, reportSha256, pipelineRun }) => policies.record(run, report, reportSha256, pipelineRun),
    tell: (id: string, { run, report }, before) => tellGate(id, run, report, before)
  })
}
