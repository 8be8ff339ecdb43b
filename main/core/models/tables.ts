import type { ModelStage } from '../../model/registry'
import { publish, type FeatureTables, type Table } from '../../storage/ledger/feature-tables'
import type { RunId, Sha256 } from '../../model/reference'

export interface VersionRow {
  name: string
  version: number
  run_id: RunId
  stage: ModelStage
  model_sha256: Sha256
  /** JSON. */
  purpose: string
  created_at: string
  created_by: string
}
/** A move of a version from stage to stage; the first has no stage before it. */
export interface StageRow {
  name: string
  version: number
  from_stage: ModelStage | null
  to_stage: ModelStage
  at: string
  by: string
  reason: string
  /** JSON: the DSSE envelope of a decision; null for moves that take none, and for decisions of earlier versions. */
  signature: string | null
}
export const model: Table<{ name: string; created_at: string }> = 'model'
export const modelVersion: Table<VersionRow> = 'model_version'
export const modelStage: Table<StageRow> = 'model_stage'

export const modelTables: FeatureTables = {
  place: 8,
  migrations: {
    5: `
    CREATE TABLE model(name TEXT PRIMARY KEY, created_at TEXT NOT NULL);
    CREATE TABLE model_version(
      name TEXT NOT NULL REFERENCES model(name), version INTEGER NOT NULL, run_id TEXT NOT NULL REFERENCES run(id),
      stage TEXT NOT NULL, model_sha256 TEXT NOT NULL, purpose TEXT NOT NULL,
      created_at TEXT NOT NULL, created_by TEXT NOT NULL, PRIMARY KEY(name, version)) WITHOUT ROWID;
    CREATE INDEX model_version_by_run ON model_version(run_id);
    CREATE TABLE model_stage(
      id INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL,
      from_stage TEXT, to_stage TEXT NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL, reason TEXT NOT NULL);
`,
    7: `
CREATE INDEX model_stage_of_version ON model_stage(name, version);
CREATE INDEX model_stage_registered ON model_stage(id) WHERE from_stage IS NULL;
`,
    14: `
ALTER TABLE model_stage ADD COLUMN signature TEXT;
`
  },
  content: [{ table: 'model_version', column: 'model_sha256', kept: 'objects', what: 'a registered model' }],
  published: [
    publish('models', 'model_version', 'name, version', 'One row for each version of a registered model.', [
      ['model', 'VARCHAR', 'name of the model', 'name'],
      ['version', 'BIGINT', 'counts from 1'],
      ['stage', 'VARCHAR', 'draft, in review, approved, released or retired'],
      ['run_id', 'VARCHAR', 'run that trained it'],
      ['sha256', 'VARCHAR', 'content of the model', 'model_sha256'],
      ['purpose', 'VARCHAR', 'what it is for', `json_extract(purpose, '$.purpose')`],
      ['created_at', 'TIMESTAMP', 'when it was registered, UTC'],
      ['created_by', 'VARCHAR', 'who registered it']
    ])
  ]
}
