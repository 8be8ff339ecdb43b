import { z } from 'zod'
import { reliabilitySchema } from '../binary/evaluation'
import { cardCalibrationBin } from '../binary/card'
import { targetValueSchema } from '../target-value'
import { classBaselineSchema, classFairnessSchema, classGapsSchema, classGroupSchema } from './evaluation'

const bound = z.object({ value: z.number().nullable(), low: z.number().optional(), high: z.number().optional() })

/** One class on the card, with 95 % intervals. */
export const cardClass = z.object({
  class: targetValueSchema,
  rows: z.number(),
  decided: z.number(),
  precision: bound,
  recall: bound,
  f1: bound,
  auc: bound,
  meanProbability: z.number(),
  observedRate: z.number(),
  /** Debiased calibration error of the class against all others, and how often a calibrated model looks as far off. */
  calibrationError: bound.extend({ p: z.number() }).nullable()
})
export type CardClass = z.infer<typeof cardClass>

/** The parts of a model card's evaluation that are this task's own, in the order of the document. */
export const multiclassCard = {
  counts: { classCounts: z.array(z.number().int()) },
  figures: {
    /** The model beside the class shares. */
    baseline: classBaselineSchema.optional(),
    classes: z.array(cardClass),
    /** Rows by class and by the class decided for. */
    confusionMatrix: z.array(z.array(z.number())),
    /** Confidence of decisions against how often they are right. */
    calibration: z.array(cardCalibrationBin),
    reliability: reliabilitySchema.omit({ bins: true }).optional()
  },
  fairness: z.object({
    column: z.string(),
    accuracyDifference: z.number().nullable(),
    demographicParityDifference: z.number().nullable(),
    equalOpportunityDifference: z.number().nullable(),
    equalisedOddsDifference: z.number().nullable(),
    comparisons: classFairnessSchema.shape.comparisons,
    classes: z.array(classGapsSchema),
    groups: z.array(classGroupSchema.omit({ truePositiveRate: true, falsePositiveRate: true, selectionRate: true, classCounts: true }))
  })
}
