import { z } from 'zod'
import { baselineSchema, comparisonsSchema, reliabilitySchema } from './evaluation'

const point = z.tuple([z.number(), z.number()])

export const cardCalibrationBin = z.object({
  predicted: z.number(),
  observed: z.number(),
  low: z.number().optional(),
  high: z.number().optional(),
  count: z.number()
})

export const cardGroup = z.object({
  group: z.string(),
  rows: z.number(),
  /** Share of the group decided positive, 0 to 1. */
  selectionRate: z.number(),
  /** 95 % Wilson interval of the selection rate. */
  selectionLow: z.number().optional(),
  selectionHigh: z.number().optional(),
  truePositiveRate: z.number().nullable(),
  falsePositiveRate: z.number().nullable(),
  /** False for a group that is too small to take part in the comparison. */
  compared: z.boolean(),
  excludedBecause: z.string().optional()
})

/** The parts of a model card's evaluation that are this task's own, in the order of the document. */
export const binaryCard = {
  counts: { positives: z.number().int() },
  figures: {
    /** The model beside its base rate; cards of earlier versions lack it. */
    baseline: baselineSchema.optional(),
    confusion: z
      .object({
        threshold: z.number(),
        truePositive: z.number(),
        falsePositive: z.number(),
        trueNegative: z.number(),
        falseNegative: z.number(),
        /** Shares decided rightly of positive and of negative rows, by weight; absent where all rows count the same. */
        byWeight: z.object({ positive: z.number().nullable(), negative: z.number().nullable() }).optional()
      })
      .optional(),
    /** Points (false positive rate, true positive rate), ascending. */
    roc: z.array(point),
    calibration: z.array(cardCalibrationBin),
    /** Slope and intercept of a recalibration, and how often a calibrated model looks as far off; cards of earlier versions lack it. */
    reliability: reliabilitySchema.omit({ bins: true }).optional(),
    /** Test rows by score, split by the true class. */
    histogram: z.array(z.object({ from: z.number(), to: z.number(), negatives: z.number(), positives: z.number() }))
  },
  fairness: z.object({
    column: z.string(),
    disparateImpact: z.number().nullable(),
    tprDifference: z.number().nullable(),
    fprDifference: z.number().nullable(),
    comparisons: comparisonsSchema.optional(),
    groups: z.array(cardGroup)
  })
}
