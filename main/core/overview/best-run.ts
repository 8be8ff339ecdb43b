import type { Overview } from '../../model/overview'
import { isDoubtful, measuredMetrics, type RunSummary } from '../../model/run'

/** The first of ranked runs whose figure was measured and says something about new rows; null when none has one. */
export function bestRunOf(ranked: readonly RunSummary[], metric: string): Overview['bestRun'] {
  const best = ranked.find((run) => measuredMetrics(run)[metric] && !isDoubtful(run))
  return best ? { id: best.id, name: best.name, metric, value: best.metrics[metric].value } : null
}
