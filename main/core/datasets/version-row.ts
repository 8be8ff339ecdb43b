import { datasetReference } from '../../model/reference'
import type { DatasetColumn, DatasetVersion, DatasetVersionSummary, ImportChoices, Notice, SourceFile } from '../../model/dataset'
import type { VersionRow } from './tables'

/** What an import keeps about how it read the cells. */
export type ImportReading = Required<Pick<DatasetVersion, 'rules' | 'offers' | 'misfits'>>

/** A version as everybody sees it, from its row; `name` is its dataset's. */
export const toVersion = (name: string, v: VersionRow): DatasetVersion => ({
  sha256: v.sha256,
  ref: datasetReference({ name, sha256: v.sha256 }),
  number: v.number,
  rows: v.rows,
  bytes: v.bytes,
  columns: JSON.parse(v.columns) as DatasetColumn[],
  source: v.source === null ? null : (JSON.parse(v.source) as SourceFile),
  choices: JSON.parse(v.choices) as ImportChoices,
  badRows: v.bad_rows,
  notices: JSON.parse(v.notices) as Notice[],
  ...(v.reading !== null && (JSON.parse(v.reading) as ImportReading)),
  createdAt: v.created_at,
  createdBy: v.created_by
})
/** A version as lists show it. */
export function toVersionSummary(name: string, v: VersionRow): DatasetVersionSummary {
  const { columns, choices: _choices, notices: _notices, rules: _rules, offers: _offers, ...rest } = toVersion(name, v)
  return { ...rest, columnCount: columns.length }
}
