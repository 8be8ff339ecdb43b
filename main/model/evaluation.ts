import { z } from 'zod'
import { targetValueSchema } from './training'

const count = z.int().min(0)
const share = z.number().min(0).max(1)
/** A rate that has no value when nothing was counted (no positives, no selected rows). */
const rate = share.nullable()

/** A point estimate with its percentile bootstrap interval; `samples` is how many resamples had a value. */
export const intervalSchema = z.object({ lower: z.number(), upper: z.number(), level: share, samples: count })
export type Interval = z.infer<typeof intervalSchema>
export const estimateSchema = z.object({ value: z.number().nullable(), interval: intervalSchema.nullable() })
export type Estimate = z.infer<typeof estimateSchema>

/** Probabilities from `from` (inclusive) to `to` (exclusive; 1 belongs to the last bin). */
export const calibrationBinSchema = z.object({
  from: share,
  to: share,
  count,
  /** Mean predicted probability; null for an empty bin. */
  predicted: rate,
  /** Share of positives; null for an empty bin. */
  observed: rate,
  /** 95% Wilson interval of the observed share. */
  lower: rate,
  upper: rate
})
export type CalibrationBin = z.infer<typeof calibrationBinSchema>

export const confusionSchema = z.object({ truePositive: count, falsePositive: count, trueNegative: count, falseNegative: count })
export type Confusion = z.infer<typeof confusionSchema>

export const rocPointSchema = z.object({ threshold: z.number().nullable(), falsePositiveRate: share, truePositiveRate: share })
export const precisionRecallPointSchema = z.object({ threshold: z.number().nullable(), recall: share, precision: share })
export const thresholdPointSchema = z.object({
  threshold: share,
  precision: rate,
  recall: rate,
  falsePositiveRate: rate,
  selectionRate: share,
  f1: rate,
  accuracy: share
})
export type ThresholdPoint = z.infer<typeof thresholdPointSchema>

export const scoreBinSchema = z.object({ from: share, to: share, positives: count, negatives: count })

/** One group of the fairness column. A group that is too small is listed and left out of the comparisons, with the reason. */
export const fairnessGroupSchema = z.object({
  group: z.string(),
  count,
  positives: count,
  selected: count,
  selectionRate: share,
  /** 95% Wilson interval of the selection rate. */
  selectionLower: share,
  selectionUpper: share,
  truePositiveRate: rate,
  falsePositiveRate: rate,
  precision: rate,
  accuracy: share,
  auc: rate,
  meanProbability: share,
  /** Share of positives in the group. */
  observedRate: share,
  /** Mean probability minus observed share: above zero the model expects too much in this group. */
  calibrationGap: z.number(),
  /** Selection rate over that of the most selected compared group; null when excluded. */
  selectionRatio: z.number().nullable(),
  compared: z.boolean(),
  excludedBecause: z.string().nullable()
})
export type FairnessGroup = z.infer<typeof fairnessGroupSchema>

export const fairnessSchema = z.object({
  column: z.string(),
  minimumGroupSize: count,
  minimumClassSize: count,
  groups: z.array(fairnessGroupSchema),
  /** Groups that exist beyond the listed ones (the smallest are not listed one by one). */
  unlistedGroups: count,
  /** Lowest over highest selection rate of the compared groups; null with fewer than two groups or when nobody is selected. */
  disparateImpact: z.number().nullable(),
  demographicParityDifference: z.number().nullable(),
  equalOpportunityDifference: z.number().nullable(),
  falsePositiveRateDifference: z.number().nullable(),
  equalisedOddsDifference: z.number().nullable(),
  /** Why a comparison has no value. */
  notes: z.array(z.string())
})
export type Fairness = z.infer<typeof fairnessSchema>

/** Seconds per call of one row, rows per second in batches, peak resident bytes of the scoring process. */
export const latencySchema = z.object({
  calls: count,
  p50: z.number(),
  p99: z.number(),
  mean: z.number(),
  batchRows: count,
  rowsPerSecond: z.number(),
  peakMemory: count
})
export type Latency = z.infer<typeof latencySchema>

/** The result of judging one model on one table; the document behind evidence/evaluation.json. */
export const evaluationSchema = z.object({
  schema: z.literal('drydock.evaluation'),
  version: z.literal(1),
  /** Name of the split that was judged: test, validation, training or another. */
  split: z.string(),
  target: z.object({ name: z.string(), positive: targetValueSchema }),
  createdAt: z.string(),
  seed: z.int(),
  rows: z.object({ read: count, withoutTarget: count, judged: count, positives: count, negatives: count }),
  /** Probability at and above which a row counts as positive. */
  threshold: share,
  metrics: z.object({
    auc: estimateSchema,
    average_precision: estimateSchema,
    log_loss: estimateSchema,
    brier: estimateSchema,
    calibration_error: estimateSchema,
    accuracy: estimateSchema,
    precision: estimateSchema,
    recall: estimateSchema,
    f1: estimateSchema,
    specificity: estimateSchema
  }),
  bootstrap: z.object({ samples: count, level: share, method: z.literal('percentile') }),
  confusion: confusionSchema,
  calibration: z.array(calibrationBinSchema),
  roc: z.array(rocPointSchema).max(500),
  precisionRecall: z.array(precisionRecallPointSchema).max(500),
  thresholds: z.array(thresholdPointSchema).max(200),
  scores: z.array(scoreBinSchema),
  latency: latencySchema,
  /** Seconds the fit took, when the caller knows. */
  trainingSeconds: z.number().nullable(),
  fairness: fairnessSchema.nullable(),
  /** In words, how each figure was measured; records made before it existed lack it. */
  methods: z.record(z.string(), z.string()).optional(),
  warnings: z.array(z.string())
})
export type Evaluation = z.infer<typeof evaluationSchema>
export type EstimatedMetric = keyof Evaluation['metrics']

