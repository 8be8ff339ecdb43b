import type { MeasuredIntervals } from '../../conformal'
import type { Estimate } from '../estimate'
import { defineMetric, type MetricDefinition } from '../metric-definition'
import { heldEstimate, heldFigures, heldMetrics } from '../held'
import { speedMetrics, speedOf, type Latency } from '../speed'
import type { RegressionFigures } from './evaluation'
import type { AmountComparisons, RegressionFairness } from './fairness'

const inUnit = 'in the unit of the target'

/** Every metric that an evaluation of this task can report, in the order screens list them. */
export const regressionMetrics: readonly MetricDefinition[] = [
  defineMetric('rmse', 'RMSE', 'target', 'lower', `Root of the mean squared error, ${inUnit}.`),
  defineMetric('mae', 'MAE', 'target', 'lower', `Mean absolute error, ${inUnit}.`),
  defineMetric(
    'median_absolute_error',
    'Median absolute error',
    'target',
    'lower',
    `Half of the rows are off by less than this, ${inUnit}.`
  ),
  defineMetric(
    'r2',
    'R\u00b2',
    'share',
    'higher',
    'Share of the spread of the outcomes that the model explains: 0 is their mean, 1 is perfect.'
  ),
  defineMetric('r2_lower', 'R\u00b2, lower bound', 'share', 'higher', 'Lower end of the 95% interval of R\u00b2.'),
  defineMetric('deviance', 'Deviance', 'loss', 'lower', 'Mean unit deviance of the objective: squared error, Poisson or gamma.'),
  defineMetric(
    'd2',
    'Explained loss',
    'share',
    'higher',
    'Share of the loss of the best constant that the model saves (D\u00b2): 0 is no skill, 1 is perfect.'
  ),
  defineMetric('pinball', 'Pinball loss', 'target', 'lower', `Mean loss of a stated quantile, ${inUnit}.`),
  defineMetric(
    'coverage',
    'Coverage',
    'share',
    'higher',
    'Share of the outcomes at or below the stated quantile; right is the quantile itself, more is too high.'
  ),
  defineMetric('loss_baseline', 'Loss, constant', 'loss', 'lower', 'Loss of the objective of stating one amount for every row.'),
  defineMetric(
    'loss_skill',
    'Loss skill',
    'share',
    'higher',
    'Share of the loss of the constant of the training rows that the model saves; at zero or below it has no skill.'
  ),
  ...speedMetrics,
  ...heldMetrics,
  defineMetric('worst_group_loss', 'Worst group loss', 'loss', 'lower', 'Mean loss of the compared group that fares worst.'),
  defineMetric('rmse_difference', 'RMSE gap', 'target', 'lower', 'Largest difference of RMSE between groups.'),
  defineMetric('mae_difference', 'MAE gap', 'target', 'lower', 'Largest difference of MAE between groups.'),
  defineMetric(
    'mean_error_difference',
    'Mean error gap',
    'target',
    'lower',
    'Largest difference between groups of the mean of prediction minus outcome.'
  ),
  defineMetric(
    'statistical_parity_distance',
    'Parity distance',
    'difference',
    'lower',
    'How far the predictions of a group are distributed from those of all compared groups, at most 1.'
  )
]

/** An evaluation as far as its metrics go. */
interface Judged extends Pick<RegressionFigures, 'metrics' | 'baseline'> {
  intervals?: MeasuredIntervals
  latency: Latency
  trainingSeconds: number | null
  fairness: RegressionFairness | null
}

/** The flat map that a run records: only metrics that have a value, keyed and ordered as in `regressionMetrics`. */
export function metricsOf(evaluation: Judged): Record<string, number> {
  const { metrics, fairness, baseline } = evaluation
  const flat: Record<string, number | null | undefined> = {
    ...Object.fromEntries(Object.entries(metrics).map(([key, estimate]) => [key, estimate?.value])),
    r2_lower: metrics.r2.interval?.lower,
    loss_baseline: baseline?.loss,
    loss_skill: baseline && baseline.gain.value / baseline.loss,
    ...speedOf(evaluation),
    ...heldFigures(evaluation),
    ...(fairness && Object.fromEntries(gaps.map(({ key, value }) => [key, value(fairness)])))
  }
  const known = regressionMetrics.map((metric) => metric.key).filter((key) => typeof flat[key] === 'number' && Number.isFinite(flat[key]))
  return Object.fromEntries(known.map((key) => [key, flat[key] as number]))
}

/** The estimate behind a metric key with its interval; undefined for what is measured without one. */
export function estimateOf(
  { metrics, fairness, intervals }: Pick<Judged, 'metrics' | 'intervals'> & { fairness?: RegressionFairness | null },
  key: string
): Estimate | undefined {
  const held = heldEstimate({ intervals }, key)
  if (held) return held
  const own = (metrics as Record<string, Estimate | undefined>)[key]
  const gap = gaps.find((each) => each.key === key)
  if (!gap || !fairness) return own
  const bounds = gap.bounds?.(fairness.comparisons)
  if (!bounds || bounds.lower === null || bounds.upper === null) return { value: gap.value(fairness), interval: null }
  const { level } = fairness.comparisons
  return {
    value: gap.value(fairness),
    interval: { lower: bounds.lower, upper: bounds.upper, level, samples: 0, method: 'all groups at once' }
  }
}

type Bounds = AmountComparisons['worstLoss']

/** Metrics of groups: where their value and their bounds are. */
const gaps: { key: string; value: (fairness: RegressionFairness) => number | null; bounds?: (all: AmountComparisons) => Bounds }[] = [
  { key: 'worst_group_loss', value: ({ worstGroupLoss }) => worstGroupLoss, bounds: ({ worstLoss }) => worstLoss },
  { key: 'rmse_difference', value: ({ rmseDifference }) => rmseDifference, bounds: ({ rmse }) => rmse },
  { key: 'mae_difference', value: ({ maeDifference }) => maeDifference, bounds: ({ mae }) => mae },
  { key: 'mean_error_difference', value: ({ meanErrorDifference }) => meanErrorDifference, bounds: ({ meanError }) => meanError },
  { key: 'statistical_parity_distance', value: ({ statisticalParityDistance }) => statisticalParityDistance }
]
