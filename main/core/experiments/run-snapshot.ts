import { WorkbenchError } from '../../model/errors'
import type { Experiment, RunDetail, RunMetric, RunSummary } from '../../model/run'
import type { Ledger } from '../../storage/ledger/ledger'
import { gatesOfRuns, type RunGate } from '../policies'
import type { RunRow } from './tables'
import type { RunId, Sha256 } from '../../model/reference'

type ListedRow = RunRow & { experiment: string }
const SELECT_RUN = 'SELECT r.*, e.name AS experiment FROM run r JOIN experiment e ON e.id = r.experiment_id'

/** The key and value pairs of each run as one JSON text: SQLite groups far faster than 160,000 rows cross into JavaScript. */
const keyed = (ledger: Ledger, table: 'run_parameter' | 'run_tag', run?: RunId): Map<RunId, Record<string, string>> =>
  new Map(
    ledger
      .all<{ run_id: RunId; pairs: string }>(
        `SELECT run_id, json_group_array(json_array(key, value)) AS pairs FROM ${table} ${run === undefined ? '' : 'WHERE run_id = ?'} GROUP BY run_id`,
        ...(run === undefined ? [] : [run])
      )
      .map((row) => [row.run_id, Object.fromEntries(JSON.parse(row.pairs) as [string, string][])])
  )

/** SQLite's JSON keeps 15 digits of a number; 17 give every double back exactly. */
const exactly = (column: string): string => `CASE WHEN ${column} IS NULL THEN NULL ELSE printf('%!.17g', ${column}) END`

/** Metrics of each run; a value of null is NaN, a bound of null is none. SQLite writes infinity as `Inf`. */
function metricsByRun(ledger: Ledger, run?: RunId): Map<RunId, Record<string, RunMetric>> {
  const rows = ledger.all<{ run_id: RunId; entries: string }>(
    `SELECT run_id, json_group_array(json_array(key, ${exactly('value')}, ${exactly('low')}, ${exactly('high')})) AS entries
     FROM run_metric ${run === undefined ? '' : 'WHERE run_id = ?'} GROUP BY run_id`,
    ...(run === undefined ? [] : [run])
  )
  const numberOf = (text: string): number => Number(text.replace('Inf', 'Infinity'))
  const boundOf = (text: string | null): number | null => (text !== null && Number.isFinite(numberOf(text)) ? numberOf(text) : null)
  return new Map(
    rows.map((row) => {
      const metrics: Record<string, RunMetric> = {}
      for (const [key, value, low, high] of JSON.parse(row.entries) as [string, ...(string | null)[]][])
        metrics[key] = { value: value === null ? NaN : numberOf(value), low: boundOf(low), high: boundOf(high) }
      return [row.run_id, metrics]
    })
  )
}

interface ListedRun {
  summary: RunSummary
  trashed: boolean
}

/** One run by its id, or all of them, newest first; the trash included. */
function listRuns(ledger: Ledger, run?: RunId): ListedRun[] {
  const values = run === undefined ? [] : [run]
  const rows = ledger.all<ListedRow>(`${SELECT_RUN} ${run === undefined ? '' : 'WHERE r.id = ?'} ORDER BY r.rowid DESC`, ...values)
  const ofRun = run === undefined ? '' : 'WHERE run_id = ?'
  const parameters = keyed(ledger, 'run_parameter', run)
  const tags = keyed(ledger, 'run_tag', run)
  const metrics = metricsByRun(ledger, run)
  const registered = new Map<RunId, string[]>()
  for (const row of ledger.all<{ run_id: RunId; name: string; version: number }>(
    `SELECT run_id, model AS name, version FROM models ${ofRun}`,
    ...values
  ))
    registered.set(row.run_id, [...(registered.get(row.run_id) ?? []), `${row.name}@${row.version}`])
  const gates = gatesOfRuns(ledger, run)
  const tables = { test: new Map<RunId, string>(), train: new Map<RunId, string>() }
  for (const row of ledger.all<{ run_id: RunId; role: keyof typeof tables; sha256: Sha256 }>(
    `SELECT run_id, role, sha256 FROM run_input WHERE role IN ('test', 'train') ${run === undefined ? '' : 'AND run_id = ?'} ORDER BY run_id, reference`,
    ...values
  )) {
    const ofRole = tables[row.role]
    ofRole.set(row.run_id, [ofRole.get(row.run_id), row.sha256].filter((sha) => sha !== undefined).join())
  }
  return rows.map((row) => ({
    trashed: row.trashed_at !== null,
    summary: {
      id: row.id,
      experiment: row.experiment,
      name: row.name,
      status: row.status,
      algorithm: row.algorithm,
      startedAt: row.started_at,
      endedAt: row.ended_at,
      duration: row.ended_at === null ? null : (Date.parse(row.ended_at) - Date.parse(row.started_at)) / 1000,
      pipeline: row.pipeline,
      pipelineRun: row.pipeline_run,
      parameters: parameters.get(row.id) ?? {},
      metrics: metrics.get(row.id) ?? {},
      tags: tags.get(row.id) ?? {},
      registered: registered.get(row.id) ?? [],
      ...gateOf(gates.get(row.id)?.decisive),
      testData: tables.test.get(row.id) ?? null,
      trainingData: tables.train.get(row.id) ?? null,
      rowsJudged: row.rows_judged,
      rowsShared: row.rows_shared,
      splitCheck: row.split_check === null ? null : (JSON.parse(row.split_check) as RunSummary['splitCheck'])
    }
  }))
}

