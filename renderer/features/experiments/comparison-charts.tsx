import { useQueries } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Evaluation } from '../../../main/model/evaluation'
import type { ComparedMetric, ComparedPair, RunComparison } from '../../../main/model/run'
import { pairMethods, taskNameOf, taskNames, taskOfMetrics } from '../../../main/model/tasks'
import { ForestPlot, LineChart } from '../../charts'
import { metricFormat, metricTitle, placedMetric, scaledMetric, sortMetricKeys } from '../../evidence'
import { queryFor, useClient, useHostQuery, type HostOutput } from '../../host'
import { ErrorState, formatCount, MultiCombobox, Panel, Skeleton, Switch, useRememberedChoice } from '../../ui'
import { panelsOf, type JudgedRun } from '../../tasks'
import { distinctNames, openRun } from './addresses'

/** The same charts for all runs at once, each run in its own colour, and one forest plot per metric. */
export function ComparisonCharts({ comparison }: { comparison: RunComparison }) {
  const { runs } = comparison
  const client = useClient()
  const keys = sortMetricKeys(comparison.metrics.map((metric) => metric.key))
  const [chosen, setChosen] = useState<readonly string[] | null>(null)
  const metrics = chosen ?? taskOfMetrics(Object.fromEntries(keys.map((key) => [key, 1]))).headline.list.filter((key) => keys.includes(key))
  const [view, setView] = useRememberedChoice('experiments.compare.charts', ['values', 'differences'] as const, 'values')
  const results = useQueries({ queries: runs.map((run) => queryFor(client, 'experiments.evaluation', { id: run.id })) })
  const curves = useHostQuery('experiments.curves', { ids: runs.map((run) => run.id) })
  const names = useMemo(() => distinctNames(runs), [runs])
  const judged = runs.flatMap((run, index): JudgedRun<Evaluation>[] => {
    const evaluation = results[index].data as HostOutput<'experiments.evaluation'> | undefined
    return evaluation ? [{ run: { id: run.id, name: names.get(run.id) ?? run.name }, evaluation }] : []
  })
  const pending = results.some((result) => result.isPending) || curves.isPending
  const error = results.find((result) => result.error)?.error ?? curves.error
  if (error)
    return <ErrorState error={error} onRetry={() => void Promise.all([...results.map((result) => result.refetch()), curves.refetch()])} />
  if (pending) return <Skeleton lines={8} />
  const axes = new Set(judged.map(({ evaluation }) => panelsOf(evaluation).lossAxis(evaluation.target)))
  const lossAxis = axes.size === 1 ? [...axes][0] : 'Loss, of each model its own'
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
        <Switch
          label="Differences to the baseline"
          checked={view === 'differences'}
          onChange={(on) => setView(on ? 'differences' : 'values')}
        />
        {judged.length < runs.length && (
          <span className="text-caption text-muted">{formatCount(runs.length - judged.length, 'run')} without an evaluation</span>
        )}
      </div>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(min(440px,100%),1fr))] gap-3">
        {metrics.map((key) => (
          <Panel key={key}>
            <MetricPlot
              metricKey={key}
              compared={comparison.metrics.find((metric) => metric.key === key)}
              runs={runs}
              names={names}
              differences={view === 'differences'}
            />
          </Panel>
        ))}
        <JudgedAlike judged={judged} />
        <Panel>
          <LineChart
            title="Training loss"
            direction="lower"
            series={losses}
            xAxis="Tree or iteration"
            yAxis={lossAxis}
            height={300}
            empty="None of these runs recorded a loss."
          />
        </Panel>
      </div>
    </div>
  )
}

interface MetricPlotProps {
  metricKey: string
  compared: ComparedMetric | undefined
  runs: RunComparison['runs']
  names: ReadonlyMap<string, string>
  differences: boolean
}

/** One metric over all runs: its values with the baseline as a line, or its differences to the baseline around zero. */
function MetricPlot({ metricKey, compared, runs, names, differences }: MetricPlotProps) {
  const format = metricFormat(metricKey)
  const shared = { unit: format.unit, direction: format.direction, decimals: format.decimals, onSelect: openRun }
  const reference = compared?.comparable[0] ? compared.values[0] : null
  const label = (run: { id: string; name: string }) => names.get(run.id) ?? run.name
  if (differences) {
    const pairs = runs.slice(1).map((_, index) => compared?.pairs[index + 1] ?? null)
    return (
      <>
        <ForestPlot
          {...shared}
          title={`${format.label}, difference`}
          axis={`${metricTitle(format)}, difference to ${label(runs[0])}`}
          reference={0}
          interval={runs.length > 2 ? 'CI over all pairs' : '95% CI'}
          empty={
            reference ? 'No other run has this metric on the same test data.' : 'The baseline has no value of this metric to compare with.'
          }
          rows={pairs.map((pair, index) => {
            const run = runs[index + 1]
            const drawn = pair && pair.difference !== null ? scaledMetric(format, { ...pair, value: pair.difference }) : { value: null }
            return { key: run.id, label: label(run), isOpen: pair?.verdict === 'cannot-be-told', ...drawn }
          })}
        />
        <p className="text-caption text-muted">{methodText(pairs)}</p>
      </>
    )
  }
  const isForeign = (index: number) => Boolean(compared?.values[index]) && !compared?.comparable[index]
  return (
    <>
      <ForestPlot
        {...shared}
        title={format.label}
        axis={metricTitle(format)}
        reference={reference && Number.isFinite(reference.value) ? reference.value * format.factor : undefined}
        empty="None of these runs has this metric."
        rows={runs.map((run, index) => {
          const value = compared?.values[index]
          const name = `${isForeign(index) ? '\u2260 ' : ''}${label(run)}`
          return { key: run.id, label: name, ...placedMetric(format, value) }
        })}
      />
      {runs.some((_, index) => isForeign(index)) && (
        <p className="text-caption text-muted">{'\u2260'} judged on other test data, so not to be compared with the others.</p>
      )}
    </>
  )
}

/** How the differences of one metric were found, and what an open dot means. */
function methodText(pairs: readonly (ComparedPair | null)[]): string {
  const methods = new Set(
    pairs.flatMap((pair) =>
      pair && pair.method !== 'none'
        ? [`${pairMethods[pair.method]}${pair.rows === null ? '' : ` (${formatCount(pair.rows, 'row')})`}`]
        : []
    )
  )
  const open = pairs.some((pair) => pair?.verdict === 'cannot-be-told') ? ['Open dots cannot be told from the baseline.'] : []
  return [...open, ...[...methods].map((method) => `${method[0].toUpperCase()}${method.slice(1)}.`)].join(' ')
}

/** Curves of runs that answer one kind of question lie over each other; those of another kind have panels of their own. */
const JudgedAlike = ({ judged }: { judged: readonly JudgedRun<Evaluation>[] }) =>
  taskNames.map((name) => {
    const alike = judged.filter(({ evaluation }) => taskNameOf(evaluation.task) === name)
    if (alike.length === 0) return null
    const { ComparedPanels } = panelsOf(alike[0].evaluation)
    return <ComparedPanels key={name} judged={alike} />
  })
