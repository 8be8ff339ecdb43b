import { z } from 'zod'
import { modelVersionKey } from './commands/models'
import { askedModelSchema, backgroundSchema, explainedRowSchema, explainMethodSchema, explanationSpaceSchema } from './explanation'
import { RunId } from './reference'
import { featureKindSchema, signatureInputSchema } from './training'

/** Whose answers are asked about: the model of a run, or a registered version of it. */
export const explainedModelSchema = z.union([z.object({ run: RunId }), modelVersionKey])
export type ExplainedModel = z.infer<typeof explainedModelSchema>

/** A value of a row; null is missing, booleans are 0 and 1, points in time seconds since 1970 UTC. */
export const cellSchema = z.union([z.number(), z.string().max(100_000), z.null()])
export type Cell = z.infer<typeof cellSchema>

/** The values of one row by column; a column that is left out is missing. */
export const rowValuesSchema = z.record(z.string(), cellSchema)
export type RowValues = z.infer<typeof rowValuesSchema>

/** A column of the model as a person fills it in. */
const askedColumnSchema = z.object({
  name: z.string(),
  kind: featureKindSchema,
  unit: z.string().optional(),
  /** Smallest and largest value of the training. */
  range: signatureInputSchema.shape.range,
  /** Texts that the model tells apart. */
  texts: z.array(z.string()).optional(),
  /** The median, or the most frequent text, of the background rows. */
  usual: cellSchema
})
export type AskedColumn = z.infer<typeof askedColumnSchema>

/** A model that stands open to be asked about single rows. */
export const openPanelSchema = z.object({
  panel: z.uuid(),
  model: askedModelSchema.required(),
  target: z.string(),
  method: explainMethodSchema,
  space: explanationSpaceSchema,
  /** Answers are corrected after the margin that contributions add up to. */
  calibrated: z.literal(true).optional(),
  /** Why the file is explained as a black box, where it is. */
  blackBox: z.string().nullable(),
  background: backgroundSchema,
  /** Rows of the workspace to begin from; null where none are known. */
  rows: z
    .object({
      count: z.int().min(1),
      split: z.string(),
      /** All columns of the table: first those that the model does not read, such as the number of a case. */
      columns: z.array(z.string())
    })
    .nullable(),
  outputs: z.array(z.string()).min(1),
  /** From which score on the model decides for the event; null where it decides nothing so. */
  decidesFrom: z.number().nullable(),
  /** Of several classes it is decided for the one of least expected cost, which need not be the likeliest. */
  byCosts: z.literal(true).optional(),
  columns: z.array(askedColumnSchema).min(1)
})
export type OpenPanel = z.infer<typeof openPanelSchema>

/** What the model answers to one row, and why. */
export const panelAnswerSchema = z.object({
  told: explainedRowSchema,
  /** The answer for each outcome. */
  scores: z.array(z.object({ name: z.string(), score: z.number() })).min(1),
  /** What lies around the answer with the share that the signature promises; null where it promises none. */
  around: z
    .union([
      z.object({ coverage: z.number(), lower: z.number().nullable(), upper: z.number().nullable() }),
      z.object({ coverage: z.number(), set: z.array(z.string()) })
    ])
    .nullable(),
  /** Values that training did not know, in words. */
  notes: z.array(z.string())
})
export type PanelAnswer = z.infer<typeof panelAnswerSchema>

/** Which rows of the table are looked for: those with a value in a column, or the first by an order of the answers. */
export const findRowsSchema = z.discriminatedUnion('by', [
  z.object({ by: z.literal('value'), column: z.string(), value: z.string().min(1).max(10_000) }),
  /** By the answer; of several classes by the probability of the likeliest. */
  z.object({ by: z.enum(['highest', 'lowest']) }),
  /** The largest loss first, of rows whose outcome is known. */
  z.object({ by: z.literal('surprising') })
])
export type FindRows = z.infer<typeof findRowsSchema>

const foundRowSchema = z.object({
  row: z.int().min(1),
  /** The answer to it: of several classes the likeliest. */
  output: z.string(),
  score: z.number(),
  /** What happened, as a text of all its digits; absent where the table does not tell, null where it is missing. */
  outcome: z.string().nullable().optional(),
  /** The value that was looked for, as such a text. */
  value: z.string().nullable().optional()
})
export type FoundRow = z.infer<typeof foundRowSchema>

/** The first of the found rows, in the order that was asked for. */
export const foundRowsSchema = z.object({
  rows: z.array(foundRowSchema),
  /** How many there are in all. */
  matches: z.int(),
  /** Among so many rows; of a very long table an even share of it. */
  looked: z.int(),
  /** What surprise is measured by. */
  measure: z.string().optional()
})
export type FoundRows = z.infer<typeof foundRowsSchema>
