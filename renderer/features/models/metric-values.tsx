import type { ModelVersion } from '../../../main/model/registry'
import { intervalText, metricFormat, metricText, sortMetricKeys } from '../../evidence'

/** The metric a list shows for a version: the ranking quality, else the first one known, else any. */
export function keyMetricOf({ metrics }: ModelVersion): { key: string; metric: ModelVersion['metrics'][string] } | null {
  const key = sortMetricKeys(Object.keys(metrics)).at(0)
  return key === undefined ? null : { key, metric: metrics[key] }
}

/** `AUC 0.819 (0.791-0.844)` for a table cell. */
export function MetricCell({ version }: { version: ModelVersion }) {
  const found = keyMetricOf(version)
  if (!found) return <span className="text-muted">not measured</span>
  const { key, metric } = found
  const interval = intervalText(key, metric)
  return (
    <span className="truncate">
      <span className="text-muted">{metricFormat(key).label}</span> <span className="font-medium">{metricText(key, metric.value)}</span>
      {interval && <span className="text-muted"> ({interval})</span>}
    </span>
  )
}
