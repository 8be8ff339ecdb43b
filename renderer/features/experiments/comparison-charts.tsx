import { useQueries } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Evaluation } from '../../../main/model/evaluation'
import type { RunComparison } from '../../../main/model/run'
import { CalibrationChart, ForestPlot, LineChart } from '../../charts'
import { queryFor, useClient, useHostQuery, type HostOutput } from '../../host'
import { ErrorState, formatCount, MultiCombobox, Panel, Skeleton } from '../../ui'
import { distinctNames, openRun } from './addresses'
import { calibrationBins } from './evaluation-series'
import { metricFormat, metricTitle, scaledMetric, sortMetricKeys } from './metric-format'

const usual = ['auc', 'average_precision', 'brier', 'latency_p50']

/** The same charts for all runs at once, each run in its own colour, and one forest plot per metric. */
export function ComparisonCharts({ comparison }: { comparison: RunComparison }) {
  const { runs } = comparison
  const client = useClient()
  const keys = sortMetricKeys(comparison.metrics.map((metric) => metric.key))
  const [chosen, setChosen] = useState<readonly string[] | null>(null)
  const metrics = chosen ?? usual.filter((key) => keys.includes(key))
  const results = useQueries({ queries: runs.map((run) => queryFor(client, 'experiments.evaluation', { id: run.id })) })
  const curves = useHostQuery('experiments.curves', { ids: runs.map((run) => run.id) })
  const judged = runs.flatMap((run, index): { run: (typeof runs)[number]; evaluation: Evaluation }[] => {
    const evaluation = results[index].data as HostOutput<'experiments.evaluation'> | undefined
    return evaluation ? [{ run, evaluation }] : []
  })
  const pending = results.some((result) => result.isPending) || curves.isPending
  const error = results.find((result) => result.error)?.error ?? curves.error
  const names = useMemo(() => distinctNames(runs), [runs])
  if (error)
    return <ErrorState error={error} onRetry={() => void Promise.all([...results.map((result) => result.refetch()), curves.refetch()])} />
  if (pending) return <Skeleton lines={8} />
  const losses = (curves.data ?? []).map((curve) => ({
    key: curve.run,
    label: `${names.get(curve.run) ?? curve.run.slice(0, 8)}${curve.name === 'validation_loss' ? ', validation' : ''}`,
    dashed: curve.name === 'validation_loss',
    points: curve.points.map((point) => ({ x: point.step, y: point.value }))
  }))
  return (
    <div className="flex flex-col gap-3 p-4">
      <div className="flex items-center gap-3">
        <MultiCombobox
          aria-label="Metrics of the forest plots"
          className="max-w-140"
          value={metrics}
          onChange={setChosen}
          choices={keys.map((key) => ({ value: key, label: metricFormat(key).label }))}
          placeholder="Choose metrics"
        />
        {judged.length < runs.length && (
          <span className="text-caption text-muted">{formatCount(runs.length - judged.length, 'run')} without an evaluation</span>
        )}
      </div>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(min(440px,100%),1fr))] gap-3">
        {metrics.map((key) => {
          const format = metricFormat(key)
          const compared = comparison.metrics.find((metric) => metric.key === key)
          const reference = compared?.values[0]?.value
          return (
            <Panel key={key}>
              <ForestPlot
                title={format.label}
                unit={format.unit}
                direction={format.direction}
                axis={metricTitle(format)}
                decimals={format.decimals ?? 4}
                reference={reference === undefined ? undefined : reference * format.factor}
                onSelect={openRun}
                empty="None of these runs has this metric."
                rows={runs.map((run, index) => {
                  const value = compared?.values[index]
                  return { key: run.id, label: names.get(run.id) ?? run.name, ...(value ? scaledMetric(format, value) : { value: null }) }
                })}
              />
            </Panel>
          )
        })}
        <Panel>
          <LineChart
            title="ROC curves"
            series={judged.map(({ run, evaluation }) => ({
              key: run.id,
              label: names.get(run.id) ?? run.name,
              points: evaluation.roc.map((p) => ({ x: p.falsePositiveRate, y: p.truePositiveRate }))
            }))}
            xAxis="False positive rate"
            yAxis="Recall (true positive rate)"
            reference="diagonal"
            xRange={[0, 1]}
            yRange={[0, 1]}
            height={300}
            empty="None of these runs was evaluated."
          />
        </Panel>
        <Panel>
          <CalibrationChart
            title="Calibration"
            series={judged.map(({ run, evaluation }) => ({
              key: run.id,
              label: names.get(run.id) ?? run.name,
              bins: calibrationBins(evaluation)
            }))}
            height={300}
            empty="None of these runs was evaluated."
          />
        </Panel>
        <Panel>
          <LineChart
            title="Training loss"
            unit="nats"
            direction="lower"
            series={losses}
            xAxis="Tree or iteration"
            yAxis="Mean log loss, nats"
            height={300}
            empty="None of these runs recorded a loss."
          />
        </Panel>
      </div>
    </div>
  )
}
