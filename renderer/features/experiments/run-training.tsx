import { taskOf } from '../../../main/model/tasks'
import { panelsOf } from '../../tasks'
import { LineChart as LineIcon } from 'lucide-react'
import { useMemo } from 'react'
import type { RunDetail } from '../../../main/model/run'
import type { Evaluation } from '../../../main/model/evaluation'
import { describeHeldOut, type TrainedModel } from '../../../main/model/training'
import { BarChart, LineChart, type Bar } from '../../charts'
import { useHostQuery } from '../../host'
import { RunCoefficients } from './run-coefficients'
import {
  Button,
  EmptyState,
  ErrorState,
  formatCount,
  formatDuration,
  formatNumber,
  HashChip,
  KeyValueList,
  navigate,
  Panel,
  Skeleton,
  StatusIcon
} from '../../ui'

/** How the fit went: loss, importance of the features, rows, durations and the parity of the exported model. */
export function RunTraining({ run }: { run: RunDetail }) {
  const curves = useHostQuery('experiments.curves', { ids: [run.id] })
  const training = useHostQuery('experiments.training', { id: run.id })
  const series = useMemo(
    () =>
      (curves.data ?? []).map((curve) => ({
        key: run.id,
        label: curve.name === 'training_loss' ? 'Training' : curve.name === 'validation_loss' ? 'Validation' : curve.name,
        dashed: curve.name === 'validation_loss',
        points: curve.points.map((point) => ({ x: point.step, y: point.value }))
      })),
    [curves.data, run.id]
  )
  const error = training.error ?? curves.error
  if (error)
    return (
      <ErrorState
        error={error}
        onRetry={() => {
          void training.refetch()
          void curves.refetch()
        }}
      />
    )
  if (training.data === undefined || curves.data === undefined) return <Skeleton lines={8} />
  if (training.data === null)
    return (
      <EmptyState
        icon={LineIcon}
        title="No training record"
        text="Runs of the built-in trainers keep their loss history and importances. A script step records what it logs itself."
        action={<Button onClick={() => navigate('pipelines')}>Open the pipelines</Button>}
      />
    )
  const exact = curves.data.every((curve) => curve.exact)
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(min(440px,100%),1fr))] gap-3 p-4">
      <Panel>
        <LineChart
          title="Loss"
          direction="lower"
          series={series}
          xAxis={training.data.algorithm === 'gradient-boosting' ? 'Tree' : 'Iteration'}
          yAxis={panelsOf(training.data).lossAxis(training.data.target)}
          height={280}
          empty="No loss was recorded."
        />
        <p className="text-caption text-muted">
          {exact ? 'All points are drawn.' : 'Thinned to 1,000 points; the smallest and largest of each part are kept.'}
        </p>
      </Panel>
      <Importances run={run} training={training.data} />
      <Facts training={training.data} />
      {training.data.coefficients && training.data.coefficients.length > 0 && (
        <RunCoefficients coefficients={training.data.coefficients} target={training.data.target} />
      )}
    </div>
  )
}

function Importances({ run, training }: { run: RunDetail; training: TrainedModel }) {
  const evaluation = useHostQuery('experiments.evaluation', { id: run.id })
  const { bars, axis, measured } = importanceOf(training, evaluation.data ?? null)
  return (
    <Panel>
      <BarChart
        title="Importance of the features"
        category="Feature"
        axis={axis}
        bars={bars}
        decimals={4}
        height={320}
        empty="No importance was computed."
      />
      <p className="text-caption text-muted">{measured}</p>
    </Panel>
  )
}

/** The judged rows tell best what a column matters, then the validation rows; the gain of the fit says only what it used. */
function importanceOf(
  { task, importances, shuffled, rows }: TrainedModel,
  evaluation: Evaluation | null
): { bars: Bar[]; axis: string; measured: string } {
  const { axis } = taskOf({ task }).importance
  if (evaluation?.importance) {
    const { rows: count, repeats, columns } = evaluation.importance
    const bars = columns.map(({ feature, value, low, high }) => ({ label: feature, value, low, high }))
    return {
      bars,
      axis,
      measured: `Each shuffled ${repeats} times on ${formatCount(count, 'judged row')}; 95% intervals over rows and shuffles.`
    }
  }
  const isShuffled = importances.some(({ permutation }) => permutation !== null)
  const bars = importances
    .map(({ feature, gain, permutation, low, high }) => ({ label: feature, value: isShuffled ? (permutation ?? 0) : gain, low, high }))
    .sort((a, b) => b.value - a.value)
  if (!isShuffled)
    return {
      bars,
      axis: 'Share of the loss reduction',
      measured: 'Measured on the training rows: a column of many values looks more important than it is.'
    }
  if (shuffled)
    return {
      bars,
      axis,
      measured: `Each shuffled ${shuffled.repeats} times on ${formatCount(shuffled.rows, 'validation row')}; 95% intervals over rows and shuffles.`
    }
  return {
    bars,
    axis,
    measured: `Each shuffled once on at most 1,000 ${rows.validation > 0 ? 'validation rows' : 'training rows, where a column that was learned by heart looks important'}.`
  }
}

const stops: Record<TrainedModel['stopped'], string> = {
  finished: 'all rounds were done',
  'early-stopping': 'the validation loss no longer fell',
  converged: 'it converged',
  'no-further-gain': 'no split gained anything further'
}

function Facts({ training }: { training: TrainedModel }) {
  const { rows, durations, parity } = training
  return (
    <Panel title="Training record">
      <KeyValueList
        labelWidth={150}
        items={[
          { label: 'Rows', value: `${formatNumber(rows.training)} training, ${formatNumber(rows.validation)} validation` },
          training.heldOut && { label: 'Validation rows', value: describeHeldOut(training.heldOut) },
          training.baseline && { label: 'Without skill', value: panelsOf(training).againstBaseRate(training.baseline) },
          panelsOf(training).trainingOutcomes(rows),
          rows.withoutTarget > 0 && { label: 'Left out', value: `${formatNumber(rows.withoutTarget)} without a target` },
          { label: 'Features', value: formatNumber(training.features.length) },
          {
            label: 'Rounds',
            value: `${formatNumber(training.bestIteration)} kept of ${formatNumber(training.iterations)}; ${stops[training.stopped]}`
          },
          { label: 'Seed', value: String(training.seed), mono: true },
          {
            label: 'Duration',
            value: `${formatDuration(durations.total)} (read ${formatDuration(durations.read)}, fit ${formatDuration(durations.fit)})`
          },
          {
            label: 'Exported model',
            value: `differs by at most ${parity.maxDifference.toExponential(1)} over ${formatNumber(parity.rows)} rows`
          },
          { label: 'Model digest', value: <HashChip hash={training.modelDigest} /> }
        ]}
      />
      {training.warnings.map((warning) => (
        <p key={warning} className="mt-2 flex items-start gap-2">
          <StatusIcon status="warn" className="mt-1" /> {warning}
        </p>
      ))}
    </Panel>
  )
}
