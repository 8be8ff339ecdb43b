import { worstGate, type GateShortfall, type GateWord } from '../../model/gate-standing'
import type { PipelineRunId } from '../../model/reference'
import type { Ledger } from '../../storage/ledger/ledger'

/** What the gate steps of a pipeline run decided, by step, also where the decision was taken from the cache; of one step, or of all. */
export function decisionsOf(ledger: Ledger, run: PipelineRunId, step?: string): Map<string, GateWord> {
  const rows = ledger.all<{ step: string; outcome: 'pass' | 'fail'; shortfall: GateShortfall | null }>(
    `SELECT d.step, g.outcome, g.shortfall FROM step_decisions d JOIN gate_results g ON g.run_id = d.run_id AND g.report_sha256 = d.report_sha256
     WHERE d.pipeline_run_id = ?${step === undefined ? '' : ' AND d.step = ?'}`,
    ...(step === undefined ? [run] : [run, step])
  )
  return new Map(rows.map((row) => [row.step, row.outcome === 'pass' ? 'passed' : (row.shortfall ?? 'failed')]))
}

/** What a run shows of its gates: the worst of their decisions, and nothing where it held none. */
export function decisionOf(ledger: Ledger, run: PipelineRunId): { gate?: GateWord } {
  const gate = worstGate([...decisionsOf(ledger, run).values()])
  return gate ? { gate } : {}
}
