import type { MeasuredIntervals } from '../../conformal'
import type { Estimate } from '../estimate'
import { defineMetric, type MetricDefinition } from '../metric-definition'
import { heldEstimate, heldFigures, heldMetrics } from '../held'
import { speedMetrics, speedOf, type Latency } from '../speed'
import type { ClassFairness, MulticlassFigures, MulticlassMetric } from './evaluation'

/** Ends of intervals that rules may name: by key of the metric and which end. */
const ends: readonly (readonly [MulticlassMetric, 'lower' | 'upper'])[] = [
  ['log_loss', 'upper'],
  ['decision_cost', 'upper'],
  ['accuracy', 'lower'],
  ['balanced_accuracy', 'lower'],
  ['f1_macro', 'lower'],
  ['auc_ovr', 'lower'],
  ['calibration_confidence', 'lower']
]

/** Metrics that only repeat the bound of another, for rules to name. */
export const multiclassBounds: readonly string[] = ends.map(([key, end]) => `${key}_${end}`)

const shares: readonly MetricDefinition[] = [
  defineMetric('log_loss', 'Log loss', 'nats', 'lower', 'Mean negative log-likelihood of the outcomes.'),
  defineMetric(
    'log_loss_baseline',
    'Log loss, base rate',
    'nats',
    'lower',
    'Mean negative log-likelihood of stating the base rate of each outcome for every row.'
  ),
  defineMetric(
    'log_loss_skill',
    'Log loss skill',
    'share',
    'higher',
    'Share of the log loss of the base rate that the model saves; at zero or below it has no skill.'
  ),
  defineMetric('decision_cost', 'Decision cost', 'costs', 'lower', 'Mean cost of a decision, by the costs that the model decides by.'),
  defineMetric('accuracy', 'Accuracy', 'share', 'higher', 'Share of rows decided rightly.'),
  defineMetric(
    'accuracy_baseline',
    'Accuracy, most frequent class',
    'share',
    'higher',
    'Share of rows that always deciding for the most frequent class gets right.'
  ),
  defineMetric('balanced_accuracy', 'Balanced accuracy', 'share', 'higher', 'Mean recall of the classes, each counting the same.'),
  defineMetric('precision_macro', 'Precision, macro', 'share', 'higher', 'Mean precision of the classes, each counting the same.'),
  defineMetric('recall_macro', 'Recall, macro', 'share', 'higher', 'Mean recall of the classes, each counting the same.'),
  defineMetric('f1_macro', 'F1, macro', 'share', 'higher', 'Mean F1 of the classes, each counting the same.'),
  defineMetric('precision_weighted', 'Precision, weighted', 'share', 'higher', 'Mean precision of the classes, each counting by its rows.'),
  defineMetric('recall_weighted', 'Recall, weighted', 'share', 'higher', 'Mean recall of the classes, each counting by its rows.'),
  defineMetric('f1_weighted', 'F1, weighted', 'share', 'higher', 'Mean F1 of the classes, each counting by its rows.'),
  defineMetric(
    'auc_ovr',
    'AUC, one against the rest',
    'share',
    'higher',
    'Chance that a row of a class has a higher probability of it than another row, mean over the classes.'
  ),
  defineMetric(
    'auc_ovr_weighted',
    'AUC, one against the rest, weighted',
    'share',
    'higher',
    'The same mean, each class counting by its rows.'
  ),
  defineMetric('top_3_accuracy', 'Accuracy, top 3', 'share', 'higher', 'Share of rows whose class is among the three likeliest.'),
  defineMetric(
    'calibration_classwise',
    'Calibration error, by class',
    'share',
    'lower',
    'Mean over the classes of the gap of predicted and observed share in ten bins of equal width. Chance makes it larger, so it has no interval.'
  ),
  defineMetric(
    'calibration_confidence',
    'Calibration of decisions',
    'share',
    'lower',
    'How far the probability of the class decided for is from how often that is right, less what chance alone adds.'
  )
]

