import type { RunMetric } from '../../../main/model/run'
import { DeltaText } from '../../ui'
import { formatInterval, formatMetric, type MetricFormat } from './metric-format'

/** A 95% interval on the scale of its column: the line is the interval, the dot the value. */
export function IntervalBar({ metric, range, width = 44 }: { metric: RunMetric; range: { low: number; high: number }; width?: number }) {
  const span = range.high - range.low
  const at = (value: number) => (span > 0 ? ((value - range.low) / span) * (width - 6) + 3 : width / 2)
  return (
    <svg aria-hidden width={width} height={12} className="shrink-0">
      <line x1={0} x2={width} y1={6} y2={6} stroke="var(--line)" />
      {metric.low !== null && metric.high !== null && (
        <line x1={at(metric.low)} x2={Math.max(at(metric.low) + 1, at(metric.high))} y1={6} y2={6} stroke="var(--accent)" strokeWidth={3} />
      )}
      <circle cx={at(metric.value)} cy={6} r={2.5} fill="var(--ink)" />
    </svg>
  )
}

interface MetricCellProps {
  format: MetricFormat
  metric: RunMetric
  range: { low: number; high: number } | undefined
  /** Value of the baseline run; undefined for the baseline itself or without one. */
  baseline: number | undefined
}

/** Value, difference to the baseline and interval of one metric in one row. */
export function MetricCell({ format, metric, range, baseline }: MetricCellProps) {
  const interval = formatInterval(format, metric)
  return (
    <span className="flex w-full items-center justify-end gap-1.5" title={interval ? `95% CI ${interval}` : 'No interval was computed'}>
      {baseline !== undefined && (
        <DeltaText delta={(metric.value - baseline) * format.factor} direction={format.direction} decimals={format.decimals ?? undefined} />
      )}
      <span>{formatMetric(format, metric.value)}</span>
      {range && <IntervalBar metric={metric} range={range} />}
      {interval && <span className="sr-only">, 95% CI {interval}</span>}
    </span>
  )
}
