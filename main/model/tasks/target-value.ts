import { z } from 'zod'

/** A value of a target column, as a parameter or a document names it. */
export const targetValueSchema = z.union([z.string(), z.number(), z.boolean()])
export type TargetValue = z.infer<typeof targetValueSchema>
