import { z } from 'zod'
import { Sha256 } from './reference'
import { featureKindSchema } from './training'
import { valueRangeSchema } from './value-range'

const count = z.int().min(0)

/** What a scored table can be written as, by the ending of its name. */
export const scoreFormats = ['csv', 'parquet', 'arrow', 'jsonl'] as const
export type ScoreFormat = (typeof scoreFormats)[number]

/** Why a cell is not what the model met in training. */
export const rowReasons = ['below', 'above', 'unseen', 'missing'] as const
export type RowReason = (typeof rowReasons)[number]
export const rowReasonWords: Readonly<Record<RowReason, string>> = {
  below: 'below the smallest value of training',
  above: 'above the largest value of training',
  unseen: 'a text that the model does not tell apart',
  missing: 'missing, which training never was'
}

/** How often one thing was found in a column, and in which rows first; rows count from 1. */
const found = z.object({ rows: count, first: z.array(z.int().min(1)) })
export type Found = z.infer<typeof found>

/** What was found in one column that the model reads. */
export const columnCheckSchema = z.object({
  column: z.string(),
  kind: featureKindSchema,
  below: found,
  above: found,
  /** Texts that are not among the categories of the signature, with the first different ones. */
  unseen: found.extend({ texts: z.array(z.string()) }),
  /** Rows without a value, where every training row had one. */
  missing: found,
  /** Rows without a value, whatever training had. */
  empty: count,
  emptyShareInTraining: z.number().min(0).max(1),
  /** Smallest and largest value of training. */
  range: valueRangeSchema.optional()
})
export type ColumnCheck = z.infer<typeof columnCheckSchema>

/** How far a column is from training; `cannot-be-told` where there are too few rows to tell a shift from chance, or no training rows to hold it against. */
export const shiftVerdict = z.enum(['stable', 'moderate', 'large', 'cannot-be-told'])
export type ShiftVerdict = z.infer<typeof shiftVerdict>
export const shiftWords: Readonly<Record<ShiftVerdict, string>> = {
  stable: 'like training',
  moderate: 'some shift',
  large: 'a large shift',
  'cannot-be-told': 'cannot be told'
}

export const columnShiftSchema = z.object({
  column: z.string(),
  /** Population stability index against the training rows. */
  psi: z.number(),
  /** The 95th percentile of the index where nothing shifted, for so many rows and bins. */
  chance: z.number(),
  verdict: shiftVerdict,
  bins: z.array(z.object({ bin: z.string(), training: z.number(), here: z.number() }))
})
export type ColumnShift = z.infer<typeof columnShiftSchema>

/** Distance of the file from the training rows. */
export const shiftSchema = z.union([
  z.object({ told: z.literal(true), trainingRows: count, columns: z.array(columnShiftSchema), method: z.string() }),
  z.object({ told: z.literal(false), why: z.string() })
])
export type Shift = z.infer<typeof shiftSchema>

export const rowFindingSchema = z.object({
  row: z.int().min(1),
  /** Where the row stands in a text file. */
  line: z.int().min(1).nullable(),
  column: z.string(),
  reason: z.enum(rowReasons),
  value: z.string().nullable()
})
export type RowFinding = z.infer<typeof rowFindingSchema>

/** Most findings that a report lists by row; all are counted. */
export const MOST_FINDINGS = 10_000

/** Most contributions that are written beside an answer. */
export const MOST_REASONS = 50

/** What was scored by what, and what was found in its columns. Written by `score --report FILE.json`. */
export const scoreReportSchema = z.object({
  schema: z.literal('drydock.score-report'),
  version: z.literal(1),
  /** `name` is NAME@VERSION, or what a bundle calls its model. */
  model: z.object({ name: z.string(), sha256: Sha256, task: z.string() }),
  file: z.object({ name: z.string(), sha256: Sha256, format: z.string() }),
  rows: count,
  /** Rows of a text file that could not be read and so have no score, with the first lines and why. */
  unreadable: z.object({ rows: count, first: z.array(z.object({ line: z.int().min(1), reason: z.string() })) }),
  /** Columns of the file that the model does not read. */
  ignored: z.array(z.string()),
  columns: z.array(columnCheckSchema),
  /** Rows with at least one finding. */
  rowsWithFindings: count,
  findings: z.array(rowFindingSchema),
  /** How many there are of which `findings` has the first. */
  findingsInAll: count,
  shift: shiftSchema,
  /** How the columns `reason_1`, `contribution_1` and so on were found, where they were asked for. */
  reasons: z.object({ count, method: z.string(), space: z.string(), usual: z.enum(['training rows', 'scored rows']) }).optional(),
  scores: z.object({
    columns: z.array(z.string()),
    /** From which score on `decision` is 1; null where there is no decision. */
    decidesFrom: z.number().nullable(),
    /** Rows that the model has no answer to, where there are some; the figures below are of the others. */
    unscored: count.optional(),
    mean: z.number().nullable(),
    min: z.number().nullable(),
    max: z.number().nullable()
  })
})
export type ScoreReport = z.infer<typeof scoreReportSchema>

/** What scoring a file came to. */
export const scoredFileSchema = z.object({
  path: z.string(),
  format: z.enum(scoreFormats),
  bytes: count,
  sha256: Sha256,
  reportPath: z.string().optional(),
  report: scoreReportSchema,
  /** The first rows of what was written, as texts. */
  head: z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.string().nullable())) })
})
export type ScoredFile = z.infer<typeof scoredFileSchema>
