import { datasetNameKey } from '../../model/dataset'
import type { DatasetColumn, DatasetMetadata, ImportChoices, Notice, SourceFile } from '../../model/dataset'
import { WorkbenchError } from '../../model/errors'
import type { WorkspaceContext } from '../workspace/context'
import { createDatasetSearch } from './dataset-search'
import { dataset as datasetTable, datasetVersion, type DatasetRow, type VersionRow } from './tables'
import { toVersion, toVersionSummary, type ImportReading } from './version-row'
import { type Sha256, DatasetId } from '../../model/reference'

export interface NewVersion {
  sha256: Sha256
  rows: number
  bytes: number
  columns: DatasetColumn[]
  source: SourceFile | null
  choices: ImportChoices
  notices: Notice[]
  badRows: number
  badRowObject: Sha256 | null
  reading?: ImportReading
  misfitObject?: Sha256 | null
  createdBy: string | null
}

const emptyMetadata: DatasetMetadata = { owner: null, tags: [], licence: null, sensitivity: 'internal', description: '' }

/** The ledger's rows of datasets and versions. */
export function createDatasetStore(context: Pick<WorkspaceContext, 'ledger' | 'clock' | 'newId'>) {
  const { ledger } = context
  const search = createDatasetSearch(context)
  const { findByName, findById, latest, versionRows } = search
  const now = (): string => context.clock().toISOString()

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
        const id = DatasetId.parse(context.newId())
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
        created_by: version.createdBy,
        reading: version.reading ? JSON.stringify(version.reading) : null,
        misfit_object: version.misfitObject ?? null
      })
      ledger.run('UPDATE dataset SET updated_at = ? WHERE id = ?', at, dataset.id)
      return { dataset: findById(dataset.id)!, version: latest(dataset.id), created: true }
    })
  }

  function updateMetadata(id: DatasetId, change: Partial<DatasetMetadata> & { name?: string }): DatasetRow {
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
    ...search,
    toVersion,
    toVersionSummary,
    addVersion,
    updateMetadata,
    setTrashed(id: DatasetId, trashed: boolean): DatasetRow {
      ledger.run('UPDATE dataset SET trashed_at=?, updated_at=? WHERE id=?', trashed ? now() : null, now(), id)
      return findById(id)!
    },
    setColumns(datasetId: DatasetId, sha256: Sha256, columns: DatasetColumn[]): void {
      ledger.transaction(() => {
        ledger.run('UPDATE dataset_version SET columns=? WHERE dataset_id=? AND sha256=?', JSON.stringify(columns), datasetId, sha256)
        ledger.run('UPDATE dataset SET updated_at=? WHERE id=?', now(), datasetId)
      })
    }
  }
}
export type DatasetStore = ReturnType<typeof createDatasetStore>
