import { dependsOnRows } from '../../model/depends-on-rows'
import { rulesBehind } from '../../model/depends-on-rules'
import { isDoubtful, measuredMetrics, type RunSummary } from '../../model/run'
import type { RunRank } from '../../model/run-rank'
import type { RunId } from '../../model/reference'
import { metricDefinition } from '../../model/tasks'
import { normalQuantile, z95 } from '../numerics'

/** A figure with how far its 95% interval reaches, turned so that higher is better. */
interface Placed {
  id: RunId
  value: number
  below: number
  above: number
}

/**
 * Places of runs by one metric, best first. A run stands behind another only where their intervals tell the two apart, all pairs at once with
 * 95% confidence (Bonferroni), so that runs of which chance may have made the order share a place. Figures of other rows than most of the
 * runs were judged on, figures without an interval and those that say little about new rows have none, each with its reason; nor have those that go by costs or groups of each evaluation.
 */
export function rankRuns(runs: readonly RunSummary[], metric: string): Map<RunId, RunRank> {
  const rows = dependsOnRows(metric) ? mostJudged(runs, metric) : null
  const ranks = new Map<RunId, RunRank>()
  const placed: Placed[] = []
  for (const run of runs) {
    const found = placeOf(run, metric, rows)
    if ('none' in found) ranks.set(run.id, found)
    else placed.push(found)
  }
  placed.sort((a, b) => b.value - a.value)
  const wider = widerFor(placed.length)
  const better = surelyBetter(placed, wider)
  const worse = surelyBetter(placed.map(turned).reverse(), wider).reverse()
  placed.forEach(({ id }, index) => ranks.set(id, { from: 1 + better[index]!, to: placed.length - worse[index]!, of: placed.length }))
  return ranks
}

const turned = ({ id, value, below, above }: Placed): Placed => ({ id, value: -value, below: above, above: below })

/** How much wider than one 95% interval each of all pairs of so many runs is taken. */
function widerFor(runs: number): number {
  const pairs = Math.max(1, (runs * (runs - 1)) / 2)
  return -normalQuantile(0.025 / pairs) / z95
}

/** The rows that most of the runs with the metric were judged on; the newest of as many. */
function mostJudged(runs: readonly RunSummary[], metric: string): string | null {
  const times = new Map<string, number>()
  for (const { testData, metrics } of runs) if (testData !== null && metrics[metric]) times.set(testData, (times.get(testData) ?? 0) + 1)
  return [...times].sort(([, one], [, other]) => other - one)[0]?.[0] ?? null
}

function placeOf(run: RunSummary, key: string, rows: string | null): Placed | { none: string } {
  const direction = metricDefinition(key)?.direction
  if (!direction) return { none: 'nobody said which way is better' }
  const metric = run.metrics[key]
  if (!metric) return { none: 'it has no such figure' }
  if (!measuredMetrics(run)[key]) return { none: 'its program logged the figure, nobody measured it' }
  if (!Number.isFinite(metric.value)) return { none: 'its figure is not a finite number' }
  if (dependsOnRows(key) && isDoubtful(run)) return { none: 'its judged rows are not apart from its training' }
  const rules = rulesBehind(key)
  if (rules) return { none: `its figure goes by the ${rules} of its own evaluation; compare the runs to see where they are the same` }
  if (rows !== null && run.testData !== rows) return { none: 'it was judged on other rows than most of these runs' }
  const { value, low, high } = metric
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high))
    return { none: 'its figure has no interval, so an order may be chance' }
  const found = { id: run.id, value, below: Math.max(0, value - low), above: Math.max(0, high - value) }
  return direction === 'higher' ? found : turned(found)
}

/**
 * Of runs with the best first: how many are better than each beyond chance, which is where they are further apart than their reaches
 * towards each other come to, as those of independent figures do. Of thousands only those are looked at one by one whose own reach decides.
 */
function surelyBetter(runs: readonly Placed[], wider: number): number[] {
  const least = runs.reduce((reach, { below }) => Math.min(reach, below), Infinity)
  const most = runs.reduce((reach, { below }) => Math.max(reach, below), 0)
  return runs.map((own) => {
    const isBetter = ({ value }: Placed, below: number): boolean => value - own.value > wider * Math.hypot(below, own.above)
    const first = (below: number): number => {
      let [low, high] = [0, runs.length]
      while (low < high) {
        const middle = (low + high) >> 1
        if (isBetter(runs[middle]!, below)) low = middle + 1
        else high = middle
      }
      return low
    }
    const sure = first(most)
    return sure + runs.slice(sure, first(least)).filter((run) => isBetter(run, run.below)).length
  })
}
