import { WorkbenchError } from '../model/errors'
import { METRICS, metricTitleOf } from '../model/tasks'
import { baselineReasons, MOST_COMPARED, verdictWords, type ComparedPair, type RunComparison } from '../model/run'
import type { RunId } from '../model/reference'
import type { CommandBody } from './command'
import { runNamed } from './named-run'
import { listOf, tableLines, textTable } from './output'
import { inWorkspace } from './workspace-client'

/** One run beside the baseline in one metric. */
interface ListedPair extends ComparedPair {
  metric: string
  /** Of the difference and its interval. */
  unit: string
  run: RunId
  baseline: RunId
}

const order = new Map(METRICS.map(({ key }, index) => [key, index]))

/** Every pair of a run and the baseline, metric by metric in the order of the screens, a script's own metrics last. */
function pairsOf({ runs, metrics }: RunComparison): ListedPair[] {
  const sorted = [...metrics].sort((a, b) => (order.get(a.key) ?? order.size) - (order.get(b.key) ?? order.size))
  return sorted.flatMap(({ key, unit, pairs }) =>
    pairs.flatMap((pair, index) => (pair ? [{ metric: key, unit, run: runs[index].id, baseline: runs[0].id, ...pair }] : []))
  )
}

const short = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(3)))

function assertComparable(count: number): void {
  if (count < 2)
    throw new WorkbenchError(
      'INVALID_INPUT',
      'Only one run was named, and a run is not compared with itself. Name two different runs or more.'
    )
  if (count > MOST_COMPARED)
    throw new WorkbenchError('INVALID_INPUT', `${count} runs were named, and at most ${MOST_COMPARED} are compared at once. Name fewer.`)
}

/** `experiment compare`. */
export const compareRuns: CommandBody = (context, named, options) =>
  inWorkspace(context, options.workspace, async (workspace) => {
    const { experiments } = workspace
    const idOf = async (given: string): Promise<RunId> => (await runNamed(workspace, given)).id
    // Commander hands an argument that may repeat over as one list.
    const ids = [...new Set(await Promise.all(named.flat().map(idOf)))]
    const baseline = options.baseline === undefined ? undefined : await idOf(String(options.baseline))
    const all = baseline === undefined || ids.includes(baseline) ? ids : [baseline, ...ids]
    assertComparable(all.length)
    const comparison = await experiments.compare({ ids: all, baseline }, { signal: context.signal })
    const pairs = pairsOf(comparison)
    const [first] = comparison.runs
    const about = { run: first.id, name: first.name, reason: comparison.baseline.reason }
    const names = new Map(comparison.runs.map(({ id, name }) => [id, `${id.slice(0, 8)} ${name}`]))
    for (const warning of comparison.warnings) context.output.note(warning)
    context.output.result(
      {
        baseline: about,
        runs: comparison.runs.map(({ id, name }) => ({ id, name })),
        ...listOf(pairs),
        // The name that `items` had before; who reads it goes on reading it.
        pairs,
        warnings: comparison.warnings
      },
      [
        `${names.get(first.id)}: ${baselineReasons[about.reason]}. Differences are the other run minus the baseline.`,
        ...tableLines(
          ['metric', 'run', 'difference', 'low', 'high', 'p', 'method', 'rows', 'verdict'],
          pairs.map(({ metric, run, difference, low, high, p, method, rows, verdict }) => [
            metricTitleOf(metric),
            names.get(run)!,
            short(difference),
            short(low),
            short(high),
            short(p),
            method,
            rows,
            verdictWords[verdict]
          ])
        )
      ]
    )
  })

/** `experiment list`. */
export const listExperiments: CommandBody = (context, _positional, options) =>
  inWorkspace(context, options.workspace, async ({ experiments }) => {
    const items = await experiments.list({})
    context.output.result(
      listOf(items),
      items.length === 0
        ? 'There are none. A training makes one.'
        : textTable(
            ['experiment', 'runs', 'trials', 'metric', 'question', 'created'],
            items.map(({ name, runs, trials, primaryMetric, question, createdAt }) => [
              name,
              runs,
              trials,
              primaryMetric,
              question,
              createdAt
            ])
          )
    )
  })
