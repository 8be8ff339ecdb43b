import type { ModelVersion } from '../../model/registry'
import type { Ledger } from '../../storage/ledger/ledger'
import type { RunId } from '../../model/reference'

/** Where a run stands before all policies that were applied to it. */
export interface RunGate {
  /** The result that decides: the newest one that failed, else the newest one. */
  decisive: NonNullable<ModelVersion['gate']>
  /** Policies whose result is a failure. */
  failed: string[]
  /** The results that count, one of each policy. */
  counted: string[]
}

interface ResultRow {
  run: RunId
  id: NonNullable<ModelVersion['gate']>['id']
  policy: string
  outcome: NonNullable<ModelVersion['gate']>['outcome']
  superseded: 0 | 1
}

/**
 * "The gate of a run", the same in every room: of each policy the newest result under the version in force counts, in the order in which
 * they were recorded, and only where there is none the newest of the versions before; one failure among them is a failure. Neither a
 * lenient policy applied later hides it, nor an older version of its own. Of one run, or of all by id; a run over which no gate was held
 * is absent.
 */
export function gatesOfRuns(ledger: Ledger, run?: RunId): Map<RunId, RunGate> {
  const rows = ledger.all<ResultRow>(
    `SELECT g.run_id AS run, g.id, g.policy, g.outcome, p.sha256 IS NOT NULL AND p.sha256 <> g.policy_sha256 AS superseded
     FROM gate_result g LEFT JOIN policy p ON p.name = g.policy ${run === undefined ? '' : 'WHERE g.run_id = ?'} ORDER BY g.rowid DESC`,
    ...(run === undefined ? [] : [run])
  )
  const newest = new Map<RunId, Map<string, ResultRow>>()
  for (const row of rows) {
    const ofRun = newest.get(row.run) ?? new Map<string, ResultRow>()
    newest.set(row.run, ofRun)
    const found = ofRun.get(row.policy)
    if (found && found.superseded <= row.superseded) continue
    // Set anew, so that the results stay in the order of recording.
    ofRun.delete(row.policy)
    ofRun.set(row.policy, row)
  }
  return new Map(
    [...newest].map(([id, policies]) => {
      const results = [...policies.values()]
      const failures = results.filter((result) => result.outcome === 'fail')
      const { run: _, superseded, ...decisive } = failures[0] ?? results[0]
      return [
        id,
        {
          decisive: { ...decisive, ...(superseded === 1 && { superseded: true as const }) },
          failed: failures.map((result) => result.policy),
          counted: results.map((result) => result.id)
        }
      ]
    })
  )
}
