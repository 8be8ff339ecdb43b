import type { Ledger } from '../../storage/ledger/ledger'
import type { ProducedFeatureSet } from './features'
import type { RunId, Sha256 } from '../../model/reference'

/** Feature sets that succeeded steps produced, newest first; the same bytes count once, for the step that made them first. */
export function producedFeatureSets(ledger: Ledger): ProducedFeatureSet[] {
  const rows = ledger.all<Omit<ProducedFeatureSet, 'sources' | 'sql'> & { parameters: string; attempt: number }>(
    `SELECT sha256, pipeline, pipeline_run_id AS pipelineRun, step, coalesce(rows, 0) AS rows, finished_at AS createdAt, parameters, attempt
     FROM step_outputs WHERE type = 'FeatureSet' AND part = '' AND outcome = 'succeeded' ORDER BY seq DESC`
  )
  const first = new Map<string, ProducedFeatureSet>()
  for (const { parameters, attempt, ...row } of rows) {
    const used = ledger.all<{ reference: string }>(
      'SELECT reference FROM step_inputs WHERE pipeline_run_id = ? AND step = ? AND attempt = ? ORDER BY port',
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
export function runsTrainedOn(ledger: Ledger, sha256: Sha256): Set<RunId> {
  const rows = ledger.all<{ id: RunId }>(
    `WITH RECURSIVE reached(sha256) AS (
       VALUES(?) UNION
       SELECT made.sha256 FROM reached JOIN step_inputs took USING(sha256) JOIN step_outputs made USING(pipeline_run_id, step)
     )
     SELECT DISTINCT runs.run_id AS id FROM reached JOIN step_inputs took USING(sha256) JOIN runs USING(pipeline_run_id, step)`,
    sha256
  )
  return new Set(rows.map(({ id }) => id))
}
