import { formatDatasetRef, datasetNameKey, parseDatasetRef } from '../../model/dataset'
import type {
  DatasetColumn,
  DatasetMetadata,
  DatasetSummary,
  DatasetVersion,
  DatasetVersionSummary,
  ImportChoices,
  Notice,
  SourceFile
} from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import type { WorkspaceContext } from '../workspace/context'
import { dataset as datasetTable, datasetVersion, type DatasetRow, type VersionRow } from './tables'

export interface NewVersion {
  sha256: string
  rows: number
  bytes: number
  columns: DatasetColumn[]
  source: SourceFile | null
  choices: ImportChoices
  notices: Notice[]
  badRows: number
  badRowObject: string | null
  createdBy: string | null
}

const emptyMetadata: DatasetMetadata = { owner: null, tags: [], licence: null, sensitivity: 'internal', description: '' }

/** The ledger's rows of datasets and versions. */
export function createDatasetStore(context: Pick<WorkspaceContext, 'ledger' | 'clock' | 'newId'>) {
  const { ledger } = context
  const now = (): string => context.clock().toISOString()

  const findByName = (name: string): DatasetRow | undefined =>
    ledger.get<DatasetRow>('SELECT * FROM dataset WHERE name_key = ? AND trashed_at IS NULL', datasetNameKey(name))
  const findById = (id: string): DatasetRow | undefined => ledger.get<DatasetRow>('SELECT * FROM dataset WHERE id = ?', id)

  function byName(name: string): DatasetRow {
    const row = findByName(name)
    if (!row)
      throw new WorkbenchError(
        'NOT_FOUND',
        `There is no dataset "${name}" in this workspace. It may have been renamed or moved to the trash. Look at the list of datasets.`,
        {
          details: { name }
        }
      )
    return row
  }
  const latest = (datasetId: string): VersionRow =>
    ledger.get<VersionRow>('SELECT * FROM dataset_version WHERE dataset_id = ? ORDER BY number DESC LIMIT 1', datasetId)!
  const versionRows = (datasetId: string): VersionRow[] =>
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

  const toVersion = (name: string, v: VersionRow): DatasetVersion => ({
    sha256: v.sha256,
    ref: formatDatasetRef(name, v.sha256),
    number: v.number,
    rows: v.rows,
    bytes: v.bytes,
    columns: JSON.parse(v.columns) as DatasetColumn[],
    source: v.source === null ? null : (JSON.parse(v.source) as SourceFile),
    choices: JSON.parse(v.choices) as ImportChoices,
    badRows: v.bad_rows,
    notices: JSON.parse(v.notices) as Notice[],
    createdAt: v.created_at,
    createdBy: v.created_by
  })
  function toVersionSummary(name: string, v: VersionRow): DatasetVersionSummary {
    const { columns, choices: _choices, notices: _notices, ...rest } = toVersion(name, v)
    return { ...rest, columnCount: columns.length }
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

  /** Adds the version to the dataset of this name, which is made when missing; the same content twice is one version. */
  function addVersion(
    name: string,
    version: NewVersion,
    metadata: Partial<DatasetMetadata>
  ): { dataset: DatasetRow; version: VersionRow; created: boolean } {
    return ledger.transaction(() => {
      const at = now()
      let dataset = findByName(name)
      if (!dataset) {
        const m = { ...emptyMetadata, ...metadata }
        const id = context.newId()
        ledger.insert(datasetTable, {
          id,
          name,
          name_key: datasetNameKey(name),
          owner: m.owner,
          tags: JSON.stringify(m.tags),
          licence: m.licence,
          sensitivity: m.sensitivity,
          description: m.description,
          created_at: at,
          updated_at: at
        })
        dataset = findById(id)!
      } else if (Object.keys(metadata).length > 0) dataset = updateMetadata(dataset.id, metadata)
      const same = versionRows(dataset.id).find((v) => v.sha256 === version.sha256)
      if (same) return { dataset, version: same, created: false }
      const number =
        (ledger.get<{ n: number | null }>('SELECT max(number) AS n FROM dataset_version WHERE dataset_id = ?', dataset.id)!.n ?? 0) + 1
      ledger.insert(datasetVersion, {
        dataset_id: dataset.id,
        number,
        sha256: version.sha256,
        rows: version.rows,
        bytes: version.bytes,
        columns: JSON.stringify(version.columns),
        source: version.source === null ? null : JSON.stringify(version.source),
        choices: JSON.stringify(version.choices),
        notices: JSON.stringify(version.notices),
        bad_rows: version.badRows,
        bad_row_object: version.badRowObject,
        created_at: at,
        created_by: version.createdBy
      })
      ledger.run('UPDATE dataset SET updated_at = ? WHERE id = ?', at, dataset.id)
      return { dataset: findById(dataset.id)!, version: latest(dataset.id), created: true }
    })
  }

  function updateMetadata(id: string, change: Partial<DatasetMetadata> & { name?: string }): DatasetRow {
    const old = findById(id)!
    const name = change.name ?? old.name
    const taken = findByName(name)
    if (taken && taken.id !== id)
      throw new WorkbenchError('CONFLICT', `A dataset "${taken.name}" exists already (letter case does not count). Choose another name.`, {
        details: { name }
      })
    ledger.run(
      'UPDATE dataset SET name=?, name_key=?, owner=?, tags=?, licence=?, sensitivity=?, description=?, updated_at=? WHERE id=?',
      name,
      datasetNameKey(name),
      change.owner === undefined ? old.owner : change.owner,
      change.tags === undefined ? old.tags : JSON.stringify(change.tags),
      change.licence === undefined ? old.licence : change.licence,
      change.sensitivity ?? old.sensitivity,
      change.description ?? old.description,
      now(),
      id
    )
    return findById(id)!
  }

  return {
    find,
    findByName,
    findById,
    byName,
    latest,
    versionRows,
    toVersion,
    toVersionSummary,
    toSummary,
    addVersion,
    updateMetadata,
    list: (trashed: boolean): DatasetRow[] =>
      ledger.all<DatasetRow>(`SELECT * FROM dataset WHERE trashed_at IS ${trashed ? 'NOT NULL' : 'NULL'} ORDER BY name_key, created_at`),
    setTrashed(id: string, trashed: boolean): DatasetRow {
      ledger.run('UPDATE dataset SET trashed_at=?, updated_at=? WHERE id=?', trashed ? now() : null, now(), id)
      return findById(id)!
    },
    setColumns(datasetId: string, sha256: string, columns: DatasetColumn[]): void {
      ledger.transaction(() => {
        ledger.run('UPDATE dataset_version SET columns=? WHERE dataset_id=? AND sha256=?', JSON.stringify(columns), datasetId, sha256)
        ledger.run('UPDATE dataset SET updated_at=? WHERE id=?', now(), datasetId)
      })
    },
    /** Name of a dataset, not in the trash, that has this file as a version. */
    ownerOf: (sha256: string): string | undefined =>
      ledger.get<{ name: string }>(
        'SELECT d.name FROM dataset_version v JOIN dataset d ON d.id = v.dataset_id WHERE v.sha256 = ? AND d.trashed_at IS NULL LIMIT 1',
        sha256
      )?.name,
    /** True when some version, trashed or not, is this file. */
    isUsed: (sha256: string): boolean => ledger.get('SELECT 1 FROM dataset_version WHERE sha256 = ? LIMIT 1', sha256) !== undefined
  }
}
export type DatasetStore = ReturnType<typeof createDatasetStore>
