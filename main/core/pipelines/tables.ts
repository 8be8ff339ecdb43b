import { publish, secondsBetween, type FeatureTables, type Table } from '../../storage/ledger/feature-tables'
import type { AttemptOutcome, RunState, StepState } from '../../model/pipeline-run'
import type { PortType } from '../../model/pipeline'
import type { RunId, Sha256, PipelineRunId } from '../../model/reference'

export interface PipelineRow {
  name: string
  title: string
  description: string
  version: Sha256 | null
  steps: number
  draft: string | null
  draft_saved_at: string | null
  updated_at: string
  removed_at: string | null
  /** Counts up with each change of any pipeline. */
  seq: number
}
/** An execution of a pipeline; its id is that of its job. */
export interface PipelineRunRow {
  id: PipelineRunId
  pipeline: string
  version: Sha256
  title: string
  state: RunState
  /** JSON. */
  parameters: string
  target_step: string | null
  force: number
  created_at: string
  started_at: string | null
  finished_at: string | null
  failure: string | null
}
/** Parameters, frozen, changes, key parts and failure are JSON; the source is the attempt whose outputs the step has. */
export interface StepRunRow {
  run_id: PipelineRunId
  step_id: string
  position: number
  pipeline: string
  type: string
  type_version: number
  title: string
  state: StepState
  parameters: string
  frozen: string
  cached: number
  reason: string
  changes: string
  cache_key: string | null
  key_parts: string | null
  /** What its connections gave it, JSON; null in journals of earlier programs. */
  handed: string | null
  started_at: string | null
  finished_at: string | null
  failure: string | null
  source_run: PipelineRunId | null
  source_step: string | null
  source_attempt: number | null
}
export interface AttemptRow {
  run_id: PipelineRunId
  step_id: string
  number: number
  outcome: 'started' | AttemptOutcome
  token: string
  pid: number | null
  process_start: string | null
  boot_id: string | null
  started_at: string
  finished_at: string | null
  peak_memory: number | null
  exit_code: number | null
  failure: string | null
  environment: string | null
}
interface AttemptKey {
  run_id: PipelineRunId
  step_id: string
  attempt: number
}
/** An output; `part` is empty, or the name of a file that belongs to it. */
export interface ProducedRow extends AttemptKey {
  port: string
  part: string
  type: PortType
  sha256: Sha256
  size: number
  row_count: number | null
  media_type: string
  reference: string
  /** The run that it belongs to: a model's, an evaluation's, a gate result's. */
  run: RunId | null
}
export interface UsedRow extends AttemptKey {
  port: string
  sha256: Sha256
  reference: string
}
export const pipeline: Table<PipelineRow> = 'pipeline'
export const pipelineVersion: Table<{ name: string; sha256: Sha256; created_at: string; steps: number }> = 'pipeline_version'
export const pipelineRun: Table<PipelineRunRow> = 'pipeline_run'
export const stepRun: Table<StepRunRow> = 'step_run'
export const attempt: Table<AttemptRow> = 'attempt'
export const produced: Table<ProducedRow> = 'produced'
export const used: Table<UsedRow> = 'used'
export const stepCache: Table<AttemptKey & { cache_key: string; created_at: string }> = 'step_cache'
/** A value of null is NaN, which SQLite does not hold. */
export const stepMetric: Table<AttemptKey & { name: string; value: number | null; step: number; at: string }> = 'step_metric'
/** The history; the other tables are the state it led to. Both are written in one transaction. */
export const journalEvent: Table<{
  at: string
  run_id: PipelineRunId
  step_id: string | null
  attempt: number | null
  kind: string
  detail: string
}> = 'journal_event'

