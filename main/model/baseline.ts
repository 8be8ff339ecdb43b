import { z } from 'zod'
import { columnPatchSchema } from './dataset-column'
import { targetValueSchema } from './tasks'
import { Identifier } from './pipeline'

/** What a first model is asked for: which column to predict, and which of its values is the event where that is not plain. */
export const baselineRequestSchema = z.object({
  dataset: z.string().min(1).max(300),
  target: z.string().min(1).max(500),
  event: targetValueSchema.optional(),
  name: Identifier
})
export type BaselineRequest = z.infer<typeof baselineRequestSchema>

/** The documents of a first model, of which nothing is saved yet. */
export const baselineSchema = z.object({
  name: Identifier,
  dataset: z.string(),
  target: z.string(),
  /** Null where it cannot be told; the pipeline then holds no event and its training refuses to run. */
  event: targetValueSchema.nullable(),
  /** Why the event cannot be told, with the next step. */
  doubt: z.string().nullable(),
  /** YAML of both. */
  pipeline: z.string(),
  policy: z.string(),
  /** Roles that the documents count on and that the dataset does not say yet. */
  columns: z.array(columnPatchSchema)
})
export type Baseline = z.infer<typeof baselineSchema>
