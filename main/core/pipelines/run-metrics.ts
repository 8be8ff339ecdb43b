import type { MetricPoint } from '../../model/pipeline-run'
import type { Ledger } from '../../storage/ledger/ledger'
import type { PipelineRunId } from '../../model/reference'

/** A point as a row keeps it: null is NaN. */
export type StoredPoint = Omit<MetricPoint, 'value'> & { value: number | null }
export const toPoint = (row: StoredPoint): MetricPoint => ({ ...row, value: row.value ?? NaN })

/** What a step reported, also when its outputs came out of the cache: then by the attempt that made them. */
export function metricsOf(ledger: Ledger, runId: PipelineRunId, stepId: string): MetricPoint[] {
  return ledger
    .all<StoredPoint>(
      `SELECT m.name, m.value, m.step, m.at FROM step_metric m JOIN step_run s ON s.run_id = ? AND s.step_id = ?
     WHERE m.run_id = coalesce(s.source_run, s.run_id) AND m.step_id = coalesce(s.source_step, s.step_id)
       AND m.attempt = coalesce(s.source_attempt, (SELECT max(number) FROM attempt a WHERE a.run_id = s.run_id AND a.step_id = s.step_id))
     ORDER BY m.name, m.step, m.rowid`,
      runId,
      stepId
    )
    .map(toPoint)
}