export const pipelineTables: FeatureTables = {
  place: 6,
  migrations: {
    3: `CREATE TABLE pipeline(
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
`,
    7: `
DROP INDEX pipeline_run_by_pipeline;
CREATE INDEX pipeline_by_update ON pipeline(removed_at, updated_at DESC, name);
CREATE INDEX pipeline_run_of_pipeline ON pipeline_run(pipeline);
CREATE INDEX pipeline_version_of_pipeline ON pipeline_version(name);
DROP INDEX step_run_by_pipeline;
CREATE INDEX step_run_of_pipeline ON step_run(pipeline, step_id, state);
CREATE INDEX produced_of_type ON produced(type, part);
DROP INDEX step_metric_by_attempt;
CREATE INDEX step_metric_of_attempt ON step_metric(run_id, step_id, attempt, name, step);
`,
    8: 'ALTER TABLE produced ADD COLUMN run TEXT;',
    10: `
ALTER TABLE step_run ADD COLUMN handed TEXT;
CREATE INDEX produced_of_run ON produced(run) WHERE run IS NOT NULL;
ALTER TABLE pipeline ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
UPDATE pipeline SET seq = (SELECT count(*) FROM pipeline AS other
  WHERE other.updated_at < pipeline.updated_at OR (other.updated_at = pipeline.updated_at AND other.name >= pipeline.name));
DROP INDEX pipeline_by_update;
CREATE INDEX pipeline_by_change ON pipeline(removed_at, seq DESC);
`,
    13: `
CREATE TABLE step_metric_13(
  run_id TEXT NOT NULL, step_id TEXT NOT NULL, attempt INTEGER NOT NULL, name TEXT NOT NULL, value REAL, step REAL NOT NULL, at TEXT NOT NULL
) STRICT;
INSERT INTO step_metric_13(run_id, step_id, attempt, name, value, step, at)
  SELECT run_id, step_id, attempt, name, value, step, at FROM step_metric ORDER BY rowid;
DROP TABLE step_metric;
ALTER TABLE step_metric_13 RENAME TO step_metric;
CREATE INDEX step_metric_of_attempt ON step_metric(run_id, step_id, attempt, name, step);
`
  },
  content: [
    { table: 'pipeline_version', column: 'sha256', kept: 'objects', what: 'the text of a pipeline' },
    {
      table: 'produced',
      column: 'sha256',
      kept: `iif(type IN ('Table', 'FeatureSet'), 'data', 'objects')`,
      what: 'an output of a step',
      isRemade: true
    }
  ],
  published: [
    publish('pipeline_runs', 'pipeline_run', 'pipeline_run.rowid', 'One row for each execution of a pipeline.', [
      ['pipeline_run_id', 'VARCHAR', 'identity of the execution', 'id'],
      ['pipeline', 'VARCHAR', 'name of the pipeline'],
      ['version_sha256', 'VARCHAR', 'version of its document', 'version'],
      ['title', 'VARCHAR', 'title'],
      ['state', 'VARCHAR', 'queued, running, succeeded, failed, cancelled, ...'],
      ['created_at', 'TIMESTAMP', 'when it was asked for, UTC'],
      ['started_at', 'TIMESTAMP', 'when it began, UTC'],
      ['finished_at', 'TIMESTAMP', 'when it ended, UTC'],
      ['duration_seconds', 'DOUBLE', 'from start to end', secondsBetween('started_at', 'finished_at')],
      ['seq', 'BIGINT', 'counts up with each execution', 'pipeline_run.rowid']
    ]),
    publish('step_runs', 'step_run', 'run_id, position', 'One row for each step of an execution.', [
      ['pipeline_run_id', 'VARCHAR', 'the execution', 'run_id'],
      ['step', 'VARCHAR', 'name of the step', 'step_id'],
      ['type', 'VARCHAR', 'what it does'],
      ['state', 'VARCHAR', 'waiting, running, succeeded, failed, ...'],
      ['cached', 'BOOLEAN', 'whether an earlier result was taken'],
      ['started_at', 'TIMESTAMP', 'when it began, UTC'],
      ['finished_at', 'TIMESTAMP', 'when it ended, UTC'],
      ['duration_seconds', 'DOUBLE', 'from start to end', secondsBetween('started_at', 'finished_at')]
    ]),
    publish(
      'step_outputs',
      `produced p LEFT JOIN attempt a ON a.run_id = p.run_id AND a.step_id = p.step_id AND a.number = p.attempt
       LEFT JOIN step_run s ON s.run_id = p.run_id AND s.step_id = p.step_id`,
      'p.rowid',
      'What each attempt of a step made; with step_inputs, the lineage.',
      [
        ['pipeline_run_id', 'VARCHAR', 'the execution', 'p.run_id'],
        ['step', 'VARCHAR', 'name of the step', 'p.step_id'],
        ['attempt', 'BIGINT', 'counts from 1', 'p.attempt'],
        ['pipeline', 'VARCHAR', 'name of the pipeline', 's.pipeline'],
        ['port', 'VARCHAR', 'output of the step', 'p.port'],
        ['part', 'VARCHAR', 'file of the output; empty for the output itself', 'p.part'],
        ['type', 'VARCHAR', 'Table, FeatureSet, Model, Evaluation, ...', 'p.type'],
        ['sha256', 'VARCHAR', 'its content', 'p.sha256'],
        ['bytes', 'BIGINT', 'size', 'p.size'],
        ['rows', 'BIGINT', 'rows of a table', 'p.row_count'],
        ['reference', 'VARCHAR', 'its reference', 'p.reference'],
        ['outcome', 'VARCHAR', 'how the attempt ended', 'a.outcome'],
        ['finished_at', 'TIMESTAMP', 'when the attempt ended, UTC', 'a.finished_at'],
        ['parameters', 'VARCHAR', 'parameters of the step, JSON', 's.parameters'],
        ['seq', 'BIGINT', 'counts up with each output', 'p.rowid']
      ]
    ),
    publish(
      'step_decisions',
      `step_run s JOIN produced p ON p.run_id = s.source_run AND p.step_id = s.source_step AND p.attempt = s.source_attempt
       AND p.type = 'GateResult' AND p.part = ''`,
      's.run_id, s.position',
      'What each gate of an execution decided, also where that was taken from the cache.',
      [
        ['pipeline_run_id', 'VARCHAR', 'the execution', 's.run_id'],
        ['step', 'VARCHAR', 'name of the step', 's.step_id'],
        ['run_id', 'VARCHAR', 'run that was judged', 'p.run'],
        ['report_sha256', 'VARCHAR', 'the report, rule by rule', 'p.sha256']
      ]
    ),
    publish('step_inputs', 'used', 'used.rowid', 'What each attempt of a step read.', [
      ['pipeline_run_id', 'VARCHAR', 'the execution', 'run_id'],
      ['step', 'VARCHAR', 'name of the step', 'step_id'],
      ['attempt', 'BIGINT', 'counts from 1'],
      ['port', 'VARCHAR', 'input of the step'],
      ['sha256', 'VARCHAR', 'its content'],
      ['reference', 'VARCHAR', 'its reference']
    ])
  ]
}
