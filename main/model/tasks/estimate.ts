import { z } from 'zod'

export const count = z.int().min(0)
export const share = z.number().min(0).max(1)
/** A rate that has no value when nothing was counted. */
export const rate = share.nullable()

/** A point estimate with its percentile bootstrap interval; `samples` is how many resamples had a value. */
export const intervalSchema = z.object({ lower: z.number(), upper: z.number(), level: share, samples: count })
export type Interval = z.infer<typeof intervalSchema>
export const estimateSchema = z.object({ value: z.number().nullable(), interval: intervalSchema.nullable() })
export type Estimate = z.infer<typeof estimateSchema>
