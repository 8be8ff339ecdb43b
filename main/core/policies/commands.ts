import { z } from 'zod'
import { policyShapes } from '../../model/commands/policies'
import { shape } from '../../model/commands/shape'
import type { GateReport } from '../../model/policy'
import { anybody, commandsOn, type Work } from '../commands'
import type { PoliciesWriter } from './policies'
import type { RecordedAgain, SavedPolicy } from './policy-store'
import { type RunId, type Sha256, contentReference, runReference, type PipelineRunId, GateResultId } from '../../model/reference'

interface On {
  policies: PoliciesWriter
}
interface OnPipelines extends On {
  pipelines: {
    /** Holds a gate over a run by a pipeline of one gate step and returns its pipeline run. Throws what made the step fail. */
    holdGate(what: { policy: string; run: RunId }, work: Pick<Work<Started>, 'signal' | 'commit'>): Promise<PipelineRunId>
  }
}
interface Started {
  runId: PipelineRunId
  reference: string
}
const { change, task } = commandsOn<On>()
const { task: taskOnPipelines } = commandsOn<OnPipelines>()

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
  /** The result is recorded by the gate step and by nothing else. */
  evaluate: taskOnPipelines({
    ...policyShapes.evaluate,
    name: 'policies.evaluate',
    allow: anybody,
    event: 'pipeline.started',
    async work({ pipelines, policies }, { policy, run }, work) {
      const execution = await pipelines.holdGate({ policy, run }, work)
      const { id } = policies.gates(run).find(({ pipelineRun }) => pipelineRun === execution)!
      return { id, report: await policies.gate(id) }
    },
    tell: ({ runId, reference }: Started, parameters) => ({
      subject: reference,
      before: null,
      after: { pipelineRun: runId, parameters, targetStep: null, force: false }
    })
  })
}

/** What a finished gate step writes, inside of the journal's transaction; no window asks for it. */
export const gateCommands = {
  record: change({
    ...shape(z.custom<{ run: RunId; report: GateReport; reportSha256: Sha256; pipelineRun: PipelineRunId }>(), GateResultId, [
      'policies',
      'experiments',
      'models'
    ]),
    name: 'gates.record',
    allow: anybody,
    event: 'gate.evaluated',
    before: ({ policies }, { run, report }) => policies.gates(run).find(({ policy }) => policy === report.policy),
    run: ({ policies }, { run, report, reportSha256, pipelineRun }) => policies.record(run, report, reportSha256, pipelineRun),
    tell: (id: GateResultId, { run, report: { policy, sha256, outcome } }, last) => ({
      subject: runReference(run),
      before: last ? { gate: last.id, outcome: last.outcome } : null,
      after: { gate: id, policy, sha256, outcome }
    })
  }),
  /** A gate step whose result was taken from the cache. */
  recordAgain: change({
    ...shape(z.custom<{ run: RunId; reportSha256: Sha256; pipelineRun: PipelineRunId }>(), z.custom<RecordedAgain | null>(), [
      'policies',
      'experiments',
      'models'
    ]),
    name: 'gates.recordAgain',
    allow: anybody,
    event: 'gate.evaluated',
    run: ({ policies }, { run, reportSha256, pipelineRun }) => policies.recordAgain(run, reportSha256, pipelineRun),
    tell: (made, { run }) =>
      made && {
        subject: runReference(run),
        before: { gate: made.former.id, outcome: made.former.outcome },
        after: { gate: made.again.id, policy: made.again.policy, sha256: made.again.policy_sha256, outcome: made.again.outcome }
      }
  })
}
