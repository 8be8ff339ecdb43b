import { metricDefinition } from '../../../main/model/tasks'
import type { ModelVersion } from '../../../main/model/registry'
import { intervalText, metricText, sortMetricKeys } from '../../evidence'
import { Tooltip } from '../../ui'

/** Every metric of the run, the known ones first in their usual order, with interval and direction. */
export function MetricsTable({ metrics }: { metrics: ModelVersion['metrics'] }) {
  const keys = sortMetricKeys(Object.keys(metrics))
  if (keys.length === 0) return <p className="p-3 text-muted">The run recorded no metric. Add an evaluate step to its pipeline.</p>
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse">
        <thead>
          <tr className="text-caption text-muted">
            <th scope="col" className="border-b px-3 py-1 text-left font-medium">
              Metric
            </th>
            <th scope="col" className="border-b px-3 py-1 text-right font-medium">
              Value
            </th>
            <th scope="col" className="border-b px-3 py-1 text-right font-medium">
              95% CI
            </th>
            <th scope="col" className="border-b px-3 py-1 text-left font-medium">
              Better
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => {
            const definition = metricDefinition(key)
            return (
              <tr key={key} className="border-b last:border-b-0">
                <th scope="row" className="px-3 py-1 text-left font-normal">
                  <Tooltip content={definition?.description ?? 'A metric of this run under its own name.'}>
                    <span className={definition ? 'underline decoration-dotted underline-offset-2' : 'font-mono text-caption'}>
                      {definition?.label ?? key}
                    </span>
                  </Tooltip>
                </th>
                <td className="px-3 py-1 text-right whitespace-nowrap">{metricText(key, metrics[key].value)}</td>
                <td className="px-3 py-1 text-right whitespace-nowrap text-muted">{intervalText(key, metrics[key])}</td>
                <td className="px-3 py-1 text-caption text-muted">{definition?.direction ?? ''}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
