import type { MeasuredIntervals } from '../../conformal'
import type { Estimate } from '../estimate'
import { defineMetric, type MetricDefinition } from '../metric-definition'
import { heldEstimate, heldFigures, heldMetrics } from '../held'
import { speedMetrics, speedOf, type Latency } from '../speed'
import type { BinaryFigures, Fairness, GroupComparisons } from './evaluation'

/** Every metric that an evaluation of this task can report, in the order screens list them. */
export const binaryMetrics: readonly MetricDefinition[] = [
  defineMetric('auc', 'AUC', 'share', 'higher', 'Chance that a random positive row scores above a random negative one (ROC area).'),
  defineMetric('auc_lower', 'AUC, lower bound', 'share', 'higher', 'Lower end of the 95% interval of the AUC.'),
  defineMetric('average_precision', 'Average precision', 'share', 'higher', 'Area under the precision-recall steps.'),
  defineMetric('log_loss', 'Log loss', 'nats', 'lower', 'Mean negative log-likelihood of the outcomes.'),
  defineMetric(
    'log_loss_baseline',
    'Log loss, base rate',
    'nats',
    'lower',
    'Mean negative log-likelihood of stating the base rate for every row.'
  ),
  defineMetric(
    'log_loss_skill',
    'Log loss skill',
    'share',
    'higher',
    'Share of the log loss of the base rate that the model saves; at zero or below it has no skill.'
  ),
  defineMetric('brier', 'Brier score', 'none', 'lower', 'Mean squared difference of probability and outcome.'),
  defineMetric(
    'brier_skill',
    'Brier skill',
    'share',
    'higher',
    'One minus the Brier score over that of always stating the base rate: 0 is no skill, 1 is perfect.'
  ),
  defineMetric('brier_skill_lower', 'Brier skill, lower bound', 'share', 'higher', 'Lower end of the 95% interval of the Brier skill.'),
  defineMetric(
    'calibration_debiased',
    'Debiased calibration error',
    'share',
    'lower',
    'How far probabilities are from observed shares (root mean square over bins of equal size), less what chance alone adds.'
  ),
  defineMetric(
    'calibration_debiased_lower',
    'Debiased calibration error, lower bound',
    'share',
    'lower',
    'Lower end of the 95% interval of the calibration error: what cannot be chance. 0 for a model that may well be calibrated.'
  ),
  defineMetric(
    'calibration_error',
    'Calibration error',
    'share',
    'lower',
    'Mean gap of predicted and observed share over ten bins of equal width. Chance makes it larger, more so with few rows, so it has no interval.'
  ),
  defineMetric('accuracy', 'Accuracy', 'share', 'higher', 'Share of rows classified rightly at the threshold.'),
  defineMetric('precision', 'Precision', 'share', 'higher', 'Share of selected rows that are positive.'),
  defineMetric('recall', 'Recall', 'share', 'higher', 'Share of positive rows that are selected.'),
  defineMetric('f1', 'F1', 'share', 'higher', 'Harmonic mean of precision and recall.'),
  defineMetric('specificity', 'Specificity', 'share', 'higher', 'Share of negative rows that are not selected.'),
  ...speedMetrics,
  ...heldMetrics,
  defineMetric('disparate_impact', 'Disparate impact', 'ratio', 'higher', 'Lowest over highest selection rate of the compared groups.'),
  defineMetric(
    'demographic_parity_difference',
    'Selection gap',
    'difference',
    'lower',
    'Largest difference of selection rates between groups.'
  ),
  defineMetric('equal_opportunity_difference', 'Recall gap', 'difference', 'lower', 'Largest difference of recall between groups.'),
  defineMetric(
    'equalised_odds_difference',
    'Odds gap',
    'difference',
    'lower',
    'Larger of the recall gap and the false-positive gap between groups.'
  )
]

/** An evaluation as far as its metrics go. */
interface Judged extends Pick<BinaryFigures, 'metrics' | 'baseline'> {
  intervals?: MeasuredIntervals
  latency: Latency
  trainingSeconds: number | null
  fairness: Fairness | null
}

/** The flat map that a run records: only metrics that have a value, keyed and ordered as in `binaryMetrics`. */
export function metricsOf(evaluation: Judged): Record<string, number> {
  const { metrics, fairness, baseline } = evaluation
  const flat: Record<string, number | null | undefined> = {
    ...Object.fromEntries(Object.entries(metrics).map(([key, estimate]) => [key, estimate?.value])),
    log_loss_baseline: baseline?.log_loss,
    log_loss_skill: baseline && baseline.gain.value / baseline.log_loss,
    auc_lower: metrics.auc.interval?.lower,
    brier_skill_lower: metrics.brier_skill?.interval?.lower,
    calibration_debiased_lower: metrics.calibration_debiased?.interval?.lower,
    ...speedOf(evaluation),
    ...heldFigures(evaluation),
    ...(fairness && Object.fromEntries(gaps.map(({ key, value }) => [key, value(fairness)])))
  }
  const known = binaryMetrics.map((metric) => metric.key).filter((key) => typeof flat[key] === 'number' && Number.isFinite(flat[key]))
  return Object.fromEntries(known.map((key) => [key, flat[key] as number]))
}

/** The estimate behind a metric key with its interval; undefined for what is measured without one. */
export function estimateOf(
  { metrics, fairness, intervals }: Pick<Judged, 'metrics' | 'intervals'> & { fairness?: Fairness | null },
  key: string
): Estimate | undefined {
  const held = heldEstimate({ intervals }, key)
  if (held) return held
  const own = (metrics as Record<string, Estimate | undefined>)[key]
  const gap = gaps.find((each) => each.key === key)
  if (!gap || !fairness?.comparisons) return own
  const bounds = gap.bounds(fairness.comparisons)
  if (bounds.lower === null || bounds.upper === null) return { value: gap.value(fairness), interval: null }
  const interval = {
    lower: bounds.lower,
    upper: bounds.upper,
    level: fairness.comparisons.level,
    samples: 0,
    method: 'all groups at once'
  }
  return { value: gap.value(fairness), interval }
}

/** Metrics of groups: where their value and their bounds are. */
const gaps: { key: string; value: (fairness: Fairness) => number | null; bounds: (all: GroupComparisons) => Bounds }[] = [
  { key: 'disparate_impact', value: ({ disparateImpact }) => disparateImpact, bounds: ({ selectionRatio }) => selectionRatio },
  { key: 'demographic_parity_difference', value: (own) => own.demographicParityDifference, bounds: ({ selection }) => selection },
  { key: 'equal_opportunity_difference', value: (own) => own.equalOpportunityDifference, bounds: ({ truePositive }) => truePositive },
  { key: 'equalised_odds_difference', value: (own) => own.equalisedOddsDifference, bounds: ({ odds }) => odds }
]
type Bounds = GroupComparisons['odds']
