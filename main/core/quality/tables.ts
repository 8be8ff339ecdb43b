import { publish, type FeatureTables, type Table } from '../../storage/ledger/feature-tables'
import type { Sha256, QualityReportId } from '../../model/reference'

export interface ReportRow {
  id: QualityReportId
  dataset: string
  sha256: Sha256
  rows: number
  errors: number
  warnings: number
  infos: number
  /** JSON. */
  options: string
  object: Sha256
  created_at: string
  created_by: string | null
}
export const qualityReport: Table<ReportRow> = 'quality_report'

export const qualityTables: FeatureTables = {
  place: 4,
  migrations: {
    2: `CREATE TABLE quality_report(
  id TEXT PRIMARY KEY,
  dataset TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  rows INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  warnings INTEGER NOT NULL,
  infos INTEGER NOT NULL,
  options TEXT NOT NULL,
  object TEXT NOT NULL,
  created_at TEXT NOT NULL,
  created_by TEXT
);
CREATE INDEX quality_report_dataset ON quality_report(dataset, created_at);
`,
    7: `
DROP INDEX quality_report_dataset;
CREATE INDEX quality_report_of_dataset ON quality_report(dataset);
`
  },
  content: [{ table: 'quality_report', column: 'object', kept: 'objects', what: 'a quality report' }],
  published: [
    publish('quality_reports', 'quality_report', 'quality_report.rowid', 'One row for each quality report.', [
      ['report_id', 'VARCHAR', 'identity of the report', 'id'],
      ['dataset', 'VARCHAR', 'name of the dataset then'],
      ['sha256', 'VARCHAR', 'version that was checked'],
      ['errors', 'BIGINT', 'findings that must not be'],
      ['warnings', 'BIGINT', 'findings to look at'],
      ['notes', 'BIGINT', 'findings to know of', 'infos'],
      ['created_at', 'TIMESTAMP', 'when it was made, UTC'],
      ['created_by', 'VARCHAR', 'who asked for it'],
      ['seq', 'BIGINT', 'counts up with each report', 'quality_report.rowid']
    ])
  ]
}
