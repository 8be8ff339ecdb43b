import { z } from 'zod'

const cell = z.union([z.number(), z.string(), z.null()])

/** What may become of one column. */
export const columnRuleSchema = z.strictObject({
  /** The column keeps its value. */
  immutable: z.boolean().optional(),
  /** It may only rise, or only fall. */
  only: z.enum(['rising', 'falling']).optional(),
  /** Smallest and largest allowed value of a number. */
  min: z.number().optional(),
  max: z.number().optional(),
  /** Allowed texts. */
  values: z.array(z.string()).min(1).optional()
})
export type ColumnRule = z.infer<typeof columnRuleSchema>

/** What answer is wanted: an event at or above (below) a probability, a class as the most probable one, an amount within bounds. */
export const wantedAnswerSchema = z.strictObject({
  output: z.string().optional().describe('The class that is to become the most probable one.'),
  atLeast: z.number().optional(),
  below: z.number().optional()
})
export type WantedAnswer = z.infer<typeof wantedAnswerSchema>

/** What another answer is looked for by: which, and what may become of columns by their name. */
export const askedNearestSchema = z.object({
  wanted: wantedAnswerSchema.optional(),
  rules: z.record(z.string(), columnRuleSchema).default({})
})
export type AskedNearest = z.infer<typeof askedNearestSchema>

export const counterfactualSchema = z.object({
  /** What the exported file answers to the changed row, of the wanted output. */
  score: z.number(),
  /** Gower distance to the row: the mean over the columns of 0..1, numbers by the range of the training rows. */
  distance: z.number(),
  changes: z.array(z.object({ feature: z.string(), from: cell, to: cell })).min(1)
})

/** The nearest rows that would have got another answer. */
export const counterfactualsSchema = z.object({
  /** The row, from 1. */
  row: z.int().min(1),
  output: z.string(),
  score: z.number(),
  wanted: wantedAnswerSchema,
  /** Columns that had to keep their values. */
  immutable: z.array(z.string()),
  /** Nearest first: fewest changes, then by distance. */
  found: z.array(counterfactualSchema),
  /** Changed rows that the exported file was asked about. */
  asked: z.int(),
  /** In words: what would have to change, or that none was found and within what. */
  narrative: z.array(z.string())
})
export type Counterfactuals = z.infer<typeof counterfactualsSchema>
