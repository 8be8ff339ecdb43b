import { dependsOnRows } from '../../model/depends-on-rows'
import { isDoubtful, type RunSummary, type TradeOffPoint } from '../../model/run'
import { metricDefinition } from '../../model/tasks'

/**
 * Places runs between two metrics and marks the Pareto front: the runs that no other run beats or equals in both while
 * beating it in one, by the direction of each metric. Equal points are on the front together; figures that say little about new
 * rows neither stand there nor keep others from it. Sorting makes it n log n.
 */
export function deriveTradeOff(runs: readonly RunSummary[], x: string, y: string): { without: number; points: TradeOffPoint[] } {
  const signOf = (key: string): number => (metricDefinition(key)?.direction === 'lower' ? -1 : 1)
  const [signX, signY] = [signOf(x), signOf(y)]
  const points = runs.flatMap((run): TradeOffPoint[] => {
    const [mx, my] = [run.metrics[x], run.metrics[y]]
    return mx === undefined || my === undefined ? [] : [{ run: run.id, name: run.name, x: mx, y: my, front: false }]
  })
  const doubtful = new Set([x, y].some(dependsOnRows) ? runs.filter(isDoubtful).map((run) => run.id) : [])
  const ordered = points
    .filter((point) => !doubtful.has(point.run))
    .sort((a, b) => signX * (b.x.value - a.x.value) || signY * (b.y.value - a.y.value))
  let best: TradeOffPoint | undefined
  for (const point of ordered) {
    const better = best === undefined || signY * (point.y.value - best.y.value) > 0
    const equal = best !== undefined && point.x.value === best.x.value && point.y.value === best.y.value
    point.front = better || equal
    if (better) best = point
  }
  return { without: runs.length - points.length, points }
}
