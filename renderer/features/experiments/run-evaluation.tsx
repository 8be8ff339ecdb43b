import type { UseQueryResult } from '@tanstack/react-query'
import { BarChart3 } from 'lucide-react'
import type { Evaluation } from '../../../main/model/evaluation'
import { judgedSplit } from '../../../main/model/evidence'
import { METRICS, usualTask } from '../../../main/model/tasks'
import type { RunDetail } from '../../../main/model/run'
import { formatInterval, formatMetric, IndependenceNote, metricFormat, unitOf } from '../../evidence'
import { panelsOf } from '../../tasks'
import { Badge, Button, EmptyState, ErrorState, formatCount, formatNumber, navigate, Panel, Skeleton, Stat, StatusIcon } from '../../ui'

/** How well the model did on the rows it had not seen. */
export function RunEvaluation({ run, query }: { run: RunDetail; query: UseQueryResult<Evaluation | null> }) {
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  if (query.isPending) return <Skeleton lines={8} />
  if (query.data === null)
    return (
      <EmptyState
        icon={BarChart3}
        title="This run was not evaluated"
        text="An evaluate step after the training step judges the model on rows that it has not seen, with intervals, calibration and groups."
        action={<Button onClick={() => navigate('pipelines')}>Open the pipelines</Button>}
      />
    )
  return <Judged run={run} evaluation={query.data} />
}

function Judged({ run, evaluation }: { run: RunDetail; evaluation: Evaluation }) {
  const { rows } = evaluation
  const own = panelsOf(evaluation)
  return (
    <div className="flex flex-col gap-3 p-4">
      <IndependenceNote evaluation={evaluation} />
      {evaluation.warnings.map((warning) => (
        <p key={warning} className="flex items-start gap-2 rounded-md bg-warn-soft p-2">
          <StatusIcon status="warn" className="mt-1" /> {warning}
        </p>
      ))}
      <MetricStats run={run} />
      <p className="text-caption text-muted">
        {formatCount(rows.judged, 'row')} of the {judgedSplit(evaluation)} judged, {own.outcomes(evaluation)}
        {rows.withoutTarget > 0 && `; ${formatCount(rows.withoutTarget, 'row')} without a target left out`}. {own.intervals(evaluation)}{' '}
        {own.decision(evaluation)}
      </p>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(min(420px,100%),1fr))] gap-3">
        <own.EvaluationPanels run={run} evaluation={evaluation} />
        <LatencyPanel evaluation={evaluation} />
      </div>
      <own.GroupsPanel evaluation={evaluation} />
    </div>
  )
}

function MetricStats({ run }: { run: RunDetail }) {
  const known = METRICS.filter(
    (metric) => run.metrics[metric.key] && !/^(latency|throughput|peak_memory)/.test(metric.key) && !usualTask.bounds.includes(metric.key)
  )
  const own = Object.keys(run.metrics).filter((key) => !METRICS.some((metric) => metric.key === key))
  return (
    <div className="grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] gap-3 rounded-md border p-3">
      {[...known.map((metric) => metric.key), ...own].map((key) => {
        const format = metricFormat(key)
        const metric = run.metrics[key]
        const interval = formatInterval(format, metric)
        return (
          <Stat
            key={key}
            label={format.label}
            value={formatMetric(format, metric.value)}
            unit={unitOf(format, metric.value)}
            hint={interval ? `95% CI ${interval}` : undefined}
            explain={format.description && `${format.description} ${format.direction === 'higher' ? 'Higher' : 'Lower'} is better.`}
          />
        )
      })}
    </div>
  )
}

function LatencyPanel({ evaluation }: { evaluation: Evaluation }) {
  const { latency, trainingSeconds } = evaluation
  const figure = (key: string, value: number | null, hint: string) => {
    const format = metricFormat(key)
    return (
      <Stat
        key={key}
        label={format.label}
        value={formatMetric(format, value)}
        unit={format.unit}
        hint={hint}
        explain={format.description}
      />
    )
  }
  return (
    <Panel title="Speed and memory" hint="measured on this machine with the exported model">
      <div className="grid grid-cols-2 gap-4">
        {figure('latency_p50', latency.p50, `${formatNumber(latency.calls)} calls of one row`)}
        {figure('latency_p99', latency.p99, `mean ${formatMetric(metricFormat('latency_p50'), latency.mean)} ms`)}
        {figure('throughput', latency.rowsPerSecond, `in batches of ${formatCount(latency.batchRows, 'row')}`)}
        {figure('peak_memory', latency.peakMemory, 'of the scoring process')}
        {trainingSeconds !== null && figure('train_seconds', trainingSeconds, 'to fit the model')}
      </div>
      <div className="mt-3">
        <Badge status="info">Compare these only between runs of the same machine</Badge>
      </div>
    </Panel>
  )
}
