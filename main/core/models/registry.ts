import { WorkbenchError } from '../../model/errors'
import {
  ModelName,
  ModelPurpose,
  stageMoves,
  type Lineage,
  type ModelStage,
  type ModelVersion,
  type ModelVersionDetail,
  type RegisteredModel
} from '../../model/registry'
import type { RunDetail } from '../../model/run'
import { gatesOfRuns, type RunGate } from '../policies'
import type { WorkspaceContext } from '../workspace'
import { model as modelTable, modelStage, modelVersion, type VersionRow } from './tables'
import type { RunId } from '../../model/reference'

/** What the registry needs from the features beside it. */
export interface RegistrySources {
  run(id: RunId): RunDetail
  actor(): string
  /** Everything upstream of a produced thing. */
  lineage(reference: string): Lineage
}

export interface RegisterRequest {
  run: RunId
  name: string
  purpose?: Partial<ModelPurpose>
}

/** Registered models: numbered versions of one run's model, with stages and the history of who moved them and why. */
export interface Models {
  list(): RegisteredModel[]
  versions(name: string): ModelVersion[]
  /** What was registered last. */
  latest(): ModelVersion | null
  get(name: string, version: number): ModelVersionDetail
  /** `name@2`, or `name` for the newest version. */
  resolve(reference: string): ModelVersionDetail
}

/** What the commands of this feature write with; each call joins their transaction. */
export interface ModelsWriter extends Models {
  /** Registering the same run under the same name again returns the version that is there. */
  register(request: RegisterRequest): ModelVersion
  setPurpose(name: string, version: number, purpose: ModelPurpose): ModelVersionDetail
  setStage(name: string, version: number, to: ModelStage, reason: string): ModelVersionDetail
}

/** Opens the registry of a workspace. */
export function createModels(context: WorkspaceContext, sources: RegistrySources): ModelsWriter {
  const { ledger, clock } = context

  const gateOf = (row: VersionRow): RunGate | undefined => gatesOfRuns(ledger, row.run_id).get(row.run_id)
  const toVersion = (row: VersionRow): ModelVersion => {
    const run = sources.run(row.run_id)
    const bundles = ledger.get<{ n: number }>(
      'SELECT count(*) AS n FROM bundle_exports WHERE model = ? AND version = ?',
      row.name,
      row.version
    )
    return {
      name: row.name,
      version: row.version,
      stage: row.stage,
      run: row.run_id,
      runName: run.name,
      algorithm: run.algorithm,
      modelSha256: row.model_sha256,
      metrics: run.metrics,
      gate: gateOf(row)?.decisive ?? null,
      purpose: ModelPurpose.parse(JSON.parse(row.purpose)),
      createdAt: row.created_at,
      createdBy: row.created_by,
      bundles: bundles?.n ?? 0
    }
  }
  const rowOf = (name: string, version: number): VersionRow => {
    const row = ledger.get<VersionRow>('SELECT * FROM model_version WHERE name = ? AND version = ?', name, version)
    if (!row)
      throw new WorkbenchError(
        'NOT_FOUND',
        `There is no model ${name}@${version} in this workspace. See the list of models for what is registered.`
      )
    return row
  }
  const get = (name: string, version: number): ModelVersionDetail => {
    const row = rowOf(name, version)
    const history = ledger.all<ModelVersionDetail['history'][number]>(
      'SELECT from_stage AS "from", to_stage AS "to", at, by, reason FROM model_stage WHERE name = ? AND version = ? ORDER BY id',
      name,
      version
    )
    return { ...toVersion(row), history, lineage: sources.lineage(`model:${row.model_sha256}`) }
  }
  const moveStage = (row: VersionRow, to: ModelStage, reason: string): void => {
    ledger.run('UPDATE model_version SET stage = ? WHERE name = ? AND version = ?', to, row.name, row.version)
    ledger.insert(modelStage, {
      name: row.name,
      version: row.version,
      from_stage: row.stage,
      to_stage: to,
      at: clock().toISOString(),
      by: sources.actor(),
      reason
    })
  }
  const assertGates = (row: VersionRow, to: ModelStage): void => {
    const gate = gateOf(row)
    if (gate?.decisive.outcome === 'pass') return
    const failed = gate?.failed.map((policy) => `"${policy}"`) ?? []
    throw new WorkbenchError(
      'POLICY_DENIED',
      `${row.name}@${row.version} cannot become ${to}: ${failed.length > 0 ? `the last gate of the policy ${failed.join(' and of ')} failed` : 'no policy gate was run over it'}. Run the gate in the pipeline and mend what it names.`
    )
  }
  return {
    get,
    list: () =>
      ledger
        .all<{ name: string; versions: number; latest: number }>(
          'SELECT name, count(*) AS versions, max(version) AS latest FROM model_version GROUP BY name ORDER BY name'
        )
        .map((row) => ({ name: row.name, versions: row.versions, latest: toVersion(rowOf(row.name, row.latest)) })),
    versions: (name) => ledger.all<VersionRow>('SELECT * FROM model_version WHERE name = ? ORDER BY version DESC', name).map(toVersion),
    latest() {
      const last = ledger.get<{ name: string; version: number }>(
        'SELECT name, version FROM model_stage WHERE from_stage IS NULL ORDER BY id DESC LIMIT 1'
      )
      return last ? toVersion(rowOf(last.name, last.version)) : null
    },
    resolve(reference) {
      const match = /^(?:model:)?([^@]+)(?:@(\d+))?$/.exec(reference)
      if (!match)
        throw new WorkbenchError('INVALID_INPUT', `"${reference}" is not a model reference. Write name@version, such as strike-damage@1.`)
      const [, name, number] = match
      const version =
        number === undefined
          ? ledger.get<{ v: number | null }>('SELECT max(version) AS v FROM model_version WHERE name = ?', name)?.v
          : Number(number)
      if (!version) throw new WorkbenchError('NOT_FOUND', `There is no model "${name}" in this workspace. Register one from a run first.`)
      return get(name, version)
    },
    register(request) {
      const name = ModelName.parse(request.name)
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
      const version = (ledger.get<{ v: number | null }>('SELECT max(version) AS v FROM model_version WHERE name = ?', name)?.v ?? 0) + 1
      const purpose = ModelPurpose.parse({ owner: sources.actor(), ...request.purpose })
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
      ledger.insert(modelStage, { name, version, to_stage: 'draft', at: now, by: sources.actor(), reason: 'Registered' })
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
        JSON.stringify(ModelPurpose.parse(purpose)),
        name,
        version
      )
      return get(name, version)
    },
    setStage(name, version, to, reason) {
      const row = rowOf(name, version)
      if (!stageMoves[row.stage].includes(to))
        throw new WorkbenchError(
          'CONFLICT',
          `${name}@${version} is ${row.stage} and cannot become ${to}. From here it can become ${stageMoves[row.stage].join(' or ') || 'nothing else'}.`
        )
      if (to === 'approved' || to === 'released') assertGates(row, to)
      moveStage(row, to, reason)
      return get(name, version)
    }
  }
}
