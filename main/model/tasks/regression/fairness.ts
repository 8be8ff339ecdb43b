import { z } from 'zod'
import { boundsSchema, count, endsSchema, share } from '../estimate'

/** Figures of a group that have an interval. */
export const groupAmounts = ['rmse', 'mae', 'loss', 'meanError'] as const
export type GroupAmount = (typeof groupAmounts)[number]

/** One group of the fairness column. A group that is too small is listed and left out of the comparisons, with the reason. */
export const regressionGroupSchema = z.object({
  group: z.string(),
  count,
  rmse: z.number(),
  mae: z.number(),
  /** Mean loss of the objective. */
  loss: z.number().nullable(),
  /** Mean prediction minus mean outcome: above zero the model expects too much in this group. */
  meanError: z.number(),
  meanOutcome: z.number(),
  meanPrediction: z.number(),
  compared: z.boolean(),
  excludedBecause: z.string().nullable(),
  /** 95% intervals, each for itself; absent for a single row. */
  intervals: z.partialRecord(z.enum(groupAmounts), endsSchema)
})
export type RegressionGroup = z.infer<typeof regressionGroupSchema>

/** Bounds of the largest gap between groups, null where nothing can be compared, and what can be said by them. */
const gapSchema = z.object({
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  /** How often groups without any difference look as far apart, with their number and that of the gaps counted in. */
  p: share.nullable(),
  groups: count,
  /** Alike are groups whose gap is surely at most this, in the unit of the gap. */
  tolerance: z.number().min(0),
  verdict: z.enum(['differ', 'alike', 'cannot-tell'])
})
export type AmountGap = z.infer<typeof gapSchema>

export const comparisonsSchema = z.object({
  /** Confidence with which all of these bounds hold at once. */
  level: share,
  rmse: gapSchema,
  mae: gapSchema,
  meanError: gapSchema,
  /** Bounds of the loss of the worst group (bounded group loss). */
  worstLoss: boundsSchema,
  verdict: gapSchema.shape.verdict
})
export type AmountComparisons = z.infer<typeof comparisonsSchema>

/** How the groups of a column fare; each gap is the largest between two compared groups. */
export const regressionFairnessSchema = z.object({
  column: z.string(),
  minimumGroupSize: count,
  groups: z.array(regressionGroupSchema),
  /** Groups that exist beyond the listed ones (the smallest are not listed one by one). */
  unlistedGroups: count,
  /** Mean loss of the compared group that fares worst: bounded group loss asks it to stay below a limit (Agarwal, Dudik and Wu 2019). */
  worstGroupLoss: z.number().nullable(),
  worstGroup: z.string().nullable(),
  rmseDifference: z.number().nullable(),
  maeDifference: z.number().nullable(),
  meanErrorDifference: z.number().nullable(),
  /** Largest distance of the distribution of predictions in a group from that of all compared rows (statistical parity, Agarwal, Dudik and Wu 2019). */
  statisticalParityDistance: z.number().min(0).max(1).nullable(),
  comparisons: comparisonsSchema,
  /** Why a comparison has no value. */
  notes: z.array(z.string())
})
export type RegressionFairness = z.infer<typeof regressionFairnessSchema>
