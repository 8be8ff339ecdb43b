import { useMemo } from 'react'
import type { RunSummary } from '../../../main/model/run'
import { isBound } from '../../../main/model/tasks'
import { ForestPlot } from '../../charts'
import { metricFormat, metricTitle, placedMetric, sortMetricKeys } from '../../evidence'
import { useHostQuery } from '../../host'
import { formatCount, MultiCombobox, Tabs } from '../../ui'
import { distinctNames, openRun, RUN_LIMIT } from './addresses'
import { TradeOffChart, type TradeOffChartProps } from './trade-off-chart'
import { changeView, choosePanel, useRunsView } from './view-store'

export interface RunsChartsProps extends TradeOffChartProps {
  /** Loaded rows, in the order of the table. */
  rows: readonly (RunSummary | undefined)[]
}

const WITHOUT_SELECTION = 25

/** Charts beside the runs: one dot with its interval per run, and one metric against another. */
export function RunsCharts(props: RunsChartsProps) {
  const panel = useRunsView((view) => view.panel)
  return (
    <aside aria-label="Charts of the runs" data-panel tabIndex={-1} className="flex h-full flex-col bg-surface-1 outline-none">
      <Tabs
        aria-label="Charts"
        className="h-full"
        value={panel === 'trade-off' ? 'trade-off' : 'intervals'}
        onChange={choosePanel}
        items={[
          { value: 'intervals', label: 'Intervals', content: <IntervalCharts {...props} /> },
          { value: 'trade-off', label: 'Trade-off', content: <TradeOffChart {...props} /> }
        ]}
      />
    </aside>
  )
}

function IntervalCharts({ metricKeys, primary, rows }: RunsChartsProps) {
  const selection = useRunsView((view) => view.selection)
  const chosen = useRunsView((view) => view.chartMetrics)
  const baseline = useRunsView((view) => view.baseline)
  const keys = sortMetricKeys(metricKeys.filter((key) => !isBound(key)))
  const metrics = chosen ?? (keys.includes(primary) ? [primary] : keys.slice(0, 1))
  const ids = [...selection].sort()
  const some = ids.length > 0 && ids.length <= RUN_LIMIT
  const compared = useHostQuery('experiments.compare', { ids, rows: false }, { enabled: some, keepPrevious: true })
  const loaded = useMemo(() => rows.filter((row): row is RunSummary => row !== undefined), [rows])
  const place = new Map(loaded.map((run, index) => [run.id, index]))
  const selected = some && compared.data ? compared.data.runs : loaded.filter((run) => selection.has(run.id))
  const runs = ids.length
    ? [...selected].sort((a, b) => (place.get(a.id) ?? rows.length) - (place.get(b.id) ?? rows.length) || (a.id < b.id ? -1 : 1))
    : loaded.slice(0, WITHOUT_SELECTION)
  const names = distinctNames(runs)
  return (
    <div className="flex flex-col gap-3 p-3">
      <MultiCombobox
        aria-label="Metrics of the charts"
        value={metrics}
        onChange={(next) => changeView({ chartMetrics: next })}
        choices={keys.map((key) => ({ value: key, label: metricFormat(key).label }))}
        placeholder="Choose metrics"
      />
      <p className="text-caption text-muted">
        {ids.length
          ? `${formatCount(runs.length, 'selected run')}.`
          : rows.length > runs.length
            ? `The first ${runs.length} of ${formatCount(rows.length, 'run')} in the order of the table. Select runs to draw those.`
            : `All ${formatCount(runs.length, 'run')} in the order of the table.`}
      </p>
      {metrics.map((key) => {
        const format = metricFormat(key)
        const reference = runs.find((run) => run.id === baseline)?.metrics[key]?.value
        return (
          <ForestPlot
            key={key}
            title={format.label}
            direction={format.direction}
            unit={format.unit}
            axis={metricTitle(format)}
            decimals={format.decimals}
            reference={Number.isFinite(reference) ? reference! * format.factor : undefined}
            height={480}
            onSelect={openRun}
            empty="None of these runs has this metric."
            rows={runs.map((run) => {
              const metric = run.metrics[key]
              return { key: run.id, label: names.get(run.id) ?? run.name, ...placedMetric(format, metric) }
            })}
          />
        )
      })}
    </div>
  )
}
