import type { LineageNode } from '../../model/pipeline-run'
import { digestOf, type Sha256, isDatasetRef, type DatasetRef } from '../../model/reference'
import type { Ledger } from '../../storage/ledger/ledger'
import type { AttemptId } from './journal'

const MAX_NODES = 10_000

interface AttemptRow {
  run_id: string
  step_id: string
  number: number
  started_at: string
  finished_at: string | null
  environment: string | null
  type: string
  type_version: number
  parameters: string
  pipeline: string
  version: Sha256
}

/**
 * Everything that led to a thing, nearest first: each attempt that produced it, or one of its parts, or one of its inputs, upstream to
 * the datasets. Of several attempts that made the same bytes the first counts. Empty when no run of this workspace produced it.
 */
export function lineageOf(ledger: Ledger, reference: string): LineageNode[] {
  const digest = digestOf(reference)
  if (!digest) return []
  const nodes: LineageNode[] = []
  const seen = new Set<string>()
  const visited = new Set<string>()
  const pending = [digest]
  while (pending.length && nodes.length < MAX_NODES) {
    const sha256 = pending.shift()!
    if (visited.has(sha256)) continue
    visited.add(sha256)
    const maker =
      ledger.get<{ run_id: string; step_id: string; attempt: number; reference: string }>(
        'SELECT run_id, step_id, attempt, reference FROM produced p WHERE sha256 = ? AND NOT EXISTS (SELECT 1 FROM used u WHERE u.run_id = p.run_id AND u.step_id = p.step_id AND u.attempt = p.attempt AND u.sha256 = p.sha256) ORDER BY rowid LIMIT 1',
        sha256
      ) ??
      ledger.get<{ run_id: string; step_id: string; attempt: number; reference: string }>(
        'SELECT run_id, step_id, attempt, reference FROM produced WHERE sha256 = ? ORDER BY rowid LIMIT 1',
        sha256
      )
    if (!maker) continue
    const key = `${maker.run_id}/${maker.step_id}/${maker.attempt}`
    if (seen.has(key)) continue
    seen.add(key)
    const row = ledger.get<AttemptRow>(
      `SELECT a.run_id, a.step_id, a.number, a.started_at, a.finished_at, a.environment, s.type, s.type_version, s.parameters, r.pipeline, r.version
       FROM attempt a JOIN step_run s USING(run_id, step_id) JOIN pipeline_run r ON r.id = a.run_id WHERE a.run_id = ? AND a.step_id = ? AND a.number = ?`,
      maker.run_id,
      maker.step_id,
      maker.attempt
    )!
    const at = { runId: maker.run_id, stepId: maker.step_id, attempt: maker.attempt }
    const inputs = usedBy(ledger, at)
    nodes.push({
      reference: maker.reference,
      ...at,
      type: row.type,
      typeVersion: row.type_version,
      pipeline: row.pipeline,
      version: row.version,
      parameters: JSON.parse(row.parameters) as LineageNode['parameters'],
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      environment: row.environment ? (JSON.parse(row.environment) as LineageNode['environment']) : null,
      inputs: inputs.map(({ port, reference: used }) => ({ port, reference: used })),
      outputs: ledger.all<{ port: string; reference: string }>(
        "SELECT port || CASE part WHEN '' THEN '' ELSE '/' || part END AS port, reference FROM produced WHERE run_id = ? AND step_id = ? AND attempt = ? ORDER BY rowid",
        at.runId,
        at.stepId,
        at.attempt
      )
    })
    pending.push(...inputs.map((input) => input.sha256))
  }
  return nodes
}

/** What an attempt read, by port and digest. */
export const usedBy = (ledger: Ledger, { runId, stepId, attempt }: AttemptId): { port: string; sha256: Sha256; reference: string }[] =>
  ledger.all(
    'SELECT port, sha256, reference FROM used WHERE run_id = ? AND step_id = ? AND attempt = ? ORDER BY port',
    runId,
    stepId,
    attempt
  )

/** References of the dataset versions that an attempt's outputs were made from, sorted. */
export function datasetsBehind(ledger: Ledger, attempt: AttemptId): DatasetRef[] {
  const found = new Set<DatasetRef>()
  const seen = new Set<string>()
  const pending = usedBy(ledger, attempt)
  while (pending.length) {
    const { sha256, reference } = pending.pop()!
    if (isDatasetRef(reference)) found.add(reference)
    if (seen.has(sha256)) continue
    seen.add(sha256)
    const maker = ledger.get<AttemptId>(
      'SELECT run_id AS runId, step_id AS stepId, attempt FROM produced WHERE sha256 = ? ORDER BY rowid LIMIT 1',
      sha256
    )
    if (maker) pending.push(...usedBy(ledger, maker))
  }
  return [...found].sort()
}
