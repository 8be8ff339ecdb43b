import { z } from 'zod'
import { bootstrapSchema, boundsSchema, count, endsSchema, estimateSchema, gainSchema, rate, share } from '../estimate'
import { targetValueSchema } from '../target-value'

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

/** Bins of as many rows each as equal scores allow; `from` and `to` are the least and largest score inside. */
const quantileBinSchema = z.object({ from: share, to: share, count, predicted: share, observed: share, lower: share, upper: share })

/** How far probabilities can be taken at their word; evaluations of earlier versions lack it. */
export const reliabilitySchema = z.object({
  bins: z.array(quantileBinSchema),
  /** How often a calibrated model looks as far off as this one, or farther. */
  p: share,
  /** Logistic recalibration: a calibrated model has slope 1 and intercept 0 (log odds); below 1 is overconfident. */
  slope: estimateSchema,
  intercept: estimateSchema
})
export type Reliability = z.infer<typeof reliabilitySchema>

/** A sum of sample weights. */
const weight = z.number().min(0)

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

/** Up to a share of the rows, highest scores first: which share of the events they hold, and how many times the average the tenth has. */
const gainTenthSchema = z.object({
  share,
  gain: share,
  lift: z.number().min(0),
  /** 95% Wilson interval of the lift; null where rows count by weight. */
  lower: z.number().nullable(),
  upper: z.number().nullable()
})

/** Rates of a group that have an interval beside that of the selection rate. */
export const intervalRates = ['truePositiveRate', 'falsePositiveRate', 'precision', 'accuracy', 'auc', 'calibrationGap'] as const

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
  excludedBecause: z.string().nullable(),
  /** 95% intervals of the other rates, where they have a value; evaluations of earlier versions lack them. */
  intervals: z.partialRecord(z.enum(intervalRates), endsSchema).optional()
})
export type FairnessGroup = z.infer<typeof fairnessGroupSchema>

/** What can be said of groups: they differ, they are alike within the tolerance, or there are too few rows to tell. */
export const groupVerdict = z.enum(['differ', 'alike', 'cannot-tell'])
export type GroupVerdict = z.infer<typeof groupVerdict>

export const gapSchema = boundsSchema.extend({
  /** How often groups without any difference look as far apart, with their number and that of the gaps counted in. */
  p: share.nullable(),
  groups: count,
  verdict: groupVerdict
})
export type GroupGap = z.infer<typeof gapSchema>

export const comparisonsSchema = z.object({
  /** Confidence with which all of these bounds hold at once. */
  level: share,
  /** Alike are groups whose lowest ratio of selection rates is surely at least this, or whose gap is surely at most that. */
  tolerance: z.object({ ratio: share, gap: share }),
  selectionRatio: boundsSchema,
  selection: gapSchema,
  truePositive: gapSchema,
  falsePositive: gapSchema,
  odds: boundsSchema,
  verdict: groupVerdict
})
export type GroupComparisons = z.infer<typeof comparisonsSchema>

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
  /** What the gaps above can be told apart from; evaluations of earlier versions lack it. */
  comparisons: comparisonsSchema.optional(),
  /** Why a comparison has no value. */
  notes: z.array(z.string())
})
export type Fairness = z.infer<typeof fairnessSchema>

/** The model beside one probability for every row; the gain is mean log loss saved, nats, over all judged rows. */
export const baselineSchema = z.object({
  /** The share of positives that is stated for every row, and in which rows it was counted. */
  rate: share,
  of: z.enum(['training rows', 'judged rows']),
  log_loss: z.number(),
  brier: share,
  /** 95% interval of the differences row by row; null for a single row. */
  gain: gainSchema,
  verdict: z.enum(['better', 'worse', 'cannot be told'])
})

/** The parts of an evaluation that are this task's own, in the order of the document. */
export const binaryEvaluation = {
  target: z.object({ name: z.string(), positive: targetValueSchema }),
  counts: { positives: count, negatives: count },
  figures: {
    /** Probability at and above which a row counts as positive. */
    threshold: share,
    metrics: z.object({
      auc: estimateSchema,
      average_precision: estimateSchema,
      log_loss: estimateSchema,
      brier: estimateSchema,
      brier_skill: estimateSchema.optional(),
      calibration_error: estimateSchema,
      calibration_debiased: estimateSchema.optional(),
      accuracy: estimateSchema,
      precision: estimateSchema,
      recall: estimateSchema,
      f1: estimateSchema,
      specificity: estimateSchema
    }),
    /** Evaluations made before it was compared lack it. */
    baseline: baselineSchema.optional(),
    bootstrap: bootstrapSchema,
    confusion: confusionSchema,
    /** The same as sums of sample weights; absent where rows have none. */
    weightedConfusion: z.object({ truePositive: weight, falsePositive: weight, trueNegative: weight, falseNegative: weight }).optional(),
    /** Rows without weights that would say as much as the weighted ones (Kish 1965); absent where rows have none. */
    effectiveRows: weight.optional(),
    calibration: z.array(calibrationBinSchema),
    reliability: reliabilitySchema.optional(),
    /** Share of the pairs of a positive and a negative row with the same score, which count a half in the AUC. */
    tiedPairs: rate.optional(),
    roc: z.array(rocPointSchema).max(500),
    precisionRecall: z.array(precisionRecallPointSchema).max(500),
    thresholds: z.array(thresholdPointSchema).max(200),
    scores: z.array(scoreBinSchema),
    /** Tenths of the rows, highest scores first; evaluations made before it was counted lack it. */
    gains: z.array(gainTenthSchema).optional()
  },
  fairness: fairnessSchema
}

const figuresSchema = z.object(binaryEvaluation.figures)
export type BinaryFigures = z.infer<typeof figuresSchema>
export type EstimatedMetric = keyof BinaryFigures['metrics']
