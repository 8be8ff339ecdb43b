import type { Sensitivity } from '../../model/dataset'
import { publish, type FeatureTables, type Table } from '../../storage/ledger/feature-tables'
import type { Sha256, DatasetId } from '../../model/reference'

/** `name_key` is the name without letter case; a trashed dataset frees its name. */
export interface DatasetRow {
  id: DatasetId
  name: string
  name_key: string
  owner: string | null
  /** JSON. */
  tags: string
  licence: string | null
  sensitivity: Sensitivity
  description: string
  created_at: string
  updated_at: string
  trashed_at: string | null
}
/** Columns, source, choices and notices are JSON. */
export interface VersionRow {
  dataset_id: DatasetId
  number: number
  sha256: Sha256
  rows: number
  bytes: number
  columns: string
  source: string | null
  choices: string
  notices: string
  bad_rows: number
  bad_row_object: Sha256 | null
  created_at: string
  created_by: string | null
  /** JSON of `ImportReading`; null for a version that no import made, or one made before it was kept. */
  reading: string | null
  misfit_object: Sha256 | null
}
export const dataset: Table<DatasetRow> = 'dataset'
export const datasetVersion: Table<VersionRow> = 'dataset_version'

export const datasetTables: FeatureTables = {
  place: 3,
  migrations: {
    2: `
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
`,
    12: `
ALTER TABLE dataset_version ADD COLUMN reading TEXT;
ALTER TABLE dataset_version ADD COLUMN misfit_object TEXT;
`
  },
  content: [
    { table: 'dataset_version', column: 'sha256', kept: 'data', what: 'the rows of a dataset version' },
    { table: 'dataset_version', column: 'bad_row_object', kept: 'objects', what: 'the rows that an import left out' },
    { table: 'dataset_version', column: 'misfit_object', kept: 'objects', what: 'the cells that did not fit their column' }
  ],
  published: [
    publish(
      'datasets',
      `dataset JOIN (SELECT dataset_id, count(*) AS n, max(number) AS newest FROM dataset_version GROUP BY dataset_id) v ON v.dataset_id = dataset.id
       JOIN dataset_version last ON last.dataset_id = dataset.id AND last.number = v.newest`,
      'dataset.name_key, dataset.created_at, dataset.id',
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
    publish(
      'dataset_versions',
      'dataset_version v JOIN dataset ON dataset.id = v.dataset_id',
      'dataset.name_key, dataset.created_at, dataset.id, v.number',
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
        [
          'misfit_cells',
          'BIGINT',
          'cells that are missing because they did not fit their column',
          `json_extract(v.reading, '$.misfits.cells')`
        ],
        ['source_name', 'VARCHAR', 'file it came from', `json_extract(v.source, '$.name')`],
        ['source_sha256', 'VARCHAR', 'content of that file', `json_extract(v.source, '$.sha256')`],
        ['created_at', 'TIMESTAMP', 'when it was imported, UTC', 'v.created_at'],
        ['created_by', 'VARCHAR', 'who imported it', 'v.created_by']
      ]
    )
  ]
}
