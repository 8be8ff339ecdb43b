import type { Evaluation } from './evaluation'
import type { RunMetric } from './run'
import { taskOf } from './tasks'

/** Metrics of an evaluation with their intervals, as a run keeps them. */
export function runMetricsOf(evaluation: Evaluation): Record<string, RunMetric> {
  const result: Record<string, RunMetric> = {}
  const task = taskOf(evaluation)
  for (const [key, value] of Object.entries(task.metricsOf(evaluation))) {
    const interval = task.estimateOf(evaluation, key)?.interval
    result[key] = { value, low: interval?.lower ?? null, high: interval?.upper ?? null }
  }
  return result
}
