import { WorkbenchError } from '../../model/errors'
import { parseRunFilter } from '../../model/run-filter'
import type { Experiment, RunDetail, RunMetric, RunSummary } from '../../model/run'
import type { Ledger } from '../../storage/ledger/ledger'

interface RunRow {
  id: string
  experiment: string
  name: string
  status: RunSummary['status']
  algorithm: string
  started_at: string
  ended_at: string | null
  pipeline: string | null
  pipeline_run: string | null
  seed: number | null
  code_sha256: string | null
  environment: string
  note: string
  error: string | null
  created_by: string
  trashed_at: string | null
}
const SELECT_RUN = 'SELECT r.*, e.name AS experiment FROM run r JOIN experiment e ON e.id = r.experiment_id'

/** Groups rows of a per-run table by run, in one pass, so that 10,000 runs need five statements and not 50,000. */
function groupByRun<T extends { run_id: string }, V>(rows: T[], valueOf: (row: T) => [string, V]): Map<string, Record<string, V>> {
  const grouped = new Map<string, Record<string, V>>()
  for (const row of rows) {
    let record = grouped.get(row.run_id)
    if (!record) grouped.set(row.run_id, (record = {}))
    const [key, value] = valueOf(row)
    record[key] = value
  }
  return grouped
}

/** Summaries of the runs named by `where`, newest first. */
export function summariesOf(ledger: Ledger, where: string, ...values: unknown[]): RunSummary[] {
  const rows = ledger.all<RunRow>(`${SELECT_RUN} WHERE ${where} ORDER BY r.started_at DESC`, ...values)
  const inner = `SELECT r.id FROM run r WHERE ${where}`
  const keyed = (table: string) =>
    ledger.all<{ run_id: string; key: string; value: string }>(`SELECT * FROM ${table} WHERE run_id IN (${inner})`, ...values)
  const parameters = groupByRun(keyed('run_parameter'), (row) => [row.key, row.value])
  const tags = groupByRun(keyed('run_tag'), (row) => [row.key, row.value])
  const metrics = groupByRun(
    ledger.all<{ run_id: string; key: string; value: number; low: number | null; high: number | null }>(
      `SELECT * FROM run_metric WHERE run_id IN (${inner})`,
      ...values
    ),
    (row): [string, RunMetric] => [row.key, { value: row.value, low: row.low, high: row.high }]
  )
  const registered = new Map<string, string[]>()
  for (const row of ledger.all<{ run_id: string; name: string; version: number }>(
    `SELECT run_id, name, version FROM model_version WHERE run_id IN (${inner})`,
    ...values
  ))
    registered.set(row.run_id, [...(registered.get(row.run_id) ?? []), `${row.name}@${row.version}`])
  const gates = new Map(
    ledger
      .all<{ run_id: string; outcome: 'pass' | 'fail' }>(
        `SELECT run_id, outcome FROM gate_result WHERE run_id IN (${inner}) ORDER BY at`,
        ...values
      )
      .map((row) => [row.run_id, row.outcome])
  )
  return rows.map((row) => ({
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
    gate: gates.get(row.id) ?? null
  }))
}

