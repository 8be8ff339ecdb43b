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

/** `run/step` of every step that read a table, or something made from it over any number of steps; joined by content, so cached steps count. */
export function stepsDownstream(ledger: Ledger, sha256: string): Set<string> {
  const readers = new Map<string, string[]>()
  for (const { place, reference } of ledger.all<{ place: string; reference: string }>(
    "SELECT run_id || '/' || step_id AS place, reference FROM used"
  )) {
    const digest = reference.slice(reference.lastIndexOf(':') + 1)
    readers.set(digest, [...(readers.get(digest) ?? []), place])
  }
  const made = new Map<string, string[]>()
  for (const { place, digest } of ledger.all<{ place: string; digest: string }>(
    "SELECT run_id || '/' || step_id AS place, sha256 AS digest FROM produced"
  ))
    made.set(place, [...(made.get(place) ?? []), digest])
  const places = new Set<string>()
  const seen = new Set([sha256])
  for (const digest of seen)
    for (const place of readers.get(digest) ?? []) {
      if (places.has(place)) continue
      places.add(place)
      for (const next of made.get(place) ?? []) seen.add(next)
    }
  return places
}
