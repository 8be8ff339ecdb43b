import { publish, type FeatureTables, type Table } from '../../storage/ledger/feature-tables'
import type { Sha256 } from '../../model/reference'

/** `path` is relative where the bundle lies in the workspace. */
export interface ExportRow {
  id: string
  model: string
  version: number
  path: string
  size: number
  root_sha256: Sha256
  signature_sha256: Sha256
  signer: string
  fingerprint: Sha256
  created_at: string
  /** 1 where nobody in the workspace had the key when it signed. */
  unowned: number
}
export const bundleExport: Table<ExportRow> = 'bundle_export'

export const bundleTables: FeatureTables = {
  place: 9,
  migrations: {
    5: `    CREATE TABLE bundle_export(
      id TEXT PRIMARY KEY, model TEXT NOT NULL, version INTEGER NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL,
      root_sha256 TEXT NOT NULL, signature_sha256 TEXT NOT NULL, signer TEXT NOT NULL, fingerprint TEXT NOT NULL, created_at TEXT NOT NULL);
  `,
    7: `
CREATE INDEX bundle_export_of_model ON bundle_export(model, version);
`,
    14: `
ALTER TABLE bundle_export ADD COLUMN unowned INTEGER NOT NULL DEFAULT 0;
`
  },
  published: [
    publish('bundle_exports', 'bundle_export', 'bundle_export.rowid', 'One row for each bundle that was exported.', [
      ['export_id', 'VARCHAR', 'identity of the export', 'id'],
      ['model', 'VARCHAR', 'name of the model'],
      ['version', 'BIGINT', 'version of the model'],
      ['bytes', 'BIGINT', 'size of the bundle', 'size'],
      ['signature_sha256', 'VARCHAR', 'identity of the bundle'],
      ['signer', 'VARCHAR', 'who signed it'],
      ['fingerprint', 'VARCHAR', 'key it was signed with'],
      ['created_at', 'TIMESTAMP', 'when it was made, UTC'],
      ['seq', 'BIGINT', 'counts up with each export', 'bundle_export.rowid']
    ])
  ]
}
