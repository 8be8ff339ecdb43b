import { z } from 'zod'

/** Smallest and largest value of a column. */
export const valueRangeSchema = z.object({ min: z.number(), max: z.number() })
