import { dependsOnRows } from '../../model/depends-on-rows'
import { MOST_COMPARED, type RunSummary, type Standing, type TradeOff, type TradeOffPoint } from '../../model/run'
import { findBaseline } from './baseline'
import { findSameRows, judgeMetric, type JudgedMetric } from './compare-metric'
import type { JudgedTogether } from './judged-together'

type Axes = readonly [JudgedMetric, JudgedMetric]

export interface TradeOffChoices {
  signal?: AbortSignal
  /** Looks at the single rows of runs that were judged on one table; without it no run is put behind another. */
  together?: (runs: readonly RunSummary[]) => Promise<JudgedTogether>
}

/**
 * Places runs between two metrics, in the order given, and says how each stands. Verdicts are those of a comparison of the same runs; of more
 * runs than are compared at once only the values are looked at. Throws CANCELLED.
 */
export async function deriveTradeOff(
  given: readonly RunSummary[],
  keys: readonly [string, string],
  { signal, together }: TradeOffChoices = {}
): Promise<TradeOff> {
  const runs = given.filter(({ metrics }) => keys.every((key) => Number.isFinite(metrics[key]?.value)))
  const without = given.length - runs.length
  const basis = runs.length > MOST_COMPARED ? 'too-many' : together ? 'verdicts' : 'not-judged-yet'
  if (runs.length === 0) return { without, basis, points: [] }
  const baseline = findBaseline(runs, undefined).run
  const baselineFirst = [...runs].sort((a, b) => Number(b.id === baseline) - Number(a.id === baseline))
  const isOnSameRows = new Map(findSameRows(baselineFirst).map((isSame, index) => [baselineFirst[index]!.id, isSame]))
  // Times and sizes are no matter of rows: nothing is read for these alone.
  const isOfRows = keys.some(dependsOnRows)
  const nothing: JudgedTogether = { places: new Map(), comparison: null, elsewhere: new Set(), warnings: [] }
  const judged =
    basis !== 'verdicts' ? null : isOfRows && together ? await together(baselineFirst.filter(({ id }) => isOnSameRows.get(id))) : nothing
  const compared = { runs, onSameRows: runs.map(({ id }) => isOnSameRows.get(id)!), together: judged }
  const axes: Axes = [await judgeMetric(keys[0], compared, signal), await judgeMetric(keys[1], compared, signal)]
  const standings = standingsOf(runs.length, axes)
  const points = runs.map(({ id, name, metrics }, index): TradeOffPoint => ({
    run: id,
    name,
    x: metrics[keys[0]]!,
    y: metrics[keys[1]]!,
    standing: standings[index]!
  }))
  return { without, basis, points }
}

/** How each run stands among all of them; `axes` know the verdict of any two. */
export function standingsOf(count: number, axes: Axes): Standing[] {
  const able = Array.from({ length: count }, (_, run) => run).filter((run) =>
    axes.every(({ comparable, isSound }) => comparable[run] && isSound[run])
  )
  const standings = new Array<Standing>(count).fill('left-out')
  const leading = findLeading(able, axes)
  for (const run of able)
    standings[run] = leading.has(run) ? 'leads' : able.some((other) => leavesBehind(other, run, axes)) ? 'behind' : 'open'
  return standings
}

const worthOf = ({ direction, values }: JudgedMetric, run: number): number => (direction === 'lower' ? -1 : 1) * values[run]!.value

/**
 * Runs that no other one beats or equals in both values while it beats them in one; equal runs lead together. Sorting makes it n log n. Nobody
 * leads where nobody said which way is better.
 */
function findLeading(able: readonly number[], axes: Axes): Set<number> {
  if (axes.some(({ direction }) => direction === null)) return new Set()
  const [x, y] = axes.map((axis) => (run: number) => worthOf(axis, run)) as [(run: number) => number, (run: number) => number]
  const leading = new Set<number>()
  let best: number | undefined
  for (const run of [...able].sort((a, b) => x(b) - x(a) || y(b) - y(a))) {
    const isBetter = best === undefined || y(run) > y(best)
    if (isBetter || (x(run) === x(best!) && y(run) === y(best!))) leading.add(run)
    if (isBetter) best = run
  }
  return leading
}

/**
 * Whether a run leaves another one behind: by the verdict it is better in one metric at least, and in the other better or the same. A time or a
 * size has no verdict; there its value must not be worse.
 */
function leavesBehind(run: number, other: number, axes: Axes): boolean {
  const verdicts = axes.map(({ pair }) => pair(run, other)?.verdict)
  return (
    verdicts.includes('better') &&
    axes.every((axis, index) => {
      const verdict = verdicts[index]
      return verdict === 'better' || verdict === 'same' || (!dependsOnRows(axis.key) && worthOf(axis, run) >= worthOf(axis, other))
    })
  )
}
