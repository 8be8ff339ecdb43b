import { METRICS, type MetricDefinition } from '../../../main/model/tasks'
import type { ModelVersion } from '../../../main/model/registry'
import { formatAuto, formatDuration, formatNumber, formatSize } from '../../ui'

type Metric = ModelVersion['metrics'][string]

/** A metric value with its unit, the same decimals for every share. */
export function formatMetric(definition: MetricDefinition | undefined, value: number): string {
  if (!definition) return formatAuto(value)
  if (definition.unit === 'seconds') return value < 0.001 ? `${formatNumber(value * 1e6)} \u00b5s` : formatDuration(value)
  if (definition.unit === 'bytes') return formatSize(value)
  if (definition.unit === 'rows/s') return `${formatNumber(value)} rows/s`
  return formatNumber(value, 3)
}

/** `0.791\u20130.844`, or nothing when no interval was computed. */
export function formatInterval(definition: MetricDefinition | undefined, { low, high }: Metric): string {
  return low === null || high === null ? '' : `${formatMetric(definition, low)}\u2013${formatMetric(definition, high)}`
}

export const definitionOf = (key: string): MetricDefinition | undefined => METRICS.find((metric) => metric.key === key)

/** The metric a list shows for a version: the ranking quality, else the first one known, else any. */
export function keyMetricOf(version: ModelVersion): { key: string; label: string; metric: Metric } | null {
  const key = METRICS.find((metric) => version.metrics[metric.key])?.key ?? Object.keys(version.metrics)[0]
  const metric = key === undefined ? undefined : version.metrics[key]
  return key === undefined || !metric ? null : { key, label: definitionOf(key)?.label ?? key, metric }
}

/** `0.819  0.791-0.844` for a table cell. */
export function MetricCell({ version }: { version: ModelVersion }) {
  const found = keyMetricOf(version)
  if (!found) return <span className="text-muted">not measured</span>
  const definition = definitionOf(found.key)
  const interval = formatInterval(definition, found.metric)
  return (
    <span className="truncate">
      <span className="text-muted">{found.label}</span> <span className="font-medium">{formatMetric(definition, found.metric.value)}</span>
      {interval && <span className="text-muted"> ({interval})</span>}
    </span>
  )
}
