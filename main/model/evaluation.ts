import { z } from 'zod'
import { measuredIntervalsSchema } from './conformal'
import { evaluationSubject } from './evidence'
import { Sha256 } from './reference'
import { splitCheckSchema } from './split-check'
import { latencySchema, slicesSchema, taskParts } from './tasks'

const count = z.int().min(0)

const identity = {
  schema: z.literal('drydock.evaluation'),
  version: z.literal(2),
  /** Null in documents of version 1, which did not say what they are about. */
  subject: evaluationSubject.nullable(),
  /** Judged rows that the training table holds too, counted by digest; null when that table is not known. */
  rowsShared: count.nullable(),
  /** Judged rows that are to the model like rows of the training, these among them; null where there are no more than chance explains. */
  rowsAlike: count.nullable().optional(),
  /** Entities on both sides and training rows later than judged ones; absent where no role tells which columns to look at. */
  splitCheck: splitCheckSchema.optional()
}

const subject = {
  /** Name of the split that was judged: test, validation, training or another. */
  split: z.string()
}

const made = {
  createdAt: z.string(),
  seed: z.int()
}

const measured = {
  /**
   * Arrow file with row number, label and score of each judged row, for comparison with other runs on the same rows. It is sensitive and
   * stays in the workspace; evaluations made before it was kept lack it.
   */
  rowScores: z.object({ sha256: Sha256, rows: count }).optional(),
  latency: latencySchema,
  /** Seconds the fit took, when the caller knows. */
  trainingSeconds: z.number().nullable()
}

const found = {
  /**
   * What the figure of skill loses when a column is shuffled on the judged rows, with its 95% interval over rows and shuffles; null where there
   * are too few rows, absent in records made before it was measured here.
   */
  importance: z
    .object({
      rows: count,
      repeats: count,
      columns: z.array(z.object({ feature: z.string(), value: z.number(), low: z.number().nullable(), high: z.number().nullable() }))
    })
    .nullable()
    .optional(),
  /** Columns with texts that the model does not tell apart, what each of those counts as, and how many training rows had any. */
  unlisted: z
    .array(
      z.object({
        column: z.string(),
        rows: count,
        share: z.number().min(0).max(1),
        shareInTraining: z.number().min(0).max(1).nullable(),
        texts: count,
        examples: z.array(z.string()),
        countsAs: z.enum(['rare', 'average', 'missing'])
      })
    )
    .optional(),
  /** Where the model does worse than elsewhere; evaluations made before it was looked for lack it. */
  slices: slicesSchema.optional(),
  /** How the intervals or sets of the signature fared; absent where it has none. */
  intervals: measuredIntervalsSchema.optional(),
  /** In words, how each figure was measured; records made before it existed lack it. */
  methods: z.record(z.string(), z.string()).optional(),
  warnings: z.array(z.string())
}

const counts = { read: count, withoutTarget: count, judged: count }

const { binary, multiclass, regression } = taskParts

const binaryEvaluation = z.object({
  ...identity,
  /** Left out in documents of a yes or no. */
  task: z.literal('binary').optional(),
  ...subject,
  target: binary.evaluation.target,
  ...made,
  rows: z.object({ ...counts, ...binary.evaluation.counts }),
  ...binary.evaluation.figures,
  ...measured,
  fairness: binary.evaluation.fairness.nullable(),
  ...found
})
const multiclassEvaluation = z.object({
  ...identity,
  task: z.literal('multiclass'),
  ...subject,
  target: multiclass.evaluation.target,
  ...made,
  rows: z.object({ ...counts, ...multiclass.evaluation.counts }),
  ...multiclass.evaluation.figures,
  ...measured,
  fairness: multiclass.evaluation.fairness.nullable(),
  ...found
})
const regressionEvaluation = z.object({
  ...identity,
  task: z.literal('regression'),
  ...subject,
  target: regression.evaluation.target,
  ...made,
  rows: z.object({ ...counts, ...regression.evaluation.counts }),
  ...regression.evaluation.figures,
  ...measured,
  fairness: regression.evaluation.fairness.nullable(),
  ...found
})

export type BinaryEvaluation = z.infer<typeof binaryEvaluation>
export type MulticlassEvaluation = z.infer<typeof multiclassEvaluation>
export type RegressionEvaluation = z.infer<typeof regressionEvaluation>
const current = z.discriminatedUnion('task', [binaryEvaluation, multiclassEvaluation, regressionEvaluation])

/** Version 1 named neither model nor rows. */
function upcast(document: unknown): unknown {
  const isOld = typeof document === 'object' && document !== null && (document as { version?: unknown }).version === 1
  return isOld ? { ...document, version: 2, subject: null, rowsShared: null } : document
}

/** The result of judging one model on one table; the document behind evidence/evaluation.json. Reads every version. */
export const evaluationSchema = z.preprocess(upcast, current)
export type Evaluation = z.infer<typeof current>
