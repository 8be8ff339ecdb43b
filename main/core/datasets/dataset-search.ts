import { datasetNameKey, parseDatasetRef } from '../../model/dataset'
import type { DatasetSummary } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import { didYouMean } from '../../model/near-names'
import type { WorkspaceContext } from '../workspace/context'
import type { DatasetRow, VersionRow } from './tables'
import { toVersionSummary } from './version-row'
import type { Sha256, DatasetId } from '../../model/reference'

/** Finds datasets and versions in the ledger. */
export function createDatasetSearch({ ledger }: Pick<WorkspaceContext, 'ledger'>) {
  const findByName = (name: string): DatasetRow | undefined =>
    ledger.get<DatasetRow>('SELECT * FROM dataset WHERE name_key = ? AND trashed_at IS NULL', datasetNameKey(name))
  /** Names that can be meant, at most as many as are looked through for it. */
  const names = (): string[] =>
    ledger.all<{ name: string }>('SELECT name FROM dataset WHERE trashed_at IS NULL ORDER BY name LIMIT 1000').map((row) => row.name)
  const findById = (id: DatasetId): DatasetRow | undefined => ledger.get<DatasetRow>('SELECT * FROM dataset WHERE id = ?', id)

  function byName(name: string): DatasetRow {
    const row = findByName(name)
    if (!row)
      throw new WorkbenchError(
        'NOT_FOUND',
        `There is no dataset "${name}" in this workspace.${didYouMean(name, names())} It may have been renamed or moved to the trash. Look at the list of datasets.`,
        {
          details: { name }
        }
      )
    return row
  }
  const latest = (datasetId: DatasetId): VersionRow =>
    ledger.get<VersionRow>('SELECT * FROM dataset_version WHERE dataset_id = ? ORDER BY number DESC LIMIT 1', datasetId)!
  const versionRows = (datasetId: DatasetId): VersionRow[] =>
    ledger.all<VersionRow>('SELECT * FROM dataset_version WHERE dataset_id = ? ORDER BY number DESC', datasetId)

  /** The dataset and the version that a reference names. Throws INVALID_INPUT or NOT_FOUND. */
  function find(ref: string): { dataset: DatasetRow; version: VersionRow } {
    const parsed = parseDatasetRef(ref)
    if (!parsed)
      throw new WorkbenchError(
        'INVALID_INPUT',
        `"${ref.slice(0, 120)}" names no dataset. Write its name, or name@ with at least 8 digits of a version's SHA-256.`
      )
    const dataset = byName(parsed.name)
    if (!parsed.sha256) return { dataset, version: latest(dataset.id) }
    const matches = versionRows(dataset.id).filter((v) => v.sha256.startsWith(parsed.sha256!))
    if (matches.length === 0)
      throw new WorkbenchError(
        'NOT_FOUND',
        `Dataset "${dataset.name}" has no version ${parsed.sha256.slice(0, 12)}. Choose one of its versions.`,
        { details: { ref } }
      )
    if (matches.length > 1)
      throw new WorkbenchError('INVALID_INPUT', `Several versions of "${dataset.name}" begin with ${parsed.sha256}. Write more digits.`, {
        details: { ref }
      })
    return { dataset, version: matches[0] }
  }

  function toSummary(d: DatasetRow): DatasetSummary {
    const count = ledger.get<{ n: number }>('SELECT count(*) AS n FROM dataset_version WHERE dataset_id = ?', d.id)!.n
    return {
      id: d.id,
      name: d.name,
      owner: d.owner,
      tags: JSON.parse(d.tags) as string[],
      licence: d.licence,
      sensitivity: d.sensitivity,
      description: d.description,
      createdAt: d.created_at,
      updatedAt: d.updated_at,
      trashedAt: d.trashed_at,
      versionCount: count,
      latest: toVersionSummary(d.name, latest(d.id))
    }
  }

  return {
    find,
    findByName,
    findById,
    byName,
    names,
    latest,
    versionRows,
    toSummary,
    list: (trashed: boolean): DatasetRow[] =>
      ledger.all<DatasetRow>(`SELECT * FROM dataset WHERE trashed_at IS ${trashed ? 'NOT NULL' : 'NULL'} ORDER BY name_key, created_at`),
    /** Name of a dataset, not in the trash, that has this file as a version. */
    ownerOf: (sha256: Sha256): string | undefined =>
      ledger.get<{ name: string }>(
        'SELECT d.name FROM dataset_version v JOIN dataset d ON d.id = v.dataset_id WHERE v.sha256 = ? AND d.trashed_at IS NULL LIMIT 1',
        sha256
      )?.name,
    /** True when some version, trashed or not, is this file. */
    isUsed: (sha256: Sha256): boolean => ledger.get('SELECT 1 FROM dataset_version WHERE sha256 = ? LIMIT 1', sha256) !== undefined
  }
}
