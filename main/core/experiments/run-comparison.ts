import { metricDefinition } from '../../model/evaluation'
import type { ComparedMetric, ComparedValue, RunComparison, RunDetail, RunMetric, RunSummary } from '../../model/run'

/** Lines up the values of every key that any run has; `differs` when not all runs agree. */
function compareRecords(records: Record<string, string>[]): ComparedValue[] {
  const keys = [...new Set(records.flatMap((record) => Object.keys(record)))].sort()
  return keys.map((key) => {
    const values = records.map((record) => record[key] ?? null)
    return { key, values, differs: new Set(values).size > 1 }
  })
}

/** Lines up one metric; says which run is best and whether its interval is clear of all others. */
function compareMetric(key: string, values: (RunMetric | null)[]): ComparedMetric {
  const definition = metricDefinition(key)
  const direction = definition?.direction ?? 'higher'
  const sign = direction === 'higher' ? 1 : -1
  const present = values.flatMap((metric, index) => (metric === null ? [] : [{ metric, index }]))
  present.sort((a, b) => sign * (b.metric.value - a.metric.value))
  const [first, second] = present
  const best = present.length >= 2 && first.metric.value !== second.metric.value ? first.index : null
  const worstEnd = (m: RunMetric): number | null => (sign === 1 ? m.low : m.high)
  const bestEnd = (m: RunMetric): number | null => (sign === 1 ? m.high : m.low)
  const separated =
    best !== null &&
    present.slice(1).every(({ metric }) => {
      const [mine, theirs] = [worstEnd(first.metric), bestEnd(metric)]
      return mine !== null && theirs !== null && sign * (mine - theirs) > 0
    })
  return {
    key,
    label: definition?.label ?? key,
    unit: definition?.unit ?? 'none',
    direction,
    values,
    best,
    separated,
    differs: new Set(values.map((metric) => metric?.value)).size > 1
  }
}

function summaryOf(run: RunDetail): RunSummary {
  const {
    note: _note,
    seed: _seed,
    codeSha256: _code,
    environment: _env,
    inputs: _in,
    artifacts: _art,
    error: _err,
    createdBy: _by,
    trashedAt: _trashed,
    ...summary
  } = run
  return summary
}

/** Compares runs in the given order; the first is the baseline. Names what makes the comparison unfair. */
export function compareRuns(runs: RunDetail[]): RunComparison {
  const metricKeys = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))]
  const data = runs.map((run) => Object.fromEntries(run.inputs.map((input) => [`${input.role}: ${input.name}`, input.sha256])))
  const warnings: string[] = []
  const testData = runs.map((run) =>
    run.inputs
      .filter((input) => input.role === 'test')
      .map((input) => input.sha256)
      .join()
  )
  const judged = testData.filter((sha) => sha !== '')
  if (new Set(judged).size > 1)
    warnings.push('The runs were judged on different test data, so their metrics are not comparable. Evaluate them on the same split.')
  if (judged.length < runs.length) warnings.push('At least one run was not evaluated on test data.')
  if (new Set(runs.map((run) => run.environment['hardware.cpu'])).size > 1)
    warnings.push('Latency and training time come from different processors.')
  return {
    runs: runs.map(summaryOf),
    parameters: compareRecords(
      runs.map((run) => ({ ...run.parameters, algorithm: run.algorithm, seed: run.seed === null ? '' : String(run.seed) }))
    ),
    metrics: metricKeys.map((key) =>
      compareMetric(
        key,
        runs.map((run) => run.metrics[key] ?? null)
      )
    ),
    data: compareRecords(data),
    environment: compareRecords(runs.map((run) => run.environment)),
    code: compareRecords(runs.map((run) => ({ pipeline: run.pipeline ?? '', 'code snapshot': run.codeSha256 ?? '' }))),
    warnings
  }
}
