import { WorkbenchError } from '../../model/errors'
import { didYouMean } from '../../model/near-names'
import {
  decidingRole,
  ModelPurpose,
  ModelStage,
  type Lineage,
  type ModelVersion,
  type ModelVersionDetail,
  type RegisteredModel
} from '../../model/registry'
import { type RunId, parseNamed } from '../../model/reference'
import { measuredMetrics, type RunDetail } from '../../model/run'
import { isWithoutGate } from '../../model/gate-standing'
import { gatesOfRuns, judgeChange, type RunGate } from '../policies'
import type { People } from '../people'
import type { WorkspaceContext } from '../workspace'
import { checkDecision } from './stage-decision'
import type { StageRow, VersionRow } from './tables'

/** What the registry needs from the features beside it. */
export interface RegistrySources {
  run(id: RunId): RunDetail
  actor(): string
  readonly people: Pick<People, 'holderOf'>
  /** Everything upstream of the model of a run. */
  lineage(run: RunId): Lineage
}

/** Registered models: numbered versions of one run's model, with stages and the history of who moved them and why. */
export interface Models {
  list(): RegisteredModel[]
  versions(name: string): ModelVersion[]
  /** What was registered last. */
  latest(): ModelVersion | null
  get(name: string, version: number): ModelVersionDetail
  /** `name@2`, `name@released` for the newest of a stage (`in-review` as it is typed), or `name` for the newest version. */
  resolve(reference: string): ModelVersionDetail
}

/** Reads the registry of a workspace. `rowOf`, `toVersion` and `gateOf` are for those who write to it. */
export function readModels({ ledger, objects }: WorkspaceContext, sources: RegistrySources) {
  const gateOf = (run: RunId): RunGate | undefined => gatesOfRuns(ledger, run).get(run)
  const decisiveOf = (run: RunId): ModelVersion['gate'] => {
    const found = gateOf(run)
    if (!found) return null
    const { changed, ...decisive } = found.decisive
    return { ...decisive, ...(changed && { changed: judgeChange(objects, changed) }) }
  }
  const toVersion = (row: VersionRow): ModelVersion => {
    const run = sources.run(row.run_id)
    const { n: bundles } = ledger.get<{ n: number }>(
      'SELECT count(*) AS n FROM bundle_exports WHERE model = ? AND version = ?',
      row.name,
      row.version
    )!
    const gate = decisiveOf(row.run_id)
    return {
      name: row.name,
      version: row.version,
      stage: row.stage,
      ...(isWithoutGate({ stage: row.stage, gate }) && { withoutGate: true as const }),
      run: row.run_id,
      runName: run.name,
      algorithm: run.algorithm,
      modelSha256: row.model_sha256,
      metrics: measuredMetrics(run),
      gate,
      purpose: ModelPurpose.parse(JSON.parse(row.purpose)),
      createdAt: row.created_at,
      createdBy: row.created_by,
      bundles
    }
  }
  /** What was perhaps meant by a name that is not there; where it is, the versions that it has. */
  const meant = (name: string): string => {
    const names = ledger.all<{ name: string; latest: number }>(
      'SELECT name, max(version) AS latest FROM model_version GROUP BY name ORDER BY name LIMIT 1000'
    )
    const latest = names.find((each) => each.name === name)?.latest
    return latest === undefined
      ? didYouMean(
          name,
          names.map((each) => each.name)
        )
      : ` Its newest version is ${latest}.`
  }
  const rowOf = (name: string, version: number): VersionRow => {
    const row = ledger.get<VersionRow>('SELECT * FROM model_version WHERE name = ? AND version = ?', name, version)
    if (!row)
      throw new WorkbenchError(
        'NOT_FOUND',
        `There is no model ${name}@${version} in this workspace.${meant(name)} See the list of models for what is registered.`
      )
    return row
  }
  const get = (name: string, version: number): ModelVersionDetail => {
    const row = rowOf(name, version)
    const moves = ledger.all<StageRow>('SELECT * FROM model_stage WHERE name = ? AND version = ? ORDER BY id', name, version)
    const history = moves.map(({ from_stage: from, to_stage: to, at, by, reason, signature, ...move }) => ({
      ...{ from, to, at, by, reason },
      ...(decidingRole[to] && {
        signature: checkDecision({ ...row, ...move, from_stage: from, to_stage: to, at, by, reason }, signature, sources.people)
      })
    }))
    return { ...toVersion(row), history, lineage: sources.lineage(row.run_id) }
  }
  const reads: Models = {
    get,
    list: () =>
      ledger
        .all<Pick<RegisteredModel, 'name' | 'versions' | 'released'> & { latest: number }>(
          `SELECT name, count(*) AS versions, max(version) AS latest, max(iif(stage = 'released', version, NULL)) AS released
           FROM model_version GROUP BY name ORDER BY name`
        )
        .map(({ latest, ...row }) => ({ ...row, latest: toVersion(rowOf(row.name, latest)) })),
    versions: (name) => ledger.all<VersionRow>('SELECT * FROM model_version WHERE name = ? ORDER BY version DESC', name).map(toVersion),
    latest() {
      const last = ledger.get<{ name: string; version: number }>(
        'SELECT name, version FROM model_stage WHERE from_stage IS NULL ORDER BY id DESC LIMIT 1'
      )
      return last ? toVersion(rowOf(last.name, last.version)) : null
    },
    resolve: (reference) => resolveModel(ledger, reference, { meant, get })
  }
  return { reads, rowOf, toVersion, decisiveOf, gateOf }
}

interface Known {
  /** What was perhaps meant by a name. */
  meant(name: string): string
  get(name: string, version: number): ModelVersionDetail
}

/** The version that `name@2`, `name@released` or `name` stands for. Throws INVALID_INPUT and NOT_FOUND. */
function resolveModel(ledger: WorkspaceContext['ledger'], reference: string, { meant, get }: Known): ModelVersionDetail {
  const { name, version: number = null } = parseNamed('model', reference) ?? {}
  const stage = ModelStage.safeParse(number?.replace('-', ' ')).data
  if (name === undefined || (number !== null && stage === undefined && !/^\d+$/.test(number)))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${reference}" is not a model reference. Write name@version, such as strike-damage@1, or name@stage, such as strike-damage@released.`
    )
  const newest = (of: string | null): number | null =>
    ledger.get<{ v: number | null }>('SELECT max(version) AS v FROM model_version WHERE name = ? AND stage = coalesce(?, stage)', name, of)!
      .v
  const version = number !== null && stage === undefined ? Number(number) : newest(stage ?? null)
  if (!version && stage !== undefined && newest(null) !== null)
    throw new WorkbenchError('NOT_FOUND', `No version of "${name}" is ${stage}. Move one to this stage, or name a version.${meant(name)}`)
  if (!version)
    throw new WorkbenchError('NOT_FOUND', `There is no model "${name}" in this workspace.${meant(name)} Register one from a run first.`)
  return get(name, version)
}
