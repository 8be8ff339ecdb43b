import { WorkbenchError } from '../../model/errors'
import { ModelName, ModelPurpose, stageMoves, type ModelStage, type ModelVersion, type ModelVersionDetail } from '../../model/registry'
import type { RunId } from '../../model/reference'
import { fitted } from '../../model/schema-words'
import type { RunGate } from '../policies'
import type { assertDecides } from '../people'
import type { WorkspaceContext } from '../workspace'
import { readModels, type Models, type RegistrySources } from './read-models'
import { signDecision } from './stage-decision'
import { model as modelTable, modelStage, modelVersion, type VersionRow } from './tables'

export interface RegisterRequest {
  run: RunId
  name: string
  purpose?: Partial<ModelPurpose>
  /** Registers although no gate passed over the run: the version is a draft without gate, and says so. */
  withoutGate?: boolean
}

/** Who decides, with the opened key. */
export type StageSigner = ReturnType<typeof assertDecides>

/** What the commands of this feature write with; each call joins their transaction. */
export interface ModelsWriter extends Models {
  /** Registering the same run under the same name again returns the version that is there. */
  register(request: RegisterRequest): ModelVersion
  /** The gate that decides over the model of a run. */
  gateOfRun(run: RunId): ModelVersion['gate']
  setPurpose(name: string, version: number, purpose: ModelPurpose): ModelVersionDetail
  /** A decision is signed by who makes it. */
  setStage(name: string, version: number, to: ModelStage, reason: string, signer?: StageSigner): ModelVersionDetail
}

/** Opens the registry of a workspace. */
export function createModels(context: WorkspaceContext, sources: RegistrySources): ModelsWriter {
  const { ledger, clock } = context
  const { reads, rowOf, toVersion, decisiveOf, gateOf } = readModels(context, sources)
  const moveStage = (row: VersionRow, to: ModelStage, reason: string, signer?: StageSigner): void => {
    const { name, version, stage: from_stage, run_id, model_sha256 } = row
    const move = { name, version, from_stage, to_stage: to, at: clock().toISOString(), by: sources.actor(), reason }
    const gate = decisiveOf(row.run_id)?.id ?? null
    const signature = signer && signDecision({ ...move, run_id, model_sha256 }, { person: signer.person.id, gate }, signer.key)
    ledger.run('UPDATE model_version SET stage = ? WHERE name = ? AND version = ?', to, name, version)
    ledger.insert(modelStage, { ...move, ...(signature !== undefined && { signature }) })
  }
  return {
    ...reads,
    gateOfRun: decisiveOf,
    register(request) {
      const name = fitted(ModelName, request.name, 'The name of the model')
      const run = sources.run(request.run)
      const model = run.artifacts.find((artifact) => artifact.kind === 'model')
      if (!model)
        throw new WorkbenchError(
          'INVALID_INPUT',
          `The run "${run.name}" has no model to register: it is ${run.status}. Choose a run that finished training.`
        )
      const existing = ledger.get<VersionRow>('SELECT * FROM model_version WHERE name = ? AND run_id = ?', name, run.id)
      if (existing) return toVersion(existing)
      const now = clock().toISOString()
      ledger.insert(modelTable, { name, created_at: now }, 'OR IGNORE')
      const next = 'SELECT coalesce(max(version), 0) + 1 AS version FROM model_version WHERE name = ?'
      const { version } = ledger.get<{ version: number }>(next, name)!
      // Whoever registers a model owns it until another is named.
      const described = { ...request.purpose, owner: request.purpose?.owner || sources.actor() }
      const purpose = fitted(ModelPurpose, described, 'The description of the model')
      ledger.insert(modelVersion, {
        name,
        version,
        run_id: run.id,
        stage: 'draft',
        model_sha256: model.sha256,
        purpose: JSON.stringify(purpose),
        created_at: now,
        created_by: sources.actor()
      })
      ledger.insert(modelStage, {
        name,
        version,
        to_stage: 'draft',
        at: now,
        by: sources.actor(),
        reason: request.withoutGate && decisiveOf(run.id)?.outcome !== 'pass' ? 'Registered as a draft without gate' : 'Registered'
      })
      return toVersion(rowOf(name, version))
    },
    setPurpose(name, version, purpose) {
      const row = rowOf(name, version)
      if (row.stage !== 'draft' && row.stage !== 'in review')
        throw new WorkbenchError(
          'CONFLICT',
          `${name}@${version} is ${row.stage}; its description is part of what was approved. Register a new version to change it.`
        )
      ledger.run(
        'UPDATE model_version SET purpose = ? WHERE name = ? AND version = ?',
        JSON.stringify(fitted(ModelPurpose, purpose, 'The description of the model')),
        name,
        version
      )
      return reads.get(name, version)
    },
    setStage(name, version, to, reason, signer) {
      const row = rowOf(name, version)
      if (!stageMoves[row.stage].includes(to))
        throw new WorkbenchError(
          'CONFLICT',
          `${name}@${version} is ${row.stage} and cannot become ${to}. From here it can become ${stageMoves[row.stage].join(' or ') || 'nothing else'}.`
        )
      if (to === 'approved' || to === 'released') assertGates(row, gateOf(row.run_id), to)
      moveStage(row, to, reason, signer)
      return reads.get(name, version)
    }
  }
}

function assertGates(row: VersionRow, gate: RunGate | undefined, to: ModelStage): void {
  if (gate?.decisive.outcome === 'pass') return
  const reason = gate
    ? `the last gate of the policy ${gate.failed.map((policy) => `"${policy}"`).join(' and of ')} failed`
    : 'no policy gate was run over it'
  // Training the same again is no advice: it gives the same bytes, and a gate belongs to these.
  const next = gate?.decisive.changed
    ? 'It passes under another text of the policy, which does not undo that. Change data, features or parameters, and register the model that comes of it as the next version.'
    : gate
      ? 'Read its result, mend what it names in data, features or parameters, and run the pipeline again.'
      : 'Run the gate in the pipeline, or apply a policy to the run.'
  throw new WorkbenchError('POLICY_DENIED', `${row.name}@${row.version} cannot become ${to}: ${reason}. ${next}`)
}
