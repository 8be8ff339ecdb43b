import { metricDefinition } from '../../model/tasks'
import { dependsOnRows, differenceOf, isBeyondNoise } from '../../model/metric-difference'
import {
  describeDoubt,
  isDoubtful,
  type ComparedMetric,
  type ComparedValue,
  type RunComparison,
  type RunDetail,
  type RunMetric,
  type RunSummary
} from '../../model/run'

/** Lines up the values of every key that any run has; `differs` when not all runs agree. */
function compareRecords(records: Record<string, string>[]): ComparedValue[] {
  const keys = [...new Set(records.flatMap((record) => Object.keys(record)))].sort()
  return keys.map((key) => {
    const values = records.map((record) => record[key] ?? null)
    return { key, values, differs: new Set(values).size > 1 }
  })
}

/** Lines up one metric; says which of the runs that may be is best and whether it differs from all others beyond noise. */
function compareMetric(key: string, values: (RunMetric | null)[], comparable: boolean[], mayBeBest: boolean[]): ComparedMetric {
  const definition = metricDefinition(key)
  const direction = definition?.direction ?? null
  const sign = direction === 'lower' ? -1 : 1
  const present = values.flatMap((metric, index) => (metric === null || !comparable[index] || !mayBeBest[index] ? [] : [{ metric, index }]))
  present.sort((a, b) => sign * (b.metric.value - a.metric.value))
  const [first, second] = present
  const best = direction !== null && present.length >= 2 && first.metric.value !== second.metric.value ? first.index : null
  const others = present.slice(1)
  return {
    key,
    label: definition?.label ?? key,
    unit: definition?.unit ?? 'none',
    direction,
    values,
    comparable,
    best,
    separated: best !== null && others.every(({ metric }) => isBeyondNoise(differenceOf(first.metric, metric, others.length))),
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
  // The rows of the baseline where it was judged, else of the first run that was.
  const rowsOf = runs.find((run) => run.testData !== null)?.testData ?? null
  const onSameRows = runs.map((run) => run.testData === rowsOf)
  const elsewhere = runs.filter((run) => run.testData !== null && run.testData !== rowsOf).length
  if (elsewhere > 0)
    warnings.push(
      `${elsewhere} of ${runs.length} runs ${elsewhere === 1 ? 'was' : 'were'} judged on other test data, so ${elsewhere === 1 ? 'its figures are' : 'their figures are'} shown but not comparable with the others. Evaluate all of them on the same split.`
    )
  if (runs.some((run) => run.testData === null)) warnings.push('At least one run was not evaluated on test data.')
  for (const run of runs) {
    const doubt = describeDoubt(run)
    if (doubt !== null) warnings.push(`${run.name}: ${doubt}`)
  }
  const unfinished = runs.filter((run) => run.status !== 'finished').length
  if (unfinished > 0) warnings.push(`${unfinished} of ${runs.length} runs did not finish; what they recorded until then is shown.`)
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
        runs.map((run) => run.metrics[key] ?? null),
        dependsOnRows(key) ? onSameRows : runs.map(() => true),
        runs.map((run) => !(dependsOnRows(key) && isDoubtful(run)))
      )
    ),
    data: compareRecords(data),
    environment: compareRecords(runs.map((run) => run.environment)),
    code: compareRecords(runs.map((run) => ({ pipeline: run.pipeline ?? '', 'code snapshot': run.codeSha256 ?? '' }))),
    warnings
  }
}
