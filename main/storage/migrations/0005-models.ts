import type { Migration } from '../ledger/ledger'

export const migration0005: Migration = {
  version: 5,
  name: 'models',
  sql: `
    CREATE TABLE model(name TEXT PRIMARY KEY, created_at TEXT NOT NULL);
    CREATE TABLE model_version(
      name TEXT NOT NULL REFERENCES model(name), version INTEGER NOT NULL, run_id TEXT NOT NULL REFERENCES run(id),
      stage TEXT NOT NULL, model_sha256 TEXT NOT NULL, purpose TEXT NOT NULL,
      created_at TEXT NOT NULL, created_by TEXT NOT NULL, PRIMARY KEY(name, version)) WITHOUT ROWID;
    CREATE INDEX model_version_by_run ON model_version(run_id);
    CREATE TABLE model_stage(
      id INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL,
      from_stage TEXT, to_stage TEXT NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL, reason TEXT NOT NULL);
    CREATE TABLE bundle_export(
      id TEXT PRIMARY KEY, model TEXT NOT NULL, version INTEGER NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL,
      root_sha256 TEXT NOT NULL, signature_sha256 TEXT NOT NULL, signer TEXT NOT NULL, fingerprint TEXT NOT NULL, created_at TEXT NOT NULL);
  `
}
