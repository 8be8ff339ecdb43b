import type { ModelVersion } from '../../model/registry'
import type { Ledger } from '../../storage/ledger/ledger'
import type { RunId } from '../../model/reference'

/** Where a run stands before all policies that were applied to it. */
export interface RunGate {
  /** The result that decides: the newest one that failed, else the newest one. */
  decisive: NonNullable<ModelVersion['gate']>
  /** Policies whose newest result is a failure. */
  failed: string[]
}

interface ResultRow extends NonNullable<ModelVersion['gate']> {
  run: RunId
}

/**
 * "The gate of a run", the same in every room: of each policy its newest result counts, in the order in which they were
 * recorded, and one failure among them is a failure; a lenient policy applied later does not hide it. Of one run, or of
 * all by id; a run over which no gate was held is absent.
 */
export function gatesOfRuns(ledger: Ledger, run?: RunId): Map<RunId, RunGate> {
  const rows = ledger.all<ResultRow>(
    `SELECT run_id AS run, gate_id AS id, policy, outcome FROM gate_results ${run === undefined ? '' : 'WHERE run_id = ?'} ORDER BY seq DESC`,
    ...(run === undefined ? [] : [run])
  )
  const newest = new Map<RunId, Map<string, ResultRow>>()
  for (const row of rows) {
    const ofRun = newest.get(row.run) ?? new Map<string, ResultRow>()
    if (!ofRun.has(row.policy)) newest.set(row.run, ofRun.set(row.policy, row))
  }
  return new Map(
    [...newest].map(([id, policies]) => {
      const results = [...policies.values()]
      const failures = results.filter((result) => result.outcome === 'fail')
      const { run: _, ...decisive } = failures[0] ?? results[0]
      return [id, { decisive, failed: failures.map((result) => result.policy) }]
    })
  )
}
