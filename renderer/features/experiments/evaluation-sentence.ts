import type { Evaluation } from '../../../main/model/evaluation'
import type { EstimatedMetric } from '../../../main/model/tasks'
import { formatNumber } from '../../ui'
import { formatMetric, metricFormat } from './metric-format'

/** What one estimate means in words: `AUC 0.871, 95% CI 0.858–0.884, 2,000 bootstrap samples, test split n=2,000`. */
export function estimateSentence(evaluation: Evaluation, key: EstimatedMetric = 'auc'): string {
  const format = metricFormat(key)
  const { value, interval } = evaluation.metrics[key]
  if (value === null)
    return `${format.label} has no value on the ${evaluation.split} split (n=${formatNumber(evaluation.rows.judged)}, ${formatNumber(evaluation.rows.positives)} positive).`
  const parts = [`${format.label} ${formatMetric(format, value)}`]
  if (interval)
    parts.push(
      `${formatNumber(interval.level * 100)}% CI ${formatMetric(format, interval.lower)}\u2013${formatMetric(format, interval.upper)}`,
      `${formatNumber(interval.samples)} bootstrap samples`
    )
  else parts.push('no interval was computed')
  parts.push(`${evaluation.split} split n=${formatNumber(evaluation.rows.judged)}`)
  return parts.join(', ')
}

export const isEstimated = (evaluation: Evaluation, key: string): key is EstimatedMetric => Object.hasOwn(evaluation.metrics, key)
