import { z } from 'zod'

/** What each class counts in a fit: all the same in sum, or by the value of the target as text. */
export const classWeightsSchema = z.union([z.literal('balanced'), z.record(z.string(), z.number().min(0).max(1_000_000))])
export type ClassWeights = z.infer<typeof classWeightsSchema>
