import type { UseQueryResult } from '@tanstack/react-query'
import { BarChart3 } from 'lucide-react'
import type { Evaluation } from '../../../main/model/evaluation'
import { judgedSplit } from '../../../main/model/evidence'
import { isBound, keyMetrics } from '../../../main/model/tasks'
import type { RunDetail } from '../../../main/model/run'
import { Figures, formatMetric, IndependenceNote, KeyFigures, metricFormat, sortMetricKeys } from '../../evidence'
import { panelsOf } from '../../tasks'
import { SlicesPanel } from './slices-panel'
import { Badge, Button, EmptyState, ErrorState, formatCount, formatNumber, navigate, Panel, Skeleton, Stat, StatusIcon } from '../../ui'

/** How well the model did on the rows it had not seen. */
export function RunEvaluation({ query, ...about }: { run: RunDetail; primary: string; query: UseQueryResult<Evaluation | null> }) {
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
  return <Judged {...about} evaluation={query.data} />
}

function Judged({ run, primary, evaluation }: { run: RunDetail; primary: string; evaluation: Evaluation }) {
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
      <MetricStats run={run} primary={primary} />
      <p className="text-caption text-muted">
        {formatCount(rows.judged, 'row')} of the {judgedSplit(evaluation)} judged, {own.outcomes(evaluation)}
        {rows.withoutTarget > 0 && `; ${formatCount(rows.withoutTarget, 'row')} without a target left out`}. {own.intervals(evaluation)}{' '}
        {own.decision(evaluation)}
      </p>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(min(420px,100%),1fr))] gap-3">
        <own.EvaluationPanels run={run} evaluation={evaluation} />
        {evaluation.slices && <SlicesPanel slices={evaluation.slices} />}
        <LatencyPanel evaluation={evaluation} />
      </div>
      <own.GroupsPanel evaluation={evaluation} />
    </div>
  )
}

/** Those that answer the question first; figures of speed that are not among these stand in a panel of their own. */
function MetricStats({ run, primary }: { run: RunDetail; primary: string }) {
  const first = keyMetrics(primary, run.metrics)
  const others = sortMetricKeys(Object.keys(run.metrics)).filter(
    (key) => !first.includes(key) && !/^(latency|throughput|peak_memory)/.test(key) && !isBound(key)
  )
  return (
    <div className="rounded-md border p-3">
      <KeyFigures metrics={run.metrics} primary={primary} label={formatCount(others.length, 'more figure')}>
        {others.length > 0 && <Figures metrics={run.metrics} keys={others} />}
      </KeyFigures>
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
