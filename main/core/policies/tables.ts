import type { GateShortfall } from '../../model/gate-standing'
import { publish, type FeatureTables, type Table } from '../../storage/ledger/feature-tables'
import type { RunId, Sha256, PipelineRunId, GateResultId } from '../../model/reference'

export interface PolicyRow {
  name: string
  sha256: Sha256
  updated_at: string
}
export interface GateResultRow {
  id: GateResultId
  run_id: RunId
  policy: string
  policy_sha256: Sha256
  /** The last two are failures as well. */
  outcome: 'pass' | 'fail' | GateShortfall
  report_sha256: Sha256
  at: string
  pipeline_run: PipelineRunId | null
}
export const policy: Table<PolicyRow> = 'policy'
/** What a stored outcome means: everything but a pass is a failure, and some are of a kind. */
export const outcomeOf = (stored: GateResultRow['outcome']) => ({
  outcome: stored === 'pass' ? ('pass' as const) : ('fail' as const),
  ...(stored !== 'pass' && stored !== 'fail' && { shortfall: stored })
})
/** `seq` counts up with each text that is new. */
export const policyVersion: Table<{ seq: number | null; name: string; sha256: Sha256; saved_at: string; saved_by: string }> =
  'policy_version'
export const gateResult: Table<GateResultRow> = 'gate_result'

export const policyTables: FeatureTables = {
  place: 10,
  migrations: {
    6: `
    CREATE TABLE policy(name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, updated_at TEXT NOT NULL);
    CREATE TABLE policy_version(name TEXT NOT NULL, sha256 TEXT NOT NULL, saved_at TEXT NOT NULL, saved_by TEXT NOT NULL, PRIMARY KEY(name, sha256)) WITHOUT ROWID;
    CREATE TABLE gate_result(
      id TEXT PRIMARY KEY, run_id TEXT NOT NULL, policy TEXT NOT NULL, policy_sha256 TEXT NOT NULL,
      outcome TEXT NOT NULL, report_sha256 TEXT NOT NULL, at TEXT NOT NULL, pipeline_run TEXT);
    CREATE INDEX gate_result_by_run ON gate_result(run_id, at);
  `,
    7: `
DROP INDEX gate_result_by_run;
CREATE INDEX gate_result_of_run ON gate_result(run_id);
CREATE INDEX gate_result_of_policy ON gate_result(policy, policy_sha256);
`,
    9: `
ALTER TABLE policy_version RENAME TO policy_version_by_clock;
CREATE TABLE policy_version(seq INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, saved_at TEXT NOT NULL, saved_by TEXT NOT NULL, UNIQUE(name, sha256));
INSERT INTO policy_version(name, sha256, saved_at, saved_by)
  SELECT name, sha256, saved_at, saved_by FROM policy_version_by_clock ORDER BY saved_at, sha256 DESC;
DROP TABLE policy_version_by_clock;
CREATE INDEX policy_version_of_policy ON policy_version(name);
`
  },
  content: [
    { table: 'policy_version', column: 'sha256', kept: 'objects', what: 'the text of a policy' },
    { table: 'gate_result', column: 'policy_sha256', kept: 'objects', what: 'the policy of a gate result' },
    { table: 'gate_result', column: 'report_sha256', kept: 'objects', what: 'the report of a gate result' }
  ],
  published: [
    publish('gate_results', 'gate_result', 'gate_result.rowid', 'One row for each verdict of a policy on a run.', [
      ['gate_id', 'VARCHAR', 'identity of the verdict', 'id'],
      ['run_id', 'VARCHAR', 'run that was judged'],
      ['policy', 'VARCHAR', 'name of the policy'],
      ['outcome', 'VARCHAR', 'pass or fail', `iif(outcome = 'pass', 'pass', 'fail')`],
      ['created_at', 'TIMESTAMP', 'when it was judged, UTC', 'at'],
      ['pipeline_run_id', 'VARCHAR', 'execution that asked', 'pipeline_run'],
      ['seq', 'BIGINT', 'counts up with each verdict', 'gate_result.rowid'],
      ['shortfall', 'VARCHAR', 'undecided or no gate, where a failure is of that kind', `iif(outcome IN ('pass', 'fail'), NULL, outcome)`],
      ['report_sha256', 'VARCHAR', 'the report, rule by rule']
    ])
  ]
}
