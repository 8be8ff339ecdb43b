import type { BinaryEvaluation } from '../../../main/model/evaluation'
import type { Estimate } from '../../../main/model/tasks'
import { CalibrationChart, Histogram, LineChart } from '../../charts'
import { formatNumber, Panel } from '../../ui'
import { calibrationBins, precisionRecallSeries, rocSeries } from './evaluation-series'
import { GainPanels } from './gain-panels'
import { ThresholdPanel } from './threshold-panel'

/** How many of the judged rows had the event. */
export const outcomesText = ({ rows, target }: BinaryEvaluation): string =>
  `${formatNumber(rows.positives)} with ${target.name} = ${String(target.positive)}`

export const outcomesShort = ({ rows }: BinaryEvaluation): string => `${formatNumber(rows.positives)} positive`

/** A row of the training record: how many of the rows learned from had the event. */
export const trainingOutcomes = ({ positives, negatives }: { positives: number; negatives: number }) => ({
  label: 'Positive',
  value: `${formatNumber(positives)} of ${formatNumber(positives + negatives)}`
})

export const decisionText = ({ threshold }: BinaryEvaluation): string => `Decision threshold ${formatNumber(threshold, 2)}.`

/** How the intervals of the figures came about. */
export const intervalsText = ({ bootstrap, seed, metrics }: BinaryEvaluation): string =>
  metrics.auc.interval?.method === undefined
    ? `Intervals are ${bootstrap.method} bootstrap, ${formatNumber(bootstrap.samples)} samples, seed ${seed}.`
    : `Intervals of shares are Wilson, of the AUC ${metrics.auc.interval.method}, ${metrics.brier_skill?.interval?.method === undefined ? '' : 'of the Brier skill from its parts, '}of losses ${metrics.brier.interval?.method ?? `${bootstrap.method} bootstrap`}, of average precision ${bootstrap.method} bootstrap, ${formatNumber(bootstrap.samples)} samples, seed ${seed}.`

const withInterval = (name: string, { value, interval }: Estimate): string =>
  interval === null
    ? `${name} has no value`
    : `${name} ${formatNumber(value, 3)} (${formatNumber(interval.lower, 3)} to ${formatNumber(interval.upper, 3)})`

function calibrationText({ metrics, reliability }: BinaryEvaluation): string {
  const lines = 'Lines are 95% Wilson intervals of the observed share; dots grow with the number of rows.'
  if (!reliability || !metrics.calibration_debiased) return lines
  const off = `A calibrated model looks as far off in ${formatNumber(reliability.p * 100, 1)}% of evaluations.`
  return `${withInterval('Calibration error', metrics.calibration_debiased)}, chance taken off; ${withInterval('slope', reliability.slope)}, ${withInterval('intercept', reliability.intercept)}, where 1 and 0 are calibrated; 95% intervals. ${off} ${lines}`
}

/** Curves, calibration, scores and decisions of one run, as cells of a grid. */
export function EvaluationPanels({ run, evaluation }: { run: { id: string; name: string }; evaluation: BinaryEvaluation }) {
  const { rows, target } = evaluation
  return (
    <>
      <Panel>
        <LineChart
          title="ROC curve"
          series={[rocSeries(run, evaluation)]}
          xAxis="False positive rate"
          yAxis="Recall (true positive rate)"
          reference="diagonal"
          xRange={[0, 1]}
          yRange={[0, 1]}
          height={260}
          empty="The judged rows hold one class only, so there is no curve."
        />
      </Panel>
      <Panel>
        <LineChart
          title="Precision and recall"
          series={[precisionRecallSeries(run, evaluation)]}
          xAxis="Recall"
          yAxis="Precision"
          reference={rows.judged > 0 ? rows.positives / rows.judged : undefined}
          xRange={[0, 1]}
          yRange={[0, 1]}
          height={260}
          empty="The judged rows hold no positives, so there is no curve."
        />
        <p className="text-caption text-muted">The dashed line is the share of positives: what a model without any skill reaches.</p>
      </Panel>
      <Panel>
        <CalibrationChart title="Calibration" series={[{ key: run.id, label: run.name, bins: calibrationBins(evaluation) }]} height={280} />
        <p className="text-caption text-muted">{calibrationText(evaluation)}</p>
      </Panel>
      <Panel>
        <Histogram
          title="Scores by class"
          axis="Predicted probability"
          height={280}
          edges={[...evaluation.scores.map((bin) => bin.from), ...evaluation.scores.slice(-1).map((bin) => bin.to)]}
          series={[
            {
              key: 'class:positive',
              label: `${target.name} = ${String(target.positive)}`,
              counts: evaluation.scores.map((bin) => bin.positives)
            },
            { key: 'class:negative', label: 'other', counts: evaluation.scores.map((bin) => bin.negatives) }
          ]}
        />
      </Panel>
      <GainPanels run={run} evaluation={evaluation} />
      <ThresholdPanel evaluation={evaluation} />
    </>
  )
}
