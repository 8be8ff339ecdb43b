import type { RunStatus } from '../../model/run'
import { publish, secondsBetween, type FeatureTables, type Table } from '../../storage/ledger/feature-tables'
import type { RunId, Sha256, PipelineRunId, ExperimentId } from '../../model/reference'

export interface ExperimentRow {
  id: ExperimentId
  name: string
  question: string
  primary_metric: string
  created_at: string
}
export interface RunRow {
  id: RunId
  experiment_id: ExperimentId
  name: string
  status: RunStatus
  algorithm: string
  started_at: string
  ended_at: string | null
  pipeline: string | null
  pipeline_run: PipelineRunId | null
  train_step: string | null
  seed: number | null
  code_sha256: Sha256 | null
  /** JSON. */
  environment: string
  note: string
  error: string | null
  created_by: string
  trashed_at: string | null
  /** Rows that its figures were found on; null before it was judged, or where that was not counted. */
  rows_judged: number | null
  /** Of these, rows that the training table holds too; null when that is not known. */
  rows_shared: number | null
  /** JSON of what ties the two by the roles of columns, `null` in it where its evaluation says nothing; null before it was judged. */
  split_check: string | null
}
interface KeyedRow {
  run_id: RunId
  key: string
  value: string
}
export const experiment: Table<ExperimentRow> = 'experiment'
export const run: Table<RunRow> = 'run'
export const runParameter: Table<KeyedRow> = 'run_parameter'
export const runTag: Table<KeyedRow> = 'run_tag'
/** A value of null is NaN, which SQLite does not hold. */
export const runMetric: Table<{ run_id: RunId; key: string; value: number | null; low: number | null; high: number | null }> = 'run_metric'
export const runInput: Table<{ run_id: RunId; role: string; reference: string; name: string; sha256: Sha256 }> = 'run_input'
export const runArtifact: Table<{ run_id: RunId; name: string; kind: string; sha256: Sha256; size: number }> = 'run_artifact'

export const experimentTables: FeatureTables = {
  place: 7,
  migrations: {
    4: `
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
  `,
    7: `
DROP INDEX run_by_start;
DROP INDEX run_by_experiment;
CREATE INDEX run_of_experiment ON run(experiment_id, trashed_at);
CREATE INDEX run_artifact_by_content ON run_artifact(sha256);
`,
    11: `
ALTER TABLE run ADD COLUMN rows_judged INTEGER;
ALTER TABLE run ADD COLUMN rows_shared INTEGER;
`,
    13: `
ALTER TABLE run ADD COLUMN split_check TEXT;
`
  },
  content: [
    { table: 'run_artifact', column: 'sha256', kept: 'objects', what: 'an artifact of a run' },
    { table: 'run', column: 'code_sha256', kept: 'objects', what: 'the pipeline of a run' }
  ],
  published: [
    publish('runs', 'run JOIN experiment ON experiment.id = run.experiment_id', 'run.rowid', 'One row for each training run.', [
      ['run_id', 'VARCHAR', 'identity of the run', 'run.id'],
      ['experiment', 'VARCHAR', 'experiment it belongs to', 'experiment.name'],
      ['name', 'VARCHAR', 'name of the run', 'run.name'],
      ['status', 'VARCHAR', 'running, finished, failed, ...'],
      ['algorithm', 'VARCHAR', 'how the model was trained'],
      ['started_at', 'TIMESTAMP', 'when it began, UTC'],
      ['ended_at', 'TIMESTAMP', 'when it ended, UTC'],
      ['duration_seconds', 'DOUBLE', 'from start to end', secondsBetween('started_at', 'ended_at')],
      ['pipeline', 'VARCHAR', 'pipeline that made it'],
      ['pipeline_run_id', 'VARCHAR', 'execution that made it', 'pipeline_run'],
      ['step', 'VARCHAR', 'training step', 'train_step'],
      ['seed', 'BIGINT', 'seed of the random numbers'],
      ['code_sha256', 'VARCHAR', 'snapshot of the code'],
      ['note', 'VARCHAR', 'what a person wrote about it'],
      ['error', 'VARCHAR', 'why it failed'],
      ['created_by', 'VARCHAR', 'who started it'],
      ['trashed_at', 'TIMESTAMP', 'when it went to the trash'],
      ['seq', 'BIGINT', 'counts up with each recorded run', 'run.rowid'],
      ['rows_judged', 'BIGINT', 'rows that its figures were found on'],
      ['rows_shared', 'BIGINT', 'of these, rows that its model was trained on too; empty when not known']
    ]),
    publish('run_parameters', 'run_parameter', 'run_id, key', 'One row for each parameter of a run.', [
      ['run_id', 'VARCHAR', 'the run'],
      ['name', 'VARCHAR', 'name of the parameter', 'key'],
      ['value', 'VARCHAR', 'its value as text']
    ]),
    publish('run_metrics', 'run_metric', 'run_id, key', 'One row for each metric of a run: its last value.', [
      ['run_id', 'VARCHAR', 'the run'],
      ['name', 'VARCHAR', 'name of the metric', 'key'],
      ['value', 'DOUBLE', 'the value; NULL where it is not a number, which would be larger than all others here'],
      ['not_a_number', 'BOOLEAN', 'whether it was reported as NaN', 'value IS NULL'],
      ['low', 'DOUBLE', 'lower end of its confidence interval'],
      ['high', 'DOUBLE', 'upper end of its confidence interval']
    ]),
    publish('run_tags', 'run_tag', 'run_id, key', 'One row for each tag of a run.', [
      ['run_id', 'VARCHAR', 'the run'],
      ['name', 'VARCHAR', 'name of the tag', 'key'],
      ['value', 'VARCHAR', 'its value']
    ]),
    publish('run_inputs', 'run_input', 'run_id, role, reference', 'What each run read. `sha256` joins with dataset_versions.', [
      ['run_id', 'VARCHAR', 'the run'],
      ['role', 'VARCHAR', 'dataset, train, test, ...'],
      ['name', 'VARCHAR', 'name of the input'],
      ['sha256', 'VARCHAR', 'its content'],
      ['reference', 'VARCHAR', 'its reference']
    ]),
    publish('run_artifacts', 'run_artifact', 'run_id, name', 'One row for each file that a run left. `sha256` is its content.', [
      ['run_id', 'VARCHAR', 'the run'],
      ['name', 'VARCHAR', 'name of the file'],
      ['kind', 'VARCHAR', 'model, signature, evaluation, ...'],
      ['sha256', 'VARCHAR', 'its content'],
      ['size', 'BIGINT', 'bytes']
    ]),
    publish('experiments', 'experiment', 'name', 'One row for each experiment.', [
      ['experiment', 'VARCHAR', 'name', 'name'],
      ['question', 'VARCHAR', 'what it asks'],
      ['primary_metric', 'VARCHAR', 'the metric that decides'],
      ['created_at', 'TIMESTAMP', 'when it was made, UTC']
    ])
  ]
}
