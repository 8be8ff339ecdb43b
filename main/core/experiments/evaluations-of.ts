import { dependsOnRows } from '../../model/depends-on-rows'
import { WorkbenchError } from '../../model/errors'
import type { EvaluatedMetric, ModelEvaluation } from '../../model/model-evaluation'
import type { RunId } from '../../model/reference'
import { describeDoubt, isDoubtful, type RunDetail, type RunMetric } from '../../model/run'
import { metricDefinition } from '../../model/tasks'
import type { Ledger } from '../../storage/ledger/ledger'
import { independentDifference } from '../numerics'
import type { JudgedTogether } from './judged-together'
import { whyApart, type JudgedBy } from './rules-of-runs'
import { compareRuns } from './run-comparison'

interface Sources {
  ledger: Ledger
  run(id: RunId): RunDetail
  together(runs: readonly RunDetail[]): Promise<JudgedTogether>
  /** What a run was judged by. */
  judgedBy(run: RunDetail): Promise<JudgedBy | null>
}

/** Most later evaluations that are listed, the newest first. */
const mostListed = 50

/**
 * All evaluations of the model of a run: its own first, then every other run that judged the same bytes, the newest first. Each is held
 * against the first, which is the oldest of the others where the run itself was not judged: row by row where both were judged on one table,
 * else as two samples (independent intervals, Zou and Donner 2008).
 * @throws WorkbenchError NOT_FOUND, CANCELLED
 */
export async function evaluationsOf(id: RunId, { ledger, run, ...sources }: Sources): Promise<ModelEvaluation[]> {
  const own = run(id)
  const model = own.artifacts.find(({ kind }) => kind === 'model')?.sha256
  if (model === undefined) return []
  const judged = (but: RunId, order: string): { id: RunId }[] =>
    ledger.all<{ id: RunId }>(
      `SELECT r.id FROM run_artifact m JOIN run r ON r.id = m.run_id JOIN run_artifact e ON e.run_id = r.id AND e.kind = 'evaluation'
       WHERE m.sha256 = ? AND m.kind = 'model' AND r.id <> ? AND r.trashed_at IS NULL ORDER BY r.rowid ${order}`,
      model,
      but
    )
  const isJudged = own.artifacts.some(({ kind }) => kind === 'evaluation')
  const oldest = isJudged ? id : judged(id, 'LIMIT 1')[0]?.id
  if (oldest === undefined) return []
  const first = isJudged ? own : run(oldest)
  const found = [toEvaluation(first, true, null)]
  for (const other of judged(oldest, `DESC LIMIT ${mostListed}`)) {
    const later = run(other.id)
    found.push(toEvaluation(later, false, await hold(first, later, sources)))
  }
  return found
}

function toEvaluation(run: RunDetail, isFirst: boolean, beside: ModelEvaluation['beside']): ModelEvaluation {
  const test = run.inputs.find(({ role }) => role === 'test')
  const dataset = run.inputs.find(({ role, sha256 }) => role === 'dataset' && sha256 === test?.sha256)
  return {
    run: run.id,
    name: run.name,
    at: run.startedAt,
    by: run.createdBy,
    isFirst,
    data: test ? { name: dataset?.name ?? test.name, sha256: test.sha256 } : null,
    rows: run.rowsJudged,
    metrics: Object.fromEntries(Object.entries(run.metrics).filter(([key]) => dependsOnRows(key))),
    doubt: describeDoubt(run),
    beside
  }
}

async function hold(
  first: RunDetail,
  later: RunDetail,
  { together, judgedBy }: Pick<Sources, 'together' | 'judgedBy'>
): Promise<ModelEvaluation['beside']> {
  const keys = Object.keys(later.metrics).filter((key) => dependsOnRows(key) && first.metrics[key])
  if (first.testData !== null && first.testData === later.testData) {
    const judged = await together([first, later])
    if (!judged.elsewhere.has(later.id)) {
      const { metrics } = await compareRuns([first, later], { baseline: first.id, together: async () => judged })
      const pairs = new Map(metrics.map(({ key, pairs: [, pair] }) => [key, pair]))
      const told = keys.flatMap((key): EvaluatedMetric[] => {
        const pair = pairs.get(key)
        if (!pair) return []
        const { difference, low, high, p, verdict, why } = pair
        return [{ ...figures(key, first, later), difference, low, high, p, verdict, why }]
      })
      return { method: 'paired', rows: judged.comparison?.rows ?? null, metrics: told }
    }
  }
  const [own, others] = [await knownOf(judgedBy, first), await knownOf(judgedBy, later)]
  const unlike = (key: string): EvaluatedMetric | null => {
    const why = whyApart(key, own, others)
    return why === null ? null : { ...figures(key, first, later), ...untold, verdict: 'not-comparable', why }
  }
  return { method: 'unpaired', metrics: keys.map((key) => unlike(key) ?? apart(key, first, later)) }
}

/** Nothing is known of an evaluation that is gone: its figures stand in the ledger all the same. */
async function knownOf(judgedBy: Sources['judgedBy'], run: RunDetail): Promise<JudgedBy | null> {
  try {
    return await judgedBy(run)
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error
    return null
  }
}

const untold = { difference: null, low: null, high: null, p: null }

const figures = (key: string, first: RunDetail, later: RunDetail): Pick<EvaluatedMetric, 'key' | 'label' | 'first' | 'here'> => ({
  key,
  label: metricDefinition(key)?.label ?? key,
  first: first.metrics[key]!,
  here: later.metrics[key]!
})

/** Two samples: the interval of the difference comes of the two intervals. */
function apart(key: string, first: RunDetail, later: RunDetail): EvaluatedMetric {
  const shared = figures(key, first, later)
  const [now, then] = [bounded(shared.here), bounded(shared.first)]
  const value = shared.here.value - shared.first.value
  if (!now || !then || !Number.isFinite(value))
    return {
      ...shared,
      difference: Number.isFinite(value) ? value : null,
      ...{ low: null, high: null, p: null, verdict: 'cannot-be-told', why: 'no interval' }
    }
  const difference = independentDifference(now, then)
  const { low, high } = difference.interval(0.05)
  const told = { ...shared, difference: value, low, high, p: difference.p }
  if (isDoubtful(first) || isDoubtful(later))
    return { ...told, verdict: 'cannot-be-told', why: 'the judged rows of one of the two are not apart from its training' }
  const direction = metricDefinition(key)?.direction ?? null
  if (direction === null) return { ...told, verdict: 'cannot-be-told', why: 'nobody said which way is better' }
  if (!(difference.p < 0.05)) return { ...told, verdict: 'cannot-be-told', why: null }
  return { ...told, verdict: (direction === 'lower' ? -1 : 1) * value > 0 ? 'better' : 'worse', why: null }
}

function bounded({ value, low, high }: RunMetric): { value: number; low: number; high: number } | null {
  return low === null || high === null ? null : { value, low, high }
}
