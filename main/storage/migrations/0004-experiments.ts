import type { Migration } from '../ledger/ledger'

export const migration0004: Migration = {
  version: 4,
  name: 'experiments',
  sql: `
    CREATE TABLE experiment(
      id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, question TEXT NOT NULL,
      primary_metric TEXT NOT NULL, created_at TEXT NOT NULL);
    CREATE TABLE run(
      id TEXT PRIMARY KEY, experiment_id TEXT NOT NULL REFERENCES experiment(id), name TEXT NOT NULL,
      status TEXT NOT NULL, algorithm TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT,
      pipeline TEXT, pipeline_run TEXT, train_step TEXT, seed INTEGER, code_sha256 TEXT,
      environment TEXT NOT NULL, note TEXT NOT NULL, error TEXT, created_by TEXT NOT NULL, trashed_at TEXT);
    CREATE INDEX run_by_start ON run(started_at);
    CREATE INDEX run_by_experiment ON run(experiment_id, started_at);
    CREATE INDEX run_by_pipeline_run ON run(pipeline_run, train_step);
    CREATE TABLE run_parameter(run_id TEXT NOT NULL REFERENCES run(id), key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(run_id, key)) WITHOUT ROWID;
    CREATE TABLE run_metric(run_id TEXT NOT NULL REFERENCES run(id), key TEXT NOT NULL, value REAL, low REAL, high REAL, PRIMARY KEY(run_id, key)) WITHOUT ROWID;
    CREATE TABLE run_tag(run_id TEXT NOT NULL REFERENCES run(id), key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(run_id, key)) WITHOUT ROWID;
    CREATE TABLE run_input(run_id TEXT NOT NULL REFERENCES run(id), role TEXT NOT NULL, reference TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY(run_id, role, reference)) WITHOUT ROWID;
    CREATE TABLE run_artifact(run_id TEXT NOT NULL REFERENCES run(id), name TEXT NOT NULL, kind TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, PRIMARY KEY(run_id, name)) WITHOUT ROWID;
  `
}