const gateOf = (decisive: RunGate['decisive'] | undefined): Pick<RunSummary, 'gate' | 'gateShortfall'> => ({
  gate: decisive?.outcome ?? null,
  ...(decisive?.shortfall && { gateShortfall: decisive.shortfall })
})

export const noSuchRun = (id: string): WorkbenchError =>
  new WorkbenchError('NOT_FOUND', `There is no run "${id}" in this workspace. Check the id; ids have 32 hex digits.`)

/** One run, whole. Throws NOT_FOUND; a run in the trash is still returned, because lineage may point to it. */
export function runDetail(ledger: Ledger, id: RunId): RunDetail {
  const row = ledger.get<ListedRow>(`${SELECT_RUN} WHERE r.id = ?`, id)
  if (!row) throw noSuchRun(id)
  return {
    ...listRuns(ledger, id)[0].summary,
    note: row.note,
    seed: row.seed,
    codeSha256: row.code_sha256,
    environment: JSON.parse(row.environment),
    inputs: ledger.all('SELECT role, reference, name, sha256 FROM run_input WHERE run_id = ? ORDER BY role', id),
    artifacts: ledger.all('SELECT name, kind, sha256, size FROM run_artifact WHERE run_id = ? ORDER BY name', id),
    error: row.error,
    createdBy: row.created_by,
    trashedAt: row.trashed_at
  }
}

/** Experiments with the number of their runs outside the trash. */
export const listExperiments = (ledger: Ledger): Experiment[] =>
  ledger.all<Experiment>(
    `SELECT e.id, e.name, e.question, e.primary_metric AS primaryMetric, e.created_at AS createdAt,
       (SELECT count(*) FROM run r WHERE r.experiment_id = e.id AND r.trashed_at IS NULL) AS runs,
       (SELECT count(*) FROM run r WHERE r.experiment_id = e.id) AS trials
     FROM experiment e ORDER BY e.rowid`
  )

/** All runs of one moment: those outside and those in the trash, newest first, and what was derived from them. */
export interface RunSnapshot {
  readonly kept: readonly RunSummary[]
  readonly trashed: readonly RunSummary[]
  /** What was derived from these runs, by what was asked; gone with them. */
  readonly derived: Map<string, unknown>
}
/**
 * Reads all runs once and again only after something was written: the host is the only writer of a ledger, so SQLite's
 * count of changed rows tells whether anything can be different. Paging through 10,000 runs then costs one read.
 */
export function createRunReader(ledger: Ledger): () => RunSnapshot {
  let seen = -1
  let snapshot: RunSnapshot | undefined
  return () => {
    const changes = ledger.get<{ n: number }>('SELECT total_changes() AS n')?.n ?? 0
    if (snapshot === undefined || changes !== seen) {
      const runs = listRuns(ledger)
      const pick = (trashed: boolean): RunSummary[] => runs.filter((run) => run.trashed === trashed).map((run) => run.summary)
      snapshot = { kept: pick(false), trashed: pick(true), derived: new Map() }
      seen = changes
    }
    return snapshot
  }
}
