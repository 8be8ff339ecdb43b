import { z } from 'zod'
import { regressionBaselineSchema, regressionEvaluation, regressionReliabilitySchema } from './evaluation'
import { comparisonsSchema } from './fairness'

const { figures, counts, target } = regressionEvaluation

export const amountCardGroup = z.object({
  group: z.string(),
  rows: z.number(),
  rmse: z.number(),
  mae: z.number(),
  maeLow: z.number().optional(),
  maeHigh: z.number().optional(),
  meanError: z.number(),
  meanErrorLow: z.number().optional(),
  meanErrorHigh: z.number().optional(),
  /** False for a group that is too small to take part in the comparison. */
  compared: z.boolean(),
  excludedBecause: z.string().optional()
})

/** The parts of a model card's evaluation that are this task's own, in the order of the document. */
export const regressionCard = {
  counts: { outcomes: z.object(counts), aim: target.omit({ name: true }) },
  figures: {
    /** The model beside a constant. */
    baseline: regressionBaselineSchema.optional(),
    calibration: figures.calibration,
    reliability: regressionReliabilitySchema,
    residuals: figures.residuals,
    errors: figures.errors,
    amounts: figures.amounts
  },
  fairness: z.object({
    column: z.string(),
    rmseDifference: z.number().nullable(),
    maeDifference: z.number().nullable(),
    meanErrorDifference: z.number().nullable(),
    worstGroupLoss: z.number().nullable(),
    statisticalParityDistance: z.number().nullable(),
    comparisons: comparisonsSchema,
    groups: z.array(amountCardGroup)
  })
}
