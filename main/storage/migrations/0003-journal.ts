import type { Migration } from '../ledger/ledger'

/**
 * Jobs and pipeline runs. `journal_event` is the history, the other tables are the state it led to; both are written in one
 * transaction. `produced` and `used` are the lineage relation.
 */
export const migration0003: Migration = {
  version: 3,
  name: 'journal',
  sql: `
CREATE TABLE job(
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL, subject TEXT, created_at TEXT NOT NULL,
  started_at TEXT, finished_at TEXT, failure TEXT, result TEXT
) STRICT;
CREATE INDEX job_by_time ON job(created_at DESC);
CREATE INDEX job_by_state ON job(state, created_at DESC);

CREATE TABLE pipeline(
  name TEXT PRIMARY KEY, title TEXT NOT NULL, description TEXT NOT NULL, version TEXT, steps INTEGER NOT NULL,
  draft TEXT, draft_saved_at TEXT, updated_at TEXT NOT NULL, removed_at TEXT
) STRICT;
CREATE TABLE pipeline_version(
  name TEXT NOT NULL REFERENCES pipeline(name), sha256 TEXT NOT NULL, created_at TEXT NOT NULL, steps INTEGER NOT NULL,
  PRIMARY KEY(name, sha256)
) STRICT;

CREATE TABLE pipeline_run(
  id TEXT PRIMARY KEY REFERENCES job(id), pipeline TEXT NOT NULL, version TEXT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL,
  parameters TEXT NOT NULL, target_step TEXT, force INTEGER NOT NULL, created_at TEXT NOT NULL, started_at TEXT, finished_at TEXT,
  failure TEXT
) STRICT;
CREATE INDEX pipeline_run_by_pipeline ON pipeline_run(pipeline, created_at DESC);
CREATE INDEX pipeline_run_by_state ON pipeline_run(state);

CREATE TABLE step_run(
  run_id TEXT NOT NULL REFERENCES pipeline_run(id), step_id TEXT NOT NULL, position INTEGER NOT NULL, pipeline TEXT NOT NULL,
  type TEXT NOT NULL, type_version INTEGER NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL, parameters TEXT NOT NULL,
  frozen TEXT NOT NULL, cached INTEGER NOT NULL, reason TEXT NOT NULL, changes TEXT NOT NULL, cache_key TEXT, key_parts TEXT,
  started_at TEXT, finished_at TEXT, failure TEXT, source_run TEXT, source_step TEXT, source_attempt INTEGER,
  PRIMARY KEY(run_id, step_id)
) STRICT;
CREATE INDEX step_run_by_pipeline ON step_run(pipeline, step_id, finished_at DESC);

CREATE TABLE attempt(
  run_id TEXT NOT NULL, step_id TEXT NOT NULL, number INTEGER NOT NULL, outcome TEXT NOT NULL, token TEXT NOT NULL UNIQUE,
  pid INTEGER, process_start TEXT, boot_id TEXT, started_at TEXT NOT NULL, finished_at TEXT, peak_memory INTEGER,
  exit_code INTEGER, failure TEXT, environment TEXT,
  PRIMARY KEY(run_id, step_id, number), FOREIGN KEY(run_id, step_id) REFERENCES step_run(run_id, step_id)
) STRICT;
CREATE INDEX attempt_open ON attempt(outcome) WHERE outcome = 'started';

CREATE TABLE produced(
  run_id TEXT NOT NULL, step_id TEXT NOT NULL, attempt INTEGER NOT NULL, port TEXT NOT NULL, part TEXT NOT NULL, type TEXT NOT NULL,
  sha256 TEXT NOT NULL, size INTEGER NOT NULL, row_count INTEGER, media_type TEXT NOT NULL, reference TEXT NOT NULL,
  PRIMARY KEY(run_id, step_id, attempt, port, part)
) STRICT;
CREATE INDEX produced_by_sha256 ON produced(sha256);
CREATE TABLE used(
  run_id TEXT NOT NULL, step_id TEXT NOT NULL, attempt INTEGER NOT NULL, port TEXT NOT NULL, sha256 TEXT NOT NULL, reference TEXT NOT NULL,
  PRIMARY KEY(run_id, step_id, attempt, port)
) STRICT;
CREATE INDEX used_by_sha256 ON used(sha256);

CREATE TABLE step_cache(
  cache_key TEXT PRIMARY KEY, run_id TEXT NOT NULL, step_id TEXT NOT NULL, attempt INTEGER NOT NULL, created_at TEXT NOT NULL
) STRICT;
CREATE TABLE step_metric(
  run_id TEXT NOT NULL, step_id TEXT NOT NULL, attempt INTEGER NOT NULL, name TEXT NOT NULL, value REAL NOT NULL, step REAL NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX step_metric_by_attempt ON step_metric(run_id, step_id, attempt);

CREATE TABLE journal_event(
  idx INTEGER PRIMARY KEY, at TEXT NOT NULL, run_id TEXT NOT NULL, step_id TEXT, attempt INTEGER, kind TEXT NOT NULL, detail TEXT NOT NULL
) STRICT;
CREATE INDEX journal_event_by_run ON journal_event(run_id, idx);
`
}
