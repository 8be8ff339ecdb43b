import type { CardMetric } from '../../../model/model-card'
import { formatBytes, formatDuration, formatNumber } from '../../reports'

const unitText: Record<string, string> = {
  share: '0 to 1',
  nats: 'nats',
  'rows/s': 'rows/s',
  classes: 'classes',
  ratio: 'ratio',
  difference: '0 to 1'
}

/** Shares and scores keep four decimals, so that a column of them lines up; durations and sizes carry the unit that suits them. */
function figureText({ unit }: CardMetric, value: number | undefined): string {
  if (value === undefined) return ''
  if (unit === 'seconds') return formatDuration(value)
  if (unit === 'bytes') return formatBytes(value)
  return unit === 'rows/s' ? formatNumber(Math.round(value)) : value.toFixed(4)
}

/** A figure of the card as cells: label, value, lower and upper end, unit. */
export const figureCells = (metric: CardMetric): string[] => [
  metric.label,
  figureText(metric, metric.value),
  figureText(metric, metric.low),
  figureText(metric, metric.high),
  unitText[metric.unit ?? ''] ?? ''
]
