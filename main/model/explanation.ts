import { z } from 'zod'
import { SavedDocument } from './commands/documents'
import { counterfactualsSchema } from './counterfactual'
import { Sha256 } from './reference'

/** How contributions are found: by trees and sums of the exported file, or by what it answers. */
export const explainMethodSchema = z.enum(['interventional', 'path-dependent', 'kernel'])
export type UsedMethod = z.infer<typeof explainMethodSchema>

/** What contributions are counted in. */
export const explanationSpaceSchema = z.enum(['log-odds', 'class-score', 'log-amount', 'probability', 'amount'])
export type ExplanationSpace = z.infer<typeof explanationSpaceSchema>

export const spaceWords: Record<ExplanationSpace, string> = {
  'log-odds': 'log-odds',
  'class-score': 'score of the class before softmax',
  'log-amount': 'natural logarithm of the amount',
  probability: 'probability',
  amount: 'amount'
}

export const methodWords: Record<UsedMethod, string> = {
  interventional: 'TreeSHAP and exact sums of the ONNX file; a hidden column takes its values from the background rows',
  'path-dependent': 'path-dependent TreeSHAP of the ONNX file; a hidden column goes the way that the background rows take',
  kernel: 'kernel SHAP over the answers of the ONNX file; a hidden column takes its values from the background rows'
}

/** What margins and contributions are counted in; of a calibrated model they are those from before its correction. */
export const marginWords = (space: ExplanationSpace, calibrated = false): string =>
  `${spaceWords[space]}${calibrated ? ' before the probabilities were corrected' : ''}`

/** Which file was asked; a file of a step has no name yet. */
export const askedModelSchema = z.object({ name: z.string().optional(), sha256: Sha256 })

/** The rows that stand for what is usual. */
export const backgroundSchema = z.object({ rows: z.int().min(1), from: z.enum(['training rows', 'given table', 'explained rows']) })

/** Which rows were explained: their table by its digest, and what its part is called; `training` for rows that the model learned from. */
export const explainedTableSchema = z.object({ table: Sha256, split: z.string().optional() })
export type ExplainedRowsOf = z.infer<typeof explainedTableSchema>

const featureSummary = z.object({
  feature: z.string(),
  /** Mean of the absolute contributions over the rows, with a 95% interval of the mean; null for one row. */
  mean: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Mean of the contributions with their sign. */
  signed: z.number()
})

/** What drove the answers of a model to some rows; the contributions themselves are a table. */
export const explanationSchema = z.object({
  schema: z.literal('drydock.contributions'),
  version: z.literal(1),
  model: askedModelSchema,
  task: z.string(),
  target: z.string(),
  method: explainMethodSchema,
  space: explanationSpaceSchema,
  /** Answers are corrected after the margin that contributions add up to; absent where an answer follows from the margin itself. */
  calibrated: z.literal(true).optional(),
  /** Why the file was explained as a black box, where it was. */
  blackBox: z.string().nullable(),
  seed: z.int(),
  rows: z.int().min(1),
  /** Absent for a file that is in no workspace, and in documents made before it was kept. */
  explained: explainedTableSchema.optional(),
  background: backgroundSchema,
  /** Largest difference between base plus contributions and the margin, over all rows; above 1e-6 nothing is written. */
  additivity: z.number(),
  /** Largest standard error of a contribution; null where they are exact. */
  largestError: z.number().nullable(),
  outputs: z.array(z.object({ name: z.string(), base: z.number(), features: z.array(featureSummary) })).min(1),
  /** For each feature at most 200 rows: its value and what it added for the first output; of several outputs `contributions` has all. */
  dependence: z.array(
    z.object({
      feature: z.string(),
      points: z.array(
        z.object({
          value: z.union([z.number(), z.string(), z.null()]),
          contribution: z.number(),
          /** In the order of `outputs`; absent where there is one, and in documents made before it was kept. */
          contributions: z.array(z.number()).optional()
        })
      )
    })
  ),
  /**
   * What the task's figure of skill loses when a column is shuffled over the rows with a known outcome, by the exported file; null where no
   * outcome is known, absent in older documents.
   */
  permutation: z
    .object({
      metric: z.string(),
      rows: z.int(),
      repeats: z.int(),
      /** The figure before anything was shuffled. */
      value: z.number(),
      /** Column whose rows were drawn together for the intervals. */
      clusters: z.string().nullable(),
      features: z.array(z.object({ feature: z.string(), loss: z.number(), low: z.number().nullable(), high: z.number().nullable() }))
    })
    .nullable()
    .optional(),
  narrative: z.array(z.string())
})
export type Explanation = z.infer<typeof explanationSchema>

/** What one row got, and why. */
export const explainedRowSchema = z.object({
  row: z.int().min(1),
  output: z.string(),
  base: z.number(),
  margin: z.number(),
  /** What the model answers. */
  score: z.number(),
  /** The largest contribution first. */
  features: z.array(
    z.object({
      feature: z.string(),
      value: z.union([z.number(), z.string(), z.null()]),
      contribution: z.number(),
      code: z.string().optional(),
      reason: z.string().optional()
    })
  ),
  /** What would have got another answer, where it was asked for. */
  counterfactuals: counterfactualsSchema.optional(),
  narrative: z.array(z.string())
})
export type ExplainedRow = z.infer<typeof explainedRowSchema>

/** A table that a team owns: what a column that raises or lowers an answer is called towards a customer. */
export const reasonCodesSchema = z.strictObject({
  schema: z.literal('drydock.reason-codes'),
  version: z.literal(1),
  codes: z
    .array(
      z.strictObject({
        feature: z.string().min(1).describe('The column.'),
        direction: z.enum(['raises', 'lowers']).describe('Whether it raised or lowered the answer.'),
        code: z.string().min(1).max(50),
        text: z.string().min(1).max(500).describe('What is told.')
      })
    )
    .max(2000)
})
export type ReasonCodes = z.infer<typeof reasonCodesSchema>

export const explainedFileSchema = z.object({
  /** Of the contributions; absent where only a sheet was asked for. */
  path: z.string().optional(),
  sha256: Sha256.optional(),
  /** Of the curves of dependence, where they were asked for. */
  dependence: z.object({ path: z.string(), narrative: z.array(z.string()) }).optional(),
  explanation: explanationSchema,
  row: explainedRowSchema.optional(),
  sheet: SavedDocument.shape.files.optional()
})
export type ExplainedFile = z.infer<typeof explainedFileSchema>
