import { WorkbenchError } from '../../model/errors'
import { finiteFirst } from '../../model/reported-number'
import { didYouMean } from '../../model/near-names'
import { parseRunFilter, type FilterKey } from '../../model/run-filter'
import type { RunSummary } from '../../model/run'
import type { ListedRun, RunRank } from '../../model/run-rank'
import type { RunId } from '../../model/reference'
import { rankRuns } from './rank-runs'
import type { RunSnapshot } from './run-snapshot'

export interface RunQuery {
  experiment?: string
  filter?: string
  sort?: string
  descending?: boolean
  trashed?: boolean
  /** The metric by which the runs get their places. */
  rankBy?: string
  offset?: number
  limit?: number
}

/** The runs of an experiment (or of all) that a filter keeps, before and after the filter. Throws INVALID_INPUT for a bad filter. */
export function matchingRuns(
  snapshot: RunSnapshot,
  query: Pick<RunQuery, 'experiment' | 'filter' | 'trashed'>
): { everything: readonly RunSummary[]; found: readonly RunSummary[] } {
  const text = (query.filter ?? '').trim()
  const matches = parseRunFilter(text)
  const { experiment } = query
  const all = query.trashed ? snapshot.trashed : snapshot.kept
  const everything = experiment === undefined ? all : all.filter((run) => run.experiment === experiment)
  return { everything, found: text === '' ? everything : everything.filter(matches) }
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
      `"${key}" cannot be sorted by.${didYouMean(key, Object.keys(plain))} Use ${Object.keys(plain).join(', ')}, metrics.KEY or params.KEY.`
    )
  return plain[key]
}

interface Ranked {
  all: number
  ranked: readonly RunSummary[]
  places: ReadonlyMap<RunId, RunRank> | null
  keys: Pick<RunsPage, 'metricKeys' | 'parameterKeys' | 'ranges' | 'notes'>
}
const DERIVED_LIMIT = 8

export interface RunsPage {
  total: number
  all: number
  runs: ListedRun[]
  metricKeys: string[]
  parameterKeys: string[]
  ranges: Record<string, { low: number; high: number }>
  /** What the filter names that no run has, with what was perhaps meant. */
  notes: string[]
}

const keysOf = (runs: readonly RunSummary[], pick: (run: RunSummary) => object): string[] => {
  const keys = new Set<string>()
  for (const run of runs) for (const key of Object.keys(pick(run))) keys.add(key)
  return [...keys].sort()
}

/** Smallest and largest finite value or bound of each metric. */
function rangesOf(runs: readonly RunSummary[]): RunsPage['ranges'] {
  const ranges: RunsPage['ranges'] = {}
  for (const run of runs)
    for (const [key, metric] of Object.entries(run.metrics)) {
      if (!Number.isFinite(metric.value)) continue
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

function rank(snapshot: RunSnapshot, query: RunQuery): Ranked {
  const { everything, found } = matchingRuns(snapshot, query)
  const sign = (query.descending ?? true) ? -1 : 1
  // Unless asked otherwise they come in the order in which they were recorded, whatever the clock said.
  const decorated = found.map((run, index) => ({ run, value: query.sort === undefined ? -index : sortValue(run, query.sort) }))
  decorated.sort((a, b) => {
    if (a.value === null || b.value === null) return a.value === b.value ? 0 : a.value === null ? 1 : -1
    if (typeof a.value === 'number' && typeof b.value === 'number')
      return finiteFirst(a.value, b.value, (one, other) => sign * (one - other))
    return sign * (String(a.value) < String(b.value) ? -1 : String(a.value) > String(b.value) ? 1 : 0)
  })
  const [metricKeys, parameterKeys] = [keysOf(everything, (run) => run.metrics), keysOf(everything, (run) => run.parameters)]
  return {
    all: everything.length,
    ranked: decorated.map((d) => d.run),
    places: query.rankBy === undefined ? null : rankRuns(found, query.rankBy),
    keys: {
      metricKeys,
      parameterKeys,
      ranges: rangesOf(found),
      notes: unknownKeys(query.filter, { metrics: metricKeys, params: parameterKeys, tags: keysOf(everything, (run) => run.tags) })
    }
  }
}

const groupWords: Record<FilterKey['group'], string> = { metrics: 'metric', params: 'parameter', tags: 'tag' }

/** A name that no run has makes a comparison false everywhere; without a word that looks like a finding. */
function unknownKeys(filter: string | undefined, known: Record<FilterKey['group'], readonly string[]>): string[] {
  const named: FilterKey[] = []
  parseRunFilter((filter ?? '').trim(), (key) => named.push(key))
  const notes = named.flatMap(({ group, key }) => {
    if (known[group].includes(key)) return []
    return [`No run here has the ${groupWords[group]} "${key}".${didYouMean(key, known[group])}`]
  })
  return [...new Set(notes)]
}

/**
 * Filter, sort and page. In both directions runs whose value is not finite come behind the others, and runs without one last. Ties keep the
 * newest first.
 */
export function queryRuns(snapshot: RunSnapshot, query: RunQuery): RunsPage {
  const { offset = 0, limit = 200, ...list } = query
  const key = JSON.stringify([list.experiment, list.filter, list.sort, list.descending, list.trashed, list.rankBy])
  let result = snapshot.derived.get(key) as Ranked | undefined
  if (!result) {
    result = rank(snapshot, list)
    const oldest = snapshot.derived.keys().next()
    if (snapshot.derived.size >= DERIVED_LIMIT && !oldest.done) snapshot.derived.delete(oldest.value)
    snapshot.derived.set(key, result)
  }
  const { places } = result
  const runs = result.ranked.slice(offset, offset + limit)
  return {
    total: result.ranked.length,
    all: result.all,
    runs: places ? runs.map((run) => ({ ...run, rank: places.get(run.id) })) : runs,
    ...result.keys
  }
}
