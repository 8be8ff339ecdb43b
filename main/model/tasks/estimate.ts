import { z } from 'zod'

export const count = z.int().min(0)
export const share = z.number().min(0).max(1)
/** A rate that has no value when nothing was counted. */
export const rate = share.nullable()

/**
 * The interval of a point estimate: percentile bootstrap, where `samples` is how many resamples had a value, unless `method` names another
 * way, which draws none.
 */
export const intervalSchema = z.object({
  lower: z.number(),
  upper: z.number(),
  level: share,
  samples: count,
  method: z.string().optional()
})
export type Interval = z.infer<typeof intervalSchema>
export const estimateSchema = z.object({ value: z.number().nullable(), interval: intervalSchema.nullable() })
export type Estimate = z.infer<typeof estimateSchema>

/** Ends of an interval, and those that may have no value: where nothing can be compared. */
export const endsSchema = z.object({ lower: z.number(), upper: z.number() })
export const boundsSchema = z.object({ lower: z.number().nullable(), upper: z.number().nullable() })
/** How much better than the baseline a model is; without ends for a single row. */
export const gainSchema = z.object({ value: z.number(), ...boundsSchema.shape })
/** Groups or blocks of time that intervals draw whole. */
export const clustersSchema = z.object({ by: z.enum(['group', 'time']), column: z.string(), count })
/** How the intervals that are drawn were drawn. */
export const bootstrapSchema = z.object({
  samples: count,
  level: share,
  method: z.literal('percentile'),
  /** Where the split kept groups or times apart, whole clusters of rows were drawn. */
  clusters: clustersSchema.optional()
})

/** What an interval rests on, in words. */
export const intervalBasis = ({ method, samples }: Interval): string =>
  method === undefined ? `${samples.toLocaleString('en-US')} bootstrap samples` : method
