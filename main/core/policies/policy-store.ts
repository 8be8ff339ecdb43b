import { WorkbenchError } from '../../model/errors'
import { didYouMean } from '../../model/near-names'
import type { GateReport, GateSummary, PolicyVersion } from '../../model/policy'
import { type RunId, type Sha256, type PipelineRunId, GateResultId } from '../../model/reference'
import type { WorkspaceContext } from '../workspace'
import { gateResult, outcomeOf, policy, policyVersion, type GateResultRow, type PolicyRow } from './tables'

/** A version that a save put in force, and the one before it. */
export interface SavedPolicy {
  name: string
  sha256: Sha256
  former: Sha256 | null
}

/** A result that counts again, and the one that counted before it. */
export interface RecordedAgain {
  again: GateResultRow
  former: GateResultRow
}

/** What the ledger has of policies: which text is in force, every text there was, and the results of gates. `actor` is who saves. */
export function createPolicyStore({ ledger, clock, newId }: Pick<WorkspaceContext, 'ledger' | 'clock' | 'newId'>, actor: () => string) {
  const rowOf = (name: string): PolicyRow => {
    const row = ledger.get<PolicyRow>('SELECT * FROM policy WHERE name = ?', name)
    if (!row) {
      const names = ledger.all<{ name: string }>('SELECT name FROM policy ORDER BY name LIMIT 1000').map((each) => each.name)
      throw new WorkbenchError(
        'NOT_FOUND',
        `There is no policy "${name}" in this workspace.${didYouMean(name, names)} Save one: in the window under Policies, or with "drydock policy add".`
      )
    }
    return row
  }
  return {
    rowOf,
    rows: (): PolicyRow[] => ledger.all<PolicyRow>('SELECT * FROM policy ORDER BY name'),
    hasVersion: (name: string, sha256: Sha256): boolean =>
      ledger.get('SELECT 1 FROM policy_version WHERE name = ? AND sha256 = ?', name, sha256) !== undefined,
    versions(name: string): PolicyVersion[] {
      const current = rowOf(name).sha256
      return ledger
        .all<Omit<PolicyVersion, 'current'>>(
          `SELECT v.sha256, v.saved_at AS savedAt, v.saved_by AS savedBy,
             (SELECT count(*) FROM gate_result g WHERE g.policy = v.name AND g.policy_sha256 = v.sha256) AS gates
           FROM policy_version v WHERE v.name = ? ORDER BY v.seq DESC`,
          name
        )
        .map((version) => ({ ...version, current: version.sha256 === current }))
    },
    /** Joins the caller's transaction. */
    putInForce(name: string, sha256: Sha256): SavedPolicy {
      const now = clock().toISOString()
      const former = ledger.get<PolicyRow>('SELECT * FROM policy WHERE name = ?', name)?.sha256 ?? null
      ledger.insert(policyVersion, { name, sha256, saved_at: now, saved_by: actor() }, 'OR IGNORE')
      ledger.insert(policy, { name, sha256, updated_at: now }, 'OR REPLACE')
      return { name, sha256, former }
    },
    record: (run: RunId, report: GateReport, reportSha256: Sha256, pipelineRun: PipelineRunId): GateResultId =>
      ledger.transaction(() => {
        const id = GateResultId.parse(newId())
        ledger.insert(gateResult, {
          id,
          run_id: run,
          policy: report.policy,
          policy_sha256: report.sha256,
          outcome: report.shortfall ?? report.outcome,
          report_sha256: reportSha256,
          at: clock().toISOString(),
          pipeline_run: pipelineRun
        })
        return id
      }),
    recordAgain(run: RunId, reportSha256: Sha256, pipelineRun: PipelineRunId): RecordedAgain | null {
      const results = ledger.all<GateResultRow>('SELECT * FROM gate_result WHERE run_id = ? ORDER BY rowid DESC', run)
      const found = results.find((result) => result.report_sha256 === reportSha256)
      const former = results.find(({ policy }) => policy === found?.policy)
      if (!found || !former || former === found) return null
      const again = { ...found, id: GateResultId.parse(newId()), at: clock().toISOString(), pipeline_run: pipelineRun }
      ledger.insert(gateResult, again)
      return { again, former }
    },
    gates: (run?: RunId): GateSummary[] =>
      ledger
        .all<Omit<GateSummary, 'outcome'> & Pick<GateResultRow, 'outcome'>>(
          `SELECT id, run_id AS run, policy, policy_sha256 AS policySha256, outcome, at, pipeline_run AS pipelineRun FROM gate_result ${run === undefined ? '' : 'WHERE run_id = ?'} ORDER BY rowid DESC LIMIT 1000`,
          ...(run === undefined ? [] : [run])
        )
        .map((row) => ({ ...row, ...outcomeOf(row.outcome) })),
    /** The SHA-256 of a gate's report. */
    reportOf(id: GateResultId): Sha256 {
      const row = ledger.get<{ report_sha256: Sha256 }>('SELECT report_sha256 FROM gate_result WHERE id = ?', id)
      if (!row) throw new WorkbenchError('NOT_FOUND', `There is no gate result "${id}".`)
      return row.report_sha256
    }
  }
}
