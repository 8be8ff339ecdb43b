import { useMemo } from 'react'
import type { RunSummary } from '../../../main/model/run'
import { ForestPlot, ScatterChart } from '../../charts'
import { formatMetric, metricFormat, metricTitle, scaledMetric, sortMetricKeys } from '../../evidence'
import { useHostQuery } from '../../host'
import { ErrorState, formatCount, MultiCombobox, Select, Skeleton, Tabs } from '../../ui'
import { distinctNames, openRun, RUN_LIMIT } from './addresses'
import { changeView, choosePanel, useRunsView } from './view-store'

export interface RunsChartsProps {
  metricKeys: readonly string[]
  primary: string
  /** Loaded rows, in the order of the table. */
  rows: readonly (RunSummary | undefined)[]
  experiment: string | null
  filter: string
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
  const keys = sortMetricKeys(metricKeys)
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
            decimals={format.decimals ?? 4}
            reference={reference === undefined ? undefined : reference * format.factor}
            height={480}
            onSelect={openRun}
            empty="None of these runs has this metric."
            rows={runs.map((run) => {
              const metric = run.metrics[key]
              return { key: run.id, label: names.get(run.id) ?? run.name, ...(metric ? scaledMetric(format, metric) : { value: null }) }
            })}
          />
        )
      })}
    </div>
  )
}

function TradeOffChart({ metricKeys, primary, experiment, filter }: RunsChartsProps) {
  const keys = sortMetricKeys(metricKeys)
  const chosen = useRunsView((view) => view.tradeOff)
  const selection = useRunsView((view) => view.selection)
  const baseline = useRunsView((view) => view.baseline)
  const y = chosen?.y ?? (keys.includes('accuracy') ? 'accuracy' : primary)
  const x = chosen?.x ?? (keys.includes('latency_p50') ? 'latency_p50' : (keys.find((key) => key !== y) ?? y))
  const query = useHostQuery(
    'experiments.tradeOff',
    { experiment: experiment ?? undefined, filter, x, y },
    { keepPrevious: true, enabled: keys.length > 0 }
  )
  const [xFormat, yFormat] = [metricFormat(x), metricFormat(y)]
  const points = (query.data?.points ?? []).map((point) => ({
    key: point.run,
    label: point.name,
    x: scaledMetric(xFormat, point.x),
    y: scaledMetric(yFormat, point.y),
    front: point.front,
    marked: selection.has(point.run) || point.run === baseline
  }))
  const choices = keys.map((key) => ({ value: key, label: metricFormat(key).label }))
  const axis = (format: typeof xFormat) => ({
    title: metricTitle(format),
    direction: format.direction,
    format: (value: number) => formatMetric(format, value / format.factor)
  })
  const front = points.filter((point) => point.front).length
  return (
    <div className="flex flex-col gap-3 p-3">
      <div className="grid grid-cols-2 gap-2">
        <Select
          aria-label="Metric on the vertical axis"
          value={y}
          choices={choices}
          onChange={(next) => changeView({ tradeOff: { x, y: next } })}
        />
        <Select
          aria-label="Metric on the horizontal axis"
          value={x}
          choices={choices}
          onChange={(next) => changeView({ tradeOff: { x: next, y } })}
        />
      </div>
      {query.error ? (
        <ErrorState compact error={query.error} onRetry={() => void query.refetch()} />
      ) : query.isPending && keys.length > 0 ? (
        <Skeleton lines={5} />
      ) : (
        <>
          <ScatterChart
            title={`${yFormat.label} against ${xFormat.label.toLowerCase()}`}
            points={points}
            x={axis(xFormat)}
            y={axis(yFormat)}
            height={340}
            onSelect={openRun}
            empty="No run has both metrics."
          />
          <p className="text-caption text-muted">
            {formatCount(points.length, 'run')}, {front} on the Pareto front (squares, dashed line): no other run is better in both.
            {query.data && query.data.without > 0 ? ` ${formatCount(query.data.without, 'run')} without one of the metrics.` : ''} Lines are
            95% intervals; the front goes by the values alone, and the comparison says which of its differences are more than chance.
          </p>
        </>
      )}
    </div>
  )
}