const boundMetrics = ends.map(([key, end]) => {
  const { label, unit, direction } = shares.find((metric) => metric.key === key)!
  const [title, words] = end === 'lower' ? ['lower bound', 'Lower end'] : ['upper bound', 'Upper end']
  return defineMetric(`${key}_${end}`, `${label}, ${title}`, unit, direction, `${words} of the 95% interval of: ${label}.`)
})

/** Every metric that an evaluation of this task can report, in the order screens list them. */
export const multiclassMetrics: readonly MetricDefinition[] = [
  ...shares.flatMap((metric) => [
    metric,
    ...boundMetrics.filter(({ key }) => ends.some(([of, end]) => of === metric.key && key === `${of}_${end}`))
  ]),
  ...speedMetrics,
  ...heldMetrics,
  defineMetric('accuracy_difference', 'Accuracy gap', 'difference', 'lower', 'Largest difference of accuracy between groups.'),
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
interface Judged extends Pick<MulticlassFigures, 'metrics' | 'baseline'> {
  intervals?: MeasuredIntervals
  latency: Latency
  trainingSeconds: number | null
  fairness: ClassFairness | null
}

/** The flat map that a run records: only metrics that have a value, keyed and ordered as in `multiclassMetrics`. */
export function metricsOf(evaluation: Judged): Record<string, number> {
  const { metrics, fairness, baseline } = evaluation
  const flat: Record<string, number | null | undefined> = {
    ...Object.fromEntries(Object.entries(metrics).map(([key, { value }]) => [key, value])),
    ...Object.fromEntries(ends.map(([key, end]) => [`${key}_${end}`, metrics[key]?.interval?.[end]])),
    log_loss_baseline: baseline?.log_loss,
    log_loss_skill: baseline && baseline.log_loss > 0 ? baseline.gain.value / baseline.log_loss : undefined,
    accuracy_baseline: baseline?.accuracy,
    ...speedOf(evaluation),
    ...heldFigures(evaluation),
    ...(fairness && Object.fromEntries(gaps.map(({ key, value }) => [key, value(fairness)])))
  }
  const known = multiclassMetrics.map((metric) => metric.key).filter((key) => typeof flat[key] === 'number' && Number.isFinite(flat[key]))
  return Object.fromEntries(known.map((key) => [key, flat[key] as number]))
}

/** The estimate behind a metric key with its interval; undefined for what is measured without one. */
export function estimateOf(
  { metrics, fairness, intervals }: Pick<Judged, 'metrics' | 'intervals'> & { fairness?: ClassFairness | null },
  key: string
): Estimate | undefined {
  const held = heldEstimate({ intervals }, key)
  if (held) return held
  const own = (metrics as Record<string, Estimate | undefined>)[key]
  const gap = gaps.find((each) => each.key === key)
  if (!gap || !fairness) return own
  const { lower, upper } = gap.bounds(fairness)
  const interval =
    lower === null || upper === null
      ? null
      : { lower, upper, level: fairness.comparisons.level, samples: 0, method: 'all groups and classes at once' }
  return { value: gap.value(fairness), interval }
}

interface Bounds {
  lower: number | null
  upper: number | null
}

const larger = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : Math.max(a, b))

/** Metrics of groups: where their value and their bounds are. */
const gaps: { key: string; value: (fairness: ClassFairness) => number | null; bounds: (fairness: ClassFairness) => Bounds }[] = [
  { key: 'accuracy_difference', value: (own) => own.accuracyDifference, bounds: ({ comparisons }) => comparisons.accuracy },
  {
    key: 'demographic_parity_difference',
    value: (own) => own.demographicParityDifference,
    bounds: ({ comparisons }) => comparisons.selection
  },
  {
    key: 'equal_opportunity_difference',
    value: (own) => own.equalOpportunityDifference,
    bounds: ({ comparisons }) => comparisons.truePositive
  },
  {
    key: 'equalised_odds_difference',
    value: (own) => own.equalisedOddsDifference,
    bounds: ({ comparisons: { truePositive: a, falsePositive: b } }) => ({
      lower: larger(a.lower, b.lower),
      upper: larger(a.upper, b.upper)
    })
  }
]