export interface MetricDefinition {
  key: string
  label: string
  unit: 'share' | 'nats' | 'seconds' | 'bytes' | 'rows/s' | 'ratio' | 'difference' | 'none'
  direction: 'higher' | 'lower'
  description: string
}

const define = (
  key: string,
  label: string,
  unit: MetricDefinition['unit'],
  direction: MetricDefinition['direction'],
  description: string
): MetricDefinition => ({ key, label, unit, direction, description })

/** Every metric an evaluation can report, in the order screens list them. */
export const METRICS: readonly MetricDefinition[] = [
  define('auc', 'AUC', 'share', 'higher', 'Chance that a random positive row scores above a random negative one (ROC area).'),
  define('auc_lower', 'AUC, lower bound', 'share', 'higher', 'Lower end of the 95% bootstrap interval of the AUC.'),
  define('average_precision', 'Average precision', 'share', 'higher', 'Area under the precision-recall steps.'),
  define('log_loss', 'Log loss', 'nats', 'lower', 'Mean negative log-likelihood of the outcomes.'),
  define('brier', 'Brier score', 'none', 'lower', 'Mean squared difference of probability and outcome.'),
  define(
    'calibration_error',
    'Calibration error',
    'share',
    'lower',
    'Expected gap of predicted and observed share over ten equal-width bins.'
  ),
  define('accuracy', 'Accuracy', 'share', 'higher', 'Share of rows classified rightly at the threshold.'),
  define('precision', 'Precision', 'share', 'higher', 'Share of selected rows that are positive.'),
  define('recall', 'Recall', 'share', 'higher', 'Share of positive rows that are selected.'),
  define('f1', 'F1', 'share', 'higher', 'Harmonic mean of precision and recall.'),
  define('specificity', 'Specificity', 'share', 'higher', 'Share of negative rows that are not selected.'),
  define('latency_p50', 'Latency p50', 'seconds', 'lower', 'Median time to score one row.'),
  define('latency_p99', 'Latency p99', 'seconds', 'lower', '99th percentile of the time to score one row.'),
  define('throughput', 'Throughput', 'rows/s', 'higher', 'Rows scored per second in batches.'),
  define('peak_memory', 'Peak memory', 'bytes', 'lower', 'Largest resident size of the scoring process.'),
  define('train_seconds', 'Training time', 'seconds', 'lower', 'Time the fit took.'),
  define('train_memory', 'Training memory', 'bytes', 'lower', 'Largest resident size of the training step and its children.'),
  define('disparate_impact', 'Disparate impact', 'ratio', 'higher', 'Lowest over highest selection rate of the compared groups.'),
  define('demographic_parity_difference', 'Selection gap', 'difference', 'lower', 'Largest difference of selection rates between groups.'),
  define('equal_opportunity_difference', 'Recall gap', 'difference', 'lower', 'Largest difference of recall between groups.'),
  define(
    'equalised_odds_difference',
    'Odds gap',
    'difference',
    'lower',
    'Larger of the recall gap and the false-positive gap between groups.'
  )
]

/** The definition of a metric key, if the workbench knows it. */
export function metricDefinition(key: string): MetricDefinition | undefined {
  return METRICS.find((metric) => metric.key === key)
}

/** The flat map that a run records: only metrics that have a value, keyed as in METRICS. */
export function metricsOf(evaluation: Evaluation): Record<string, number> {
  const { metrics, latency, fairness } = evaluation
  const flat: Record<string, number | null | undefined> = {}
  for (const [key, estimate] of Object.entries(metrics)) flat[key] = estimate.value
  flat.auc_lower = metrics.auc.interval?.lower
  flat.latency_p50 = latency.p50
  flat.latency_p99 = latency.p99
  flat.throughput = latency.rowsPerSecond
  flat.peak_memory = latency.peakMemory
  flat.train_seconds = evaluation.trainingSeconds
  flat.disparate_impact = fairness?.disparateImpact
  flat.demographic_parity_difference = fairness?.demographicParityDifference
  flat.equal_opportunity_difference = fairness?.equalOpportunityDifference
  flat.equalised_odds_difference = fairness?.equalisedOddsDifference
  const known = METRICS.map((metric) => metric.key).filter((key) => typeof flat[key] === 'number' && Number.isFinite(flat[key]))
  return Object.fromEntries(known.map((key) => [key, flat[key] as number]))
}
