import type { Migration } from '../ledger/ledger'

export const migration0006: Migration = {
  version: 6,
  name: 'governance',
  sql: `
    CREATE TABLE policy(name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, updated_at TEXT NOT NULL);
    CREATE TABLE policy_version(name TEXT NOT NULL, sha256 TEXT NOT NULL, saved_at TEXT NOT NULL, saved_by TEXT NOT NULL, PRIMARY KEY(name, sha256)) WITHOUT ROWID;
    CREATE TABLE gate_result(
      id TEXT PRIMARY KEY, run_id TEXT NOT NULL, policy TEXT NOT NULL, policy_sha256 TEXT NOT NULL,
      outcome TEXT NOT NULL, report_sha256 TEXT NOT NULL, at TEXT NOT NULL, pipeline_run TEXT);
    CREATE INDEX gate_result_by_run ON gate_result(run_id, at);
  `
}
