import type { Evaluation } from '../../../main/model/evaluation'
import { judgedSplit } from '../../../main/model/evidence'
import { crossValidatedPrefix, intervalBasis, taskOf, taskOfMetrics } from '../../../main/model/tasks'
import type { RunDetail } from '../../../main/model/run'
import { formatMetric, metricFormat } from '../../evidence'
import { panelsOf } from '../../tasks'
import { formatNumber } from '../../ui'

/** What one estimate means in words: `AUC 0.871, 95% CI 0.858–0.884, DeLong, test split n=2,000`. */
export function estimateSentence(evaluation: Evaluation, asked?: string): string {
  const task = taskOf(evaluation)
  const key = asked !== undefined && task.estimateOf(evaluation, asked) ? asked : task.primaryMetric
  const format = metricFormat(key)
  const { value, interval } = task.estimateOf(evaluation, key)!
  if (value === null)
    return `${format.label} has no value on the ${judgedSplit(evaluation)} (n=${formatNumber(evaluation.rows.judged)}, ${panelsOf(evaluation).outcomesShort(evaluation)}).`
  const parts = [`${format.label} ${formatMetric(format, value)}`]
  if (interval)
    parts.push(
      `${formatNumber(interval.level * 100)}% CI ${formatMetric(format, interval.lower)}\u2013${formatMetric(format, interval.upper)}`,
      intervalBasis(interval)
    )
  else parts.push('no interval was computed')
  parts.push(`${judgedSplit(evaluation)} n=${formatNumber(evaluation.rows.judged)}`)
  return parts.join(', ')
}

/** The same of a run that was judged by folds alone; null where it was not. */
export function foldsSentence({ metrics }: Pick<RunDetail, 'metrics'>): string | null {
  const plain = Object.fromEntries(
    Object.entries(metrics).flatMap(([key, metric]) =>
      key.startsWith(crossValidatedPrefix) ? [[key.slice(crossValidatedPrefix.length), metric]] : []
    )
  )
  const { primaryMetric } = taskOfMetrics(plain)
  const found = plain[primaryMetric]
  if (!found) return null
  const format = metricFormat(`${crossValidatedPrefix}${primaryMetric}`)
  const { value, low, high } = found
  const interval = low === null || high === null ? '' : `, 95% CI ${formatMetric(format, low)}\u2013${formatMetric(format, high)}`
  return `${format.label} ${formatMetric(format, value)}${interval}`
}
