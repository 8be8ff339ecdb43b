import type { GateSubject } from '../../model/evidence'
import type { GateSummary } from '../../model/policy'
import type { Sha256 } from '../../model/reference'
import type { ModelVersionDetail } from '../../model/registry'
import type { RunDetail } from '../../model/run'
import type { Pipelines } from '../pipelines'
import type { Policies } from '../policies'

interface Sources {
  policies: Policies
  pipelines: Pipelines
}

/** What a gate was held over: as its result says, or, where an earlier program wrote that, as the journal has it; null where neither does. */
export async function gateSubjectOf(sources: Sources, gate: GateSummary, model: Sha256): Promise<GateSubject | null> {
  const { subject } = await sources.policies.gate(gate.id)
  return subject ?? subjectOnRecord(sources, gate, model)
}

/** What its step was handed, of several gates of one policy the one over this model. */
async function subjectOnRecord({ pipelines }: Sources, gate: GateSummary, model: Sha256): Promise<GateSubject | null> {
  if (gate.pipelineRun === null) return null
  const made = await pipelines.madeFrom({ type: 'gate', pipelineRun: gate.pipelineRun })
  const own = made.filter(({ ports }) => ports.policy === gate.policySha256)
  const found = own.find((each) => each.model === model) ?? own[0]
  if (!found?.model || !found.ports.evaluation) return null
  return { model: found.model, evaluation: found.ports.evaluation, quality: found.ports.quality ?? null, policy: gate.policySha256 }
}

/** The quality report that leaves with a version: the one that its gate judged, else the newest of its run; undefined where there is none. */
export async function judgedQuality(sources: Sources, version: ModelVersionDetail, run: RunDetail): Promise<Sha256 | undefined> {
  const gate = sources.policies.gates(run.id).find(({ id }) => id === version.gate?.id)
  return (
    (gate && (await gateSubjectOf(sources, gate, version.modelSha256))?.quality) ??
    run.artifacts.find(({ kind }) => kind === 'quality-report')?.sha256
  )
}
