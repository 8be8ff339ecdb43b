import type { Overview } from '../../model/overview'
import { isDoubtful, measuredMetrics } from '../../model/run'
import type { ListedRun } from '../../model/run-rank'

/** The first of ranked runs whose figure was measured and says something about new rows; null when none has one. */
export function bestRunOf(ranked: readonly ListedRun[], metric: string): Overview['bestRun'] {
  const best = ranked.find((run) => Number.isFinite(measuredMetrics(run)[metric]?.value) && !isDoubtful(run))
  if (!best) return null
  const { id, name, rank, gate, gateShortfall } = best
  return { id, name, metric, ...best.metrics[metric], rank, gate, gateShortfall }
}
