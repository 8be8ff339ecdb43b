import type { JobKind, JobState } from '../../model/job'
import type { FeatureTables, Table } from '../../storage/ledger/feature-tables'
import type { JobId } from '../../model/reference'

export interface JobRow {
  id: JobId
  kind: JobKind
  title: string
  state: JobState
  subject: string | null
  created_at: string
  started_at: string | null
  finished_at: string | null
  /** JSON. */
  failure: string | null
  result: string | null
}
export const job: Table<JobRow> = 'job'

export const jobTables: FeatureTables = {
  place: 5,
  migrations: {
    3: `
CREATE TABLE job(
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL, subject TEXT, created_at TEXT NOT NULL,
  started_at TEXT, finished_at TEXT, failure TEXT, result TEXT
) STRICT;
CREATE INDEX job_by_time ON job(created_at DESC);
CREATE INDEX job_by_state ON job(state, created_at DESC);

`,
    7: `
DROP INDEX job_by_time;
DROP INDEX job_by_state;
CREATE INDEX job_in_state ON job(state);
CREATE INDEX job_of_kind ON job(kind);
`
  },
  published: []
}
