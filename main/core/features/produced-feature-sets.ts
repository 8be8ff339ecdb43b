import type { Ledger } from '../../storage/ledger/ledger'
import type { ProducedFeatureSet } from './features'

/** Feature sets that succeeded steps produced, newest first; the same bytes count once, for the step that made them first. */
export function producedFeatureSets(ledger: Ledger): ProducedFeatureSet[] {
  const rows = ledger.all<Omit<ProducedFeatureSet, 'sources' | 'sql'> & { parameters: string; attempt: number }>(
    `SELECT p.sha256, s.pipeline, p.run_id AS pipelineRun, p.step_id AS step, coalesce(p.row_count, 0) AS rows, a.finished_at AS createdAt,
       s.parameters, p.attempt
     FROM produced p JOIN attempt a ON a.run_id = p.run_id AND a.step_id = p.step_id AND a.number = p.attempt AND a.outcome = 'succeeded'
       JOIN step_run s ON s.run_id = p.run_id AND s.step_id = p.step_id
     WHERE p.type = 'FeatureSet' AND p.part = '' ORDER BY a.finished_at DESC`
  )
  const first = new Map<string, ProducedFeatureSet>()
  for (const { parameters, attempt, ...row } of rows) {
    const used = ledger.all<{ reference: string }>(
      'SELECT reference FROM used WHERE run_id = ? AND step_id = ? AND attempt = ? ORDER BY port',
      row.pipelineRun,
      row.step,
      attempt
    )
    const { query } = JSON.parse(parameters) as { query?: unknown }
    first.set(row.sha256, { ...row, sql: typeof query === 'string' ? query : null, sources: used.map((u) => u.reference) })
  }
  return [...first.values()]
}

/** Runs whose training step read a table, or something made from it over any number of steps; joined by content, so that cached steps count. */
export function runsTrainedOn(ledger: Ledger, sha256: string): Set<string> {
  const rows = ledger.all<{ id: string }>(
    `WITH RECURSIVE reached(sha256) AS (
       VALUES(?) UNION
       SELECT p.sha256 FROM reached r JOIN used u ON u.sha256 = r.sha256 JOIN produced p ON p.run_id = u.run_id AND p.step_id = u.step_id
     )
     SELECT DISTINCT run.id FROM reached r JOIN used u ON u.sha256 = r.sha256
       JOIN run ON run.pipeline_run = u.run_id AND run.train_step = u.step_id`,
    sha256
  )
  return new Set(rows.map(({ id }) => id))
}
