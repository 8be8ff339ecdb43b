import { metricTitleOf, taskOfMetrics, usualTask } from '../model/tasks'
import { dependsOnRows } from '../model/depends-on-rows'
import { describeDoubt, doubtWords, isDoubtful, measuredMetrics, type RunSummary } from '../model/run'
import { numberInWords } from '../model/reported-number'
import { didYouMean } from '../model/near-names'
import { rankText, type ListedRun } from '../model/run-rank'
import { textTable } from './output'
import type { CommandBody } from './command'
import { everyPage, inWorkspace } from './workspace-client'

const shortFigure = (value: number): number | string => numberInWords(value) ?? Number(value.toFixed(4))

/** `runs`. */
export const listRuns: CommandBody = (context, _positional, options) =>
  inWorkspace(context, options.workspace, async ({ experiments }) => {
    const sort = String(options.sort)
    const rankBy = sort.startsWith('metrics.')
      ? sort.slice('metrics.'.length)
      : ((await experiments.list({}))[0]?.primaryMetric ?? usualTask.primaryMetric)
    const query = { filter: String(options.filter ?? ''), sort, rankBy, descending: options.ascending !== true }
    const {
      entries,
      runs: _first,
      ...page
    } = await everyPage(
      100_000,
      1_000,
      (offset, limit) => experiments.runs({ ...query, offset, limit }),
      ({ runs: some }) => some
    )
    page.notes.push(...unknownSort(sort, page))
    for (const note of page.notes) context.output.note(note)
    const shown = taskOfMetrics(Object.fromEntries(page.metricKeys.map((key) => [key, 1]))).headline.line.filter((key) =>
      page.metricKeys.includes(key)
    )
    const runs = soundFirst(entries, sort)
    context.output.result(
      { ...page, rankedBy: rankBy, items: runs.map(listedRun) },
      textTable(
        ['run', 'name', `rank by ${rankBy}`, 'status', 'algorithm', ...shown.map(metricTitleOf), 'note', 'gate', 'started'],
        runs.map((r) => [
          r.id.slice(0, 8),
          r.name,
          rankText(r.rank) || '-',
          r.status,
          r.algorithm,
          ...shown.map((key) => (r.metrics[key] ? shortFigure(r.metrics[key].value) : null)),
          doubtWords(r) ?? (r.testData === null && shown.some((key) => r.metrics[key]) ? 'logged, not measured' : ''),
          r.gate ?? '',
          r.startedAt
        ])
      )
    )
  })

/** The ledger keeps parameters as texts; for programs one that was a number is that again, unless reading it would round it. */
function asNumber(text: string): number | string {
  const number = Number(text)
  return String(number) === text && (!Number.isInteger(number) || Number.isSafeInteger(number)) ? number : text
}

const listedRun = ({ parameters, ...run }: ListedRun) => ({
  ...run,
  parameters: Object.fromEntries(Object.entries(parameters).map(([key, text]) => [key, asNumber(text)])),
  doubt: describeDoubt(run),
  measured: run.testData !== null
})

/** Sorted by what no run has, the list stands in no order at all; that is said. */
function unknownSort(
  sort: string,
  { metricKeys, parameterKeys, all }: { metricKeys: string[]; parameterKeys: string[]; all: number }
): string[] {
  const [, group, key] = /^(metrics|params)\.(.*)$/.exec(sort) ?? []
  const known = group === 'metrics' ? metricKeys : parameterKeys
  if (key === undefined || all === 0 || known.includes(key)) return []
  return [`No run here has the ${group === 'metrics' ? 'metric' : 'parameter'} "${key}" to sort by.${didYouMean(key, known)}`]
}

/** Sorted by a figure of judged rows, runs that learned from too many of those, or were not judged, come last: none of them is the best. */
function soundFirst(runs: readonly ListedRun[], sort: string): ListedRun[] {
  const metric = sort.startsWith('metrics.') ? sort.slice('metrics.'.length) : null
  if (metric === null || !dependsOnRows(metric)) return [...runs]
  const isSound = (run: RunSummary): boolean => !isDoubtful(run) && metric in measuredMetrics(run)
  return [...runs.filter(isSound), ...runs.filter((run) => !isSound(run))]
}
