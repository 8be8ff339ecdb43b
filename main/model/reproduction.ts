import { z } from 'zod'

/** One thing that is not as it was recorded. */
export const reproductionDifference = z.object({
  /** What differs: `model digest`, `metric auc`, `row scores`, `dataset strikes`. */
  what: z.string(),
  recorded: z.string().nullable(),
  fresh: z.string().nullable(),
  /** Where it differs first, or how far, in words. */
  detail: z.string().optional()
})
export type ReproductionDifference = z.infer<typeof reproductionDifference>

/** What came of doing a run again from its record. */
export const reproductionSchema = z.object({
  schema: z.literal('drydock.reproduction'),
  version: z.literal(1),
  /** The run that was done again, or what a bundle calls its model. */
  of: z.string(),
  /** Nothing differs, and the model is among what was compared. */
  same: z.boolean(),
  differences: z.array(reproductionDifference),
  /** What was compared, in words. */
  compared: z.array(z.string()),
  /** Metrics that are of the machine, time and memory, and so are not compared. */
  leftOut: z.array(z.string()),
  /** False where the data is another already, so that nothing was trained. */
  ran: z.boolean(),
  /** What of the environment is another than then; it may explain a difference, and is none itself. */
  environment: z.array(z.object({ key: z.string(), recorded: z.string().nullable(), fresh: z.string().nullable() })),
  seconds: z.number()
})
export type Reproduction = z.infer<typeof reproductionSchema>
