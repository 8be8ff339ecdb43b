import type { Evaluation } from '../../../main/model/evaluation'
import { judgedSplit } from '../../../main/model/evidence'
import { intervalBasis, taskOf } from '../../../main/model/tasks'
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
