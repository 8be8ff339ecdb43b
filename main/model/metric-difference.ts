import { metricDefinition } from './tasks'
import type { RunMetric } from './run'

/** A metric minus that of a baseline, in the metric's own unit; the bounds are null when one of the two has no interval. */
export interface MetricDifference {
  value: number
  low: number | null
  high: number | null
}

/** Two-sided normal quantile of `1 - alpha / 2` (Abramowitz and Stegun 26.2.23, error below 4.5e-4). */
function normalQuantile(alpha: number): number {
  const t = Math.sqrt(-2 * Math.log(alpha / 2))
  return t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3)
}

/**
 * The difference with a 95% interval made from the two 95% intervals by the method of variance estimates recovery (Zou and Donner 2008),
 * which keeps their asymmetry. It treats the two as independent: judged on the same rows they rarely are, and then the true interval is
 * narrower, so that what is beyond noise here is beyond noise there. With more than one comparison the interval widens (Bonferroni).
 */
export function differenceOf(metric: RunMetric, baseline: RunMetric, comparisons = 1): MetricDifference {
  const value = metric.value - baseline.value
  if (metric.low === null || metric.high === null || baseline.low === null || baseline.high === null)
    return { value, low: null, high: null }
  const wider = normalQuantile(0.05 / Math.max(1, comparisons)) / normalQuantile(0.05)
  const reach = (own: number, other: number): number => wider * Math.hypot(Math.max(0, own), Math.max(0, other))
  return {
    value,
    low: value - reach(metric.value - metric.low, baseline.high - baseline.value),
    high: value + reach(metric.high - metric.value, baseline.value - baseline.low)
  }
}

/** Whether the interval of a difference leaves out zero. */
export const isBeyondNoise = ({ low, high }: MetricDifference): boolean => low !== null && high !== null && (low > 0 || high < 0)

/** Whether a metric may change with the rows that were judged: all but time, memory and throughput. */
export const dependsOnRows = (key: string): boolean => !['seconds', 'bytes', 'rows/s'].includes(metricDefinition(key)?.unit ?? '')
