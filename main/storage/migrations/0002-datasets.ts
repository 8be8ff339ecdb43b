import type { Migration } from '../ledger/ledger'

/** `name_key` is the name without letter case; a trashed dataset frees its name. Column and option documents are JSON. */
export const migration0002: Migration = {
  version: 2,
  name: 'datasets',
  sql: `
CREATE TABLE dataset(
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  owner TEXT,
  tags TEXT NOT NULL,
  licence TEXT,
  sensitivity TEXT NOT NULL,
  description TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  trashed_at TEXT
);
CREATE UNIQUE INDEX dataset_name ON dataset(name_key) WHERE trashed_at IS NULL;
CREATE TABLE dataset_version(
  dataset_id TEXT NOT NULL REFERENCES dataset(id),
  number INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  rows INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  columns TEXT NOT NULL,
  source TEXT,
  choices TEXT NOT NULL,
  notices TEXT NOT NULL,
  bad_rows INTEGER NOT NULL,
  bad_row_object TEXT,
  created_at TEXT NOT NULL,
  created_by TEXT,
  PRIMARY KEY(dataset_id, number)
);
CREATE UNIQUE INDEX dataset_version_content ON dataset_version(dataset_id, sha256);
CREATE INDEX dataset_version_sha256 ON dataset_version(sha256);
CREATE TABLE quality_report(
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
`
}
