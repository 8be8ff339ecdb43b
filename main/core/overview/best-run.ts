import type { RunId } from '../../model/reference'
import { isJudgedOnTrainingRows, type RunSummary } from '../../model/run'

export interface BestRun {
  id: RunId
  name: string
  metric: string
  value: number
}

/** The first of ranked runs whose figure says something about new rows; null when none has one. */
export function bestRunOf(ranked: readonly RunSummary[], metric: string): BestRun | null {
  const best = ranked.find((run) => run.metrics[metric] && !isJudgedOnTrainingRows(run))
  return best ? { id: best.id, name: best.name, metric, value: best.metrics[metric].value } : null
}
