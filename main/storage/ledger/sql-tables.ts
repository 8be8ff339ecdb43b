import type { LedgerColumn, LedgerTable } from './ledger-snapshot'

type ColumnSpec = [name: string, type: LedgerColumn['type'], description: string, from?: string]

const table = (name: string, from: string, description: string, columns: ColumnSpec[]): LedgerTable => ({
  name,
  from,
  description,
  columns: columns.map(([column, type, text, source]) => ({ name: column, type, description: text, from: source ?? column }))
})
/** Seconds between two ISO times, to the millisecond. */
const between = (start: string, end: string): string => `round((julianday(${end}) - julianday(${start})) * 86400, 3)`

/**
 * The ledger as an analyst sees it in SQL, in the schema `ledger`. Times are UTC, sizes bytes, durations seconds. What is in the trash is
 * there too and has `trashed_at`. Runs, datasets, models and pipeline runs join by the columns that have the same name.
 */
export const ledgerTables: readonly LedgerTable[] = [
  table(
    'runs',
    'run JOIN experiment ON experiment.id = run.experiment_id ORDER BY run.started_at, run.id',
    'One row for each training run.',
    [
      ['run_id', 'VARCHAR', 'identity of the run', 'run.id'],
      ['experiment', 'VARCHAR', 'experiment it belongs to', 'experiment.name'],
      ['name', 'VARCHAR', 'name of the run', 'run.name'],
      ['status', 'VARCHAR', 'running, finished, failed, ...'],
      ['algorithm', 'VARCHAR', 'how the model was trained'],
      ['started_at', 'TIMESTAMP', 'when it began, UTC'],
      ['ended_at', 'TIMESTAMP', 'when it ended, UTC'],
      ['duration_seconds', 'DOUBLE', 'from start to end', between('started_at', 'ended_at')],
      ['pipeline', 'VARCHAR', 'pipeline that made it'],
      ['pipeline_run_id', 'VARCHAR', 'execution that made it', 'pipeline_run'],
      ['step', 'VARCHAR', 'training step', 'train_step'],
      ['seed', 'BIGINT', 'seed of the random numbers'],
      ['code_sha256', 'VARCHAR', 'snapshot of the code'],
      ['note', 'VARCHAR', 'what a person wrote about it'],
      ['error', 'VARCHAR', 'why it failed'],
      ['created_by', 'VARCHAR', 'who started it'],
      ['trashed_at', 'TIMESTAMP', 'when it went to the trash']
    ]
  ),
  table('run_parameters', 'run_parameter ORDER BY run_id, key', 'One row for each parameter of a run.', [
    ['run_id', 'VARCHAR', 'the run'],
    ['name', 'VARCHAR', 'name of the parameter', 'key'],
    ['value', 'VARCHAR', 'its value as text']
  ]),
  table('run_metrics', 'run_metric ORDER BY run_id, key', 'One row for each metric of a run: its last value.', [
    ['run_id', 'VARCHAR', 'the run'],
    ['name', 'VARCHAR', 'name of the metric', 'key'],
    ['value', 'DOUBLE', 'the value'],
    ['low', 'DOUBLE', 'lower end of its confidence interval'],
    ['high', 'DOUBLE', 'upper end of its confidence interval']
  ]),
  table('run_tags', 'run_tag ORDER BY run_id, key', 'One row for each tag of a run.', [
    ['run_id', 'VARCHAR', 'the run'],
    ['name', 'VARCHAR', 'name of the tag', 'key'],
    ['value', 'VARCHAR', 'its value']
  ]),
  table('run_inputs', 'run_input ORDER BY run_id, role, reference', 'What each run read. `sha256` joins with dataset_versions.', [
    ['run_id', 'VARCHAR', 'the run'],
    ['role', 'VARCHAR', 'dataset, train, test, ...'],
    ['name', 'VARCHAR', 'name of the input'],
    ['sha256', 'VARCHAR', 'its content'],
    ['reference', 'VARCHAR', 'its reference']
  ]),
  table('experiments', 'experiment ORDER BY name', 'One row for each experiment.', [
    ['experiment', 'VARCHAR', 'name', 'name'],
    ['question', 'VARCHAR', 'what it asks'],
    ['primary_metric', 'VARCHAR', 'the metric that decides'],
    ['created_at', 'TIMESTAMP', 'when it was made, UTC']
  ]),
  table(
    'datasets',
    `dataset JOIN (SELECT dataset_id, count(*) AS n, max(number) AS newest FROM dataset_version GROUP BY dataset_id) v ON v.dataset_id = dataset.id
       JOIN dataset_version last ON last.dataset_id = dataset.id AND last.number = v.newest ORDER BY dataset.name_key, dataset.created_at`,
    'One row for each dataset, with its latest version.',
    [
      ['dataset', 'VARCHAR', 'name', 'dataset.name'],
      ['owner', 'VARCHAR', 'who answers for it'],
      ['tags', 'VARCHAR[]', 'labels'],
      ['licence', 'VARCHAR', 'terms of use'],
      ['sensitivity', 'VARCHAR', 'public, internal, confidential or restricted'],
      ['description', 'VARCHAR', 'what it holds'],
      ['versions', 'BIGINT', 'how many versions there are', 'v.n'],
      ['sha256', 'VARCHAR', 'content of the latest version', 'last.sha256'],
      ['rows', 'BIGINT', 'rows of the latest version', 'last.rows'],
      ['bytes', 'BIGINT', 'size of the latest version', 'last.bytes'],
      ['created_at', 'TIMESTAMP', 'when it was made, UTC', 'dataset.created_at'],
      ['updated_at', 'TIMESTAMP', 'when it last changed, UTC', 'dataset.updated_at'],
      ['trashed_at', 'TIMESTAMP', 'when it went to the trash', 'dataset.trashed_at']
    ]
  ),
  table(
    'dataset_versions',
    'dataset_version v JOIN dataset ON dataset.id = v.dataset_id ORDER BY dataset.name_key, dataset.created_at, v.number',
    'One row for each version of a dataset.',
    [
      ['dataset', 'VARCHAR', 'name of the dataset', 'dataset.name'],
      ['number', 'BIGINT', 'counts from 1', 'v.number'],
      ['sha256', 'VARCHAR', 'its content', 'v.sha256'],
      ['reference', 'VARCHAR', 'its reference', `'dataset:' || dataset.name || '@sha256:' || v.sha256`],
      ['rows', 'BIGINT', 'rows', 'v.rows'],
      ['column_count', 'BIGINT', 'columns', 'json_array_length(v.columns)'],
      ['bytes', 'BIGINT', 'size of its file', 'v.bytes'],
      ['bad_rows', 'BIGINT', 'rows of the source that were left out', 'v.bad_rows'],
      ['source_name', 'VARCHAR', 'file it came from', `json_extract(v.source, '$.name')`],
      ['source_sha256', 'VARCHAR', 'content of that file', `json_extract(v.source, '$.sha256')`],
      ['created_at', 'TIMESTAMP', 'when it was imported, UTC', 'v.created_at'],
      ['created_by', 'VARCHAR', 'who imported it', 'v.created_by']
    ]
  ),
  table('quality_reports', 'quality_report ORDER BY created_at, id', 'One row for each quality report.', [
    ['report_id', 'VARCHAR', 'identity of the report', 'id'],
    ['dataset', 'VARCHAR', 'name of the dataset then'],
    ['sha256', 'VARCHAR', 'version that was checked'],
    ['errors', 'BIGINT', 'findings that must not be'],
    ['warnings', 'BIGINT', 'findings to look at'],
    ['notes', 'BIGINT', 'findings to know of', 'infos'],
    ['created_at', 'TIMESTAMP', 'when it was made, UTC'],
    ['created_by', 'VARCHAR', 'who asked for it']
  ]),
  table('models', 'model_version ORDER BY name, version', 'One row for each version of a registered model.', [
    ['model', 'VARCHAR', 'name of the model', 'name'],
    ['version', 'BIGINT', 'counts from 1'],
    ['stage', 'VARCHAR', 'draft, in review, approved, released or retired'],
    ['run_id', 'VARCHAR', 'run that trained it'],
    ['sha256', 'VARCHAR', 'content of the model', 'model_sha256'],
    ['purpose', 'VARCHAR', 'what it is for', `json_extract(purpose, '$.purpose')`],
    ['created_at', 'TIMESTAMP', 'when it was registered, UTC'],
    ['created_by', 'VARCHAR', 'who registered it']
  ]),
  table('gate_results', 'gate_result ORDER BY at, id', 'One row for each verdict of a policy on a run.', [
    ['gate_id', 'VARCHAR', 'identity of the verdict', 'id'],
    ['run_id', 'VARCHAR', 'run that was judged'],
    ['policy', 'VARCHAR', 'name of the policy'],
    ['outcome', 'VARCHAR', 'pass or fail'],
    ['created_at', 'TIMESTAMP', 'when it was judged, UTC', 'at'],
    ['pipeline_run_id', 'VARCHAR', 'execution that asked', 'pipeline_run']
  ]),
  table('pipeline_runs', 'pipeline_run ORDER BY created_at, id', 'One row for each execution of a pipeline.', [
    ['pipeline_run_id', 'VARCHAR', 'identity of the execution', 'id'],
    ['pipeline', 'VARCHAR', 'name of the pipeline'],
    ['version_sha256', 'VARCHAR', 'version of its document', 'version'],
    ['title', 'VARCHAR', 'title'],
    ['state', 'VARCHAR', 'queued, running, succeeded, failed, cancelled, ...'],
    ['created_at', 'TIMESTAMP', 'when it was asked for, UTC'],
    ['started_at', 'TIMESTAMP', 'when it began, UTC'],
    ['finished_at', 'TIMESTAMP', 'when it ended, UTC'],
    ['duration_seconds', 'DOUBLE', 'from start to end', between('started_at', 'finished_at')]
  ]),
  table('step_runs', 'step_run ORDER BY run_id, position', 'One row for each step of an execution.', [
    ['pipeline_run_id', 'VARCHAR', 'the execution', 'run_id'],
    ['step', 'VARCHAR', 'name of the step', 'step_id'],
    ['type', 'VARCHAR', 'what it does'],
    ['state', 'VARCHAR', 'waiting, running, succeeded, failed, ...'],
    ['cached', 'BOOLEAN', 'whether an earlier result was taken'],
    ['started_at', 'TIMESTAMP', 'when it began, UTC'],
    ['finished_at', 'TIMESTAMP', 'when it ended, UTC'],
    ['duration_seconds', 'DOUBLE', 'from start to end', between('started_at', 'finished_at')]
  ])
]
