import { LineChart as Curve } from 'lucide-react'
import { useMemo } from 'react'
import type { MetricPoint, StepRun } from '../../../main/model/pipeline-run'
import { numberInWords } from '../../../main/model/reported-number'
import { LineChart } from '../../charts'
import { useHostQuery } from '../../host'
import { EmptyState, ErrorState, KeyValueList, NumberText, Skeleton } from '../../ui'
import { useRun } from './run-store'

const NO_POINTS: readonly MetricPoint[] = []

/** Points by metric name, each in the order of its steps; a point that is both stored and watched counts once. */
export function groupPoints(stored: readonly MetricPoint[], watched: readonly MetricPoint[]): Map<string, MetricPoint[]> {
  const groups = new Map<string, Map<number, MetricPoint>>()
  for (const point of [...stored, ...watched]) {
    const group = groups.get(point.name) ?? new Map<number, MetricPoint>()
    group.set(point.step, point)
    groups.set(point.name, group)
  }
  return new Map([...groups].map(([name, points]) => [name, [...points.values()].sort((a, b) => a.step - b.step)]))
}

/** Which points of a curve have no place on it, such as `Not drawn: not a number at step 3, infinity at step 4, and 12 more.` */
export function describeGaps(points: readonly MetricPoint[]): string | null {
  const said = points.flatMap(({ value, step }) => {
    const words = numberInWords(value)
    return words === null ? [] : [`${words} at step ${step}`]
  })
  if (said.length === 0) return null
  return `Not drawn: ${said.slice(0, 3).join(', ')}${said.length > 3 ? `, and ${said.length - 3} more` : ''}.`
}

/** A curve for each metric with several points, and the figures that have one. */
export function MetricsTab({ runId, step }: { runId: string; step: StepRun }) {
  const stored = useHostQuery('pipelines.metrics', { runId, stepId: step.stepId })
  const watched = useRun((state) => state.points[step.stepId] ?? NO_POINTS)
  const groups = useMemo(() => [...groupPoints(stored.data ?? NO_POINTS, watched)], [stored.data, watched])
  const curves = useMemo(
    () =>
      groups
        .filter(([, points]) => points.length > 1)
        .map(([name, points]) => ({
          name,
          gaps: describeGaps(points),
          series: [{ key: name, label: name, points: points.map((point) => ({ x: point.step, y: point.value })) }]
        })),
    [groups]
  )
  const figures = groups.filter(([, points]) => points.length === 1)
  if (stored.error) return <ErrorState error={stored.error} onRetry={() => void stored.refetch()} />
  if (!stored.data) return <Skeleton lines={3} />
  if (groups.length === 0)
    return (
      <EmptyState
        icon={Curve}
        title="No metrics"
        text={step.state === 'running' ? 'This step has not reported a figure yet.' : 'This step reported no figures in this run.'}
      />
    )
  return (
    <div className="flex flex-col gap-4 p-3">
      {figures.length > 0 && (
        <KeyValueList
          labelWidth={180}
          className="grid grid-cols-[repeat(auto-fill,minmax(300px,1fr))] gap-x-6"
          items={figures.map(([name, [point]]) => ({
            label: <span className="font-mono">{name}</span>,
            value: numberInWords(point.value) ?? <NumberText value={point.value} />
          }))}
        />
      )}
      <div className="grid grid-cols-[repeat(auto-fill,minmax(340px,1fr))] gap-4">
        {curves.slice(0, 24).map((curve) => (
          <div key={curve.name} className="min-w-0">
            <LineChart title={curve.name} series={curve.series} xAxis="step" yAxis={curve.name} height={140} />
            {curve.gaps && <p className="text-caption text-muted">{curve.gaps}</p>}
          </div>
        ))}
      </div>
      {curves.length > 24 && <p className="text-caption text-muted">{`${curves.length - 24} more curves are under Experiments.`}</p>}
    </div>
  )
}