/** One run, whole. Throws NOT_FOUND; a run in the trash is still returned, because lineage may point to it. */
export function runDetail(ledger: Ledger, id: string): RunDetail {
  const row = ledger.get<RunRow>(`${SELECT_RUN} WHERE r.id = ?`, id)
  if (!row) throw new WorkbenchError('NOT_FOUND', `There is no run "${id}" in this workspace. Check the id; ids have 32 hex digits.`)
  return {
    ...summariesOf(ledger, 'r.id = ?', id)[0],
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
     FROM experiment e ORDER BY e.created_at`
  )

export interface RunQuery {
  experiment?: string
  filter?: string
  sort?: string
  descending?: boolean
  trashed?: boolean
  offset?: number
  limit?: number
}

/** Runs of the table, newest first. */
export type ReadRuns = (trashed: boolean) => readonly RunSummary[]

/**
 * Reads all runs once and again only after something was written: the host is the only writer of a ledger, so SQLite's
 * count of changed rows tells whether anything can be different. Paging through 10,000 runs then costs one read.
 */
export function createRunReader(ledger: Ledger): ReadRuns {
  let seen = -1
  const kept = new Map<boolean, readonly RunSummary[]>()
  return (trashed) => {
    const changes = ledger.get<{ n: number }>('SELECT total_changes() AS n')?.n ?? 0
    if (changes !== seen) kept.clear()
    seen = changes
    let runs = kept.get(trashed)
    if (!runs) kept.set(trashed, (runs = summariesOf(ledger, trashed ? 'r.trashed_at IS NOT NULL' : 'r.trashed_at IS NULL')))
    return runs
  }
}

/** The runs of an experiment (or of all) that a filter keeps, before and after the filter. */
export function matchingRuns(
  read: ReadRuns,
  query: Pick<RunQuery, 'experiment' | 'filter' | 'trashed'>
): { everything: readonly RunSummary[]; found: readonly RunSummary[] } {
  const matches = parseRunFilter(query.filter ?? '')
  const { experiment } = query
  const all = read(query.trashed ?? false)
  const everything = experiment === undefined ? all : all.filter((run) => run.experiment === experiment)
  return { everything, found: (query.filter ?? '').trim() === '' ? everything : everything.filter(matches) }
}

const sortValue = (run: RunSummary, key: string): string | number | null => {
  if (key.startsWith('metrics.')) return run.metrics[key.slice(8)]?.value ?? null
  if (key.startsWith('params.')) {
    const text = run.parameters[key.slice(7)]
    return text === undefined ? null : text !== '' && Number.isFinite(Number(text)) ? Number(text) : text
  }
  if (key.startsWith('tags.')) return run.tags[key.slice(5)] ?? null
  const plain: Record<string, string | number | null> = {
    name: run.name,
    status: run.status,
    algorithm: run.algorithm,
    experiment: run.experiment,
    startedAt: run.startedAt,
    duration: run.duration,
    gate: run.gate,
    registered: run.registered.join(', ') || null,
    pipeline: run.pipeline
  }
  if (!(key in plain))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `"${key}" cannot be sorted by. Use ${Object.keys(plain).join(', ')}, metrics.KEY or params.KEY.`
    )
  return plain[key]
}

export interface RunsPage {
  total: number
  all: number
  runs: RunSummary[]
  metricKeys: string[]
  parameterKeys: string[]
  ranges: Record<string, { low: number; high: number }>
}

const keysOf = (runs: readonly RunSummary[], pick: (run: RunSummary) => object): string[] => {
  const keys = new Set<string>()
  for (const run of runs) for (const key of Object.keys(pick(run))) keys.add(key)
  return [...keys].sort()
}

/** Smallest and largest value or bound of each metric. */
function rangesOf(runs: readonly RunSummary[]): RunsPage['ranges'] {
  const ranges: RunsPage['ranges'] = {}
  for (const run of runs)
    for (const [key, metric] of Object.entries(run.metrics)) {
      const low = metric.low ?? metric.value
      const high = metric.high ?? metric.value
      const range = ranges[key]
      if (!range) ranges[key] = { low, high }
      else {
        if (low < range.low) range.low = low
        if (high > range.high) range.high = high
      }
    }
  return ranges
}

/** Filter, sort and page; runs without the sorted value come last in both directions. Ties keep the newest first. */
export function queryRuns(read: ReadRuns, query: RunQuery): RunsPage {
  const { everything, found } = matchingRuns(read, query)
  const key = query.sort ?? 'startedAt'
  const sign = (query.descending ?? true) ? -1 : 1
  const decorated = found.map((run) => ({ run, value: sortValue(run, key) }))
  decorated.sort((a, b) => {
    if (a.value === null || b.value === null) return a.value === b.value ? 0 : a.value === null ? 1 : -1
    if (typeof a.value === 'number' && typeof b.value === 'number') return sign * (a.value - b.value)
    return sign * (String(a.value) < String(b.value) ? -1 : String(a.value) > String(b.value) ? 1 : 0)
  })
  const offset = query.offset ?? 0
  return {
    total: found.length,
    all: everything.length,
    runs: decorated.slice(offset, offset + (query.limit ?? 200)).map((d) => d.run),
    metricKeys: keysOf(everything, (run) => run.metrics),
    parameterKeys: keysOf(everything, (run) => run.parameters),
    ranges: rangesOf(found)
  }
}
