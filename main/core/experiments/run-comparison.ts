import { WorkbenchError } from '../../model/errors'
import { doubtsOf, type ComparedMetric, type ComparedValue, type RunComparison, type RunDetail, type RunSummary } from '../../model/run'
import type { RunId } from '../../model/reference'
import { isBound, whyNotOneQuestion } from '../../model/tasks'
import { findBaseline } from './baseline'
import { findSameRows, judgeMetric, lineUpMetric } from './compare-metric'
import type { JudgedTogether } from './judged-together'

/** Lines up the values of every key that any run has; `differs` when not all runs agree. */
function compareRecords(records: Record<string, string>[]): ComparedValue[] {
  const keys = [...new Set(records.flatMap((record) => Object.keys(record)))].sort()
  return keys.map((key) => {
    const values = records.map((record) => record[key] ?? null)
    return { key, values, differs: new Set(values).size > 1 }
  })
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

/** Chosen by whoever asks; the first two decide what is compared, `together` how. */
export interface ComparisonChoices {
  /** By default the run that `findBaseline` names. */
  baseline?: RunId
  signal?: AbortSignal
  /** Looks at the single rows of runs that were judged on one table; without it there are no verdicts. */
  together?: (runs: readonly RunDetail[]) => Promise<JudgedTogether>
}

/**
 * Compares runs, the baseline before the others in their order. Names what makes the comparison unfair.
 * @throws WorkbenchError INVALID_INPUT without a run or with a baseline that is none of them, CANCELLED
 */
export async function compareRuns(given: readonly RunDetail[], choices: ComparisonChoices = {}): Promise<RunComparison> {
  if (given.length === 0)
    throw new WorkbenchError('INVALID_INPUT', 'No run was named, so there is nothing to compare. Name two runs or more.')
  const baseline = findBaseline(given, choices.baseline)
  const runs = [...given].sort((a, b) => Number(b.id === baseline.run) - Number(a.id === baseline.run))
  const metricKeys = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))].filter((key) => !isBound(key))
  const data = runs.map((run) => Object.fromEntries(run.inputs.map((input) => [`${input.role}: ${input.name}`, input.sha256])))
  const warnings: string[] = []
  const onSameRows = findSameRows(runs)
  const mixed = whyNotOneQuestion(runs)
  if (mixed !== null) warnings.push(mixed)
  const elsewhere = runs.filter((run, index) => run.testData !== null && !onSameRows[index]).length
  // Runs of another question were judged on other data because they had to be.
  if (elsewhere > 0 && mixed === null)
    warnings.push(
      `${elsewhere} of ${runs.length} runs ${elsewhere === 1 ? 'was' : 'were'} judged on other test data, so ${elsewhere === 1 ? 'its figures are' : 'their figures are'} shown but not comparable with the others. Evaluate all of them on the same split.`
    )
  const unjudged = runs.filter((run) => run.testData === null)
  if (unjudged.length > 0)
    warnings.push(
      `${namesOf(unjudged)}: not evaluated on test data; what ${unjudged.length === 1 ? 'its' : 'their'} training recorded is shown and not compared row by row. Add an evaluate step to the pipeline.`
    )
  const trashed = runs.filter((run) => run.trashedAt !== null)
  if (trashed.length > 0)
    warnings.push(`${namesOf(trashed)}: in the trash. What ${trashed.length === 1 ? 'it' : 'they'} recorded is still compared.`)
  warnings.push(...doubtsOf(runs))
  const unfinished = runs.filter((run) => run.status !== 'finished').length
  if (unfinished > 0) warnings.push(`${unfinished} of ${runs.length} runs did not finish; what they recorded until then is shown.`)
  if (new Set(runs.map((run) => run.environment['hardware.cpu'])).size > 1)
    warnings.push('Latency and training time come from different processors.')
  const together = choices.together ? await choices.together(runs.filter((_, index) => onSameRows[index])) : null
  if (together) warnings.push(...together.warnings, ...describeMethods(runs, onSameRows, together))
  const metrics: ComparedMetric[] = []
  for (const key of metricKeys) metrics.push(lineUpMetric(await judgeMetric(key, { runs, onSameRows, together }, choices.signal)))
  return {
    baseline,
    isJudged: together !== null,
    runs: runs.map(summaryOf),
    parameters: compareRecords(
      runs.map((run) => ({ ...run.parameters, algorithm: run.algorithm, seed: run.seed === null ? '' : String(run.seed) }))
    ),
    metrics,
    data: compareRecords(data),
    environment: compareRecords(runs.map((run) => run.environment)),
    code: compareRecords(runs.map((run) => ({ pipeline: run.pipeline ?? '', 'code snapshot': run.codeSha256 ?? '' }))),
    warnings
  }
}

const namesOf = (runs: readonly RunDetail[]): string => runs.map(({ name }) => `"${name}"`).join(', ')

/** Says which runs of the same table cannot be held against the others row by row. */
function describeMethods(runs: readonly RunDetail[], onSameRows: readonly boolean[], { places, elsewhere }: JudgedTogether): string[] {
  const said: string[] = []
  const others = runs.filter(({ id }) => elsewhere.has(id))
  if (others.length > 0)
    said.push(
      `${namesOf(others)}: judged on other rows of the same table, or by another outcome, and not compared. Evaluate all runs alike.`
    )
  const old = runs.filter((run, index) => run.testData !== null && onSameRows[index] && !places.has(run.id) && !elsewhere.has(run.id))
  if (old.length > 0 && runs.filter((run, index) => run.testData !== null && onSameRows[index]).length > 1)
    said.push(
      `${namesOf(old)}: evaluated before the scores of single rows were kept, so compared as if judged on rows of ${old.length === 1 ? 'its' : 'their'} own, with wider intervals. Evaluate again to compare row by row.`
    )
  return said
}
