import type { DatasetDetail, DatasetSummary } from '../model/dataset'
import { DatasetId, datasetReference, Sha256 } from '../model/reference'
import { uuidOf } from './sample-runs'

export const sampleDigest = Sha256.parse('a'.repeat(64))
export const sampleTime = '2026-03-01T10:00:00.000Z'

/** A dataset of one version as lists have it, and what is different about it. */
export const datasetSummary = (name: string, change: Partial<DatasetSummary> = {}): DatasetSummary => ({
  id: DatasetId.parse(uuidOf(name.slice(0, 6))),
  name,
  owner: null,
  tags: [],
  licence: null,
  sensitivity: 'internal',
  description: '',
  createdAt: sampleTime,
  updatedAt: sampleTime,
  trashedAt: null,
  versionCount: 1,
  latest: {
    sha256: sampleDigest,
    ref: datasetReference({ name, sha256: sampleDigest }),
    number: 1,
    rows: 3,
    bytes: 2048,
    source: null,
    badRows: 1,
    createdAt: sampleTime,
    createdBy: null,
    columnCount: 2
  },
  ...change
})

/** A column of whole numbers. */
export const datasetColumn = (name: string, role: 'feature' | 'target' = 'feature') => ({
  name,
  type: 'BIGINT',
  kind: 'integer' as const,
  role,
  knownWhen: 'before' as const,
  unit: null,
  description: null
})

/** The same with its columns. */
export const datasetDetail = (name: string, columns = [datasetColumn('size'), datasetColumn('damage', 'target')]): DatasetDetail => {
  const base = datasetSummary(name)
  return { ...base, version: { ...base.latest, columns, choices: {}, notices: [] }, versions: [base.latest] }
}
