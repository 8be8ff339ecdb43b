import { z } from 'zod'
import { gapSchema, groupVerdict, reliabilitySchema } from '../binary/evaluation'
import { bootstrapSchema, count, estimateSchema, gainSchema, rate, share } from '../estimate'
import { classCostsSchema } from '../../class-decision'
import { mostClasses } from '../../objective'
import { targetValueSchema } from '../target-value'

/** Fewest classes: two are a yes or no. */
export const fewestClasses = 3

/** The classes in the order of labels and probabilities: number, or place in the alphabet of code units. */
export const classesSchema = z.array(targetValueSchema).min(fewestClasses).max(mostClasses)

/** A sum of sample weights; without weights a number of rows. */
const weight = z.number().min(0)

/** One class against all others. */
export const classFiguresSchema = z.object({
  class: targetValueSchema,
  /** Rows of this class, and rows that were decided for it. */
  count,
  decided: count,
  precision: estimateSchema,
  recall: estimateSchema,
  f1: estimateSchema,
  auc: estimateSchema,
  /** Mean probability of the class over all judged rows, and the share that it has among them. */
  meanProbability: share,
  observedRate: share,
  /** Stated probabilities of this class against how often it came; null where no row or every row is of it. */
  calibration: z
    .object({
      bins: reliabilitySchema.shape.bins,
      /** Root mean square gap over bins of equal size, less what chance adds. */
      error: estimateSchema,
      /** How often a calibrated model looks as far off as this one, or farther. */
      p: share
    })
    .nullable()
})
export type ClassFigures = z.infer<typeof classFiguresSchema>

/** One group; lists have a value for each class, in the order of the classes. */
export const classGroupSchema = z.object({
  group: z.string(),
  count,
  accuracy: share,
  /** 95% Wilson interval of the accuracy. */
  accuracyLower: share,
  accuracyUpper: share,
  /** Rows of each class in the group. */
  classCounts: z.array(count),
  /** Share of the group decided for the class. */
  selectionRate: z.array(share),
  /** Share of the rows of the class that were decided for it (recall), and of all other rows that were. */
  truePositiveRate: z.array(rate),
  falsePositiveRate: z.array(rate),
  compared: z.boolean(),
  excludedBecause: z.string().nullable()
})
export type ClassGroup = z.infer<typeof classGroupSchema>

/** How far the groups are apart in one class: largest differences between compared groups, null where nothing can be compared. */
export const classGapsSchema = z.object({
  class: targetValueSchema,
  selection: z.number().nullable(),
  truePositive: z.number().nullable(),
  falsePositive: z.number().nullable(),
  comparisons: z.object({ selection: gapSchema, truePositive: gapSchema, falsePositive: gapSchema })
})
export type ClassGaps = z.infer<typeof classGapsSchema>

export const classFairnessSchema = z.object({
  column: z.string(),
  minimumGroupSize: count,
  minimumClassSize: count,
  groups: z.array(classGroupSchema),
  /** Groups that exist beyond the listed ones (the smallest are not listed one by one). */
  unlistedGroups: count,
  /** In the order of the classes. */
  classes: z.array(classGapsSchema),
  /** Largest difference of the accuracy, and over all classes of selection rate, recall, and recall or false positive rate. */
  accuracyDifference: z.number().nullable(),
  demographicParityDifference: z.number().nullable(),
  equalOpportunityDifference: z.number().nullable(),
  equalisedOddsDifference: z.number().nullable(),
  comparisons: z.object({
    /** Confidence with which the bounds of all groups, classes and questions hold at once. */
    level: share,
    tolerance: z.object({ gap: share }),
    /** Largest gaps of all classes; `p` counts the classes in. */
    accuracy: gapSchema,
    selection: gapSchema,
    truePositive: gapSchema,
    falsePositive: gapSchema,
    verdict: groupVerdict
  }),
  /** Why a comparison has no value. */
  notes: z.array(z.string())
})
export type ClassFairness = z.infer<typeof classFairnessSchema>

/** The model beside the class shares stated for every row; the gain is mean log loss saved, nats, over all judged rows. */
export const classBaselineSchema = z.object({
  /** Share of each class, in the order of the classes, and in which rows they were counted. */
  shares: z.array(share),
  of: z.enum(['training rows', 'judged rows']),
  log_loss: z.number(),
  /** Accuracy of always deciding for the most frequent class. */
  accuracy: share,
  /** 95% interval of the differences row by row; null for a single row. */
  gain: gainSchema,
  verdict: z.enum(['better', 'worse', 'cannot be told'])
})
export type ClassBaseline = z.infer<typeof classBaselineSchema>

/** The parts of an evaluation that are this task's own, in the order of the document. */
export const multiclassEvaluation = {
  target: z.object({ name: z.string(), classes: classesSchema }),
  /** Judged rows of each class, in the order of the classes. */
  counts: { classes: z.array(count) },
  figures: {
    metrics: z.object({
      log_loss: estimateSchema,
      /** Mean cost of the decisions; absent where these have none. */
      decision_cost: estimateSchema.optional(),
      accuracy: estimateSchema,
      balanced_accuracy: estimateSchema,
      precision_macro: estimateSchema,
      recall_macro: estimateSchema,
      f1_macro: estimateSchema,
      precision_weighted: estimateSchema,
      recall_weighted: estimateSchema,
      f1_weighted: estimateSchema,
      auc_ovr: estimateSchema,
      auc_ovr_weighted: estimateSchema,
      /** Null for three classes, of which the three likeliest are always all. */
      top_3_accuracy: estimateSchema,
      calibration_classwise: estimateSchema,
      calibration_confidence: estimateSchema
    }),
    baseline: classBaselineSchema.optional(),
    bootstrap: bootstrapSchema,
    /** What each decision costs, and the cost a row of deciding for the likeliest class instead; absent where that is what is done. */
    decision: z.object({ costs: classCostsSchema, likeliest: z.number() }).optional(),
    /** Rows by class (outer list) and by the class decided for. */
    confusion: z.array(z.array(count)),
    /** The same as sums of sample weights; absent where rows have none. */
    weightedConfusion: z.array(z.array(weight)).optional(),
    /** Rows without weights that would say as much as the weighted ones (Kish 1965); absent where rows have none. */
    effectiveRows: z.number().min(0).optional(),
    classes: z.array(classFiguresSchema),
    /** The probability of the class decided for, against how often the decision was right. */
    confidence: reliabilitySchema
  },
  fairness: classFairnessSchema
}

const figuresSchema = z.object(multiclassEvaluation.figures)
export type MulticlassFigures = z.infer<typeof figuresSchema>
export type MulticlassMetric = keyof MulticlassFigures['metrics']
