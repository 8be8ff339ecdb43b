import { z } from 'zod'
import { evaluationSubject } from './evidence'
import { Sha256 } from './reference'
import { splitCheckSchema } from './split-check'
import { latencySchema, taskNames, usualTask } from './tasks'

const count = z.int().min(0)
const { evaluation: own } = usualTask.parts

const current = z.object({
  schema: z.literal('drydock.evaluation'),
  version: z.literal(2),
  /** Null in documents of version 1, which did not say what they are about. */
  subject: evaluationSubject.nullable(),
  /** Judged rows that the training table holds too, counted by digest; null when that table is not known. */
  rowsShared: count.nullable(),
  /** Judged rows that are to the model like rows of the training, these among them; null where there are no more than chance explains. */
  rowsAlike: count.nullable().optional(),
  /** Entities on both sides and training rows later than judged ones; absent where no role tells which columns to look at. */
  splitCheck: splitCheckSchema.optional(),
  /** Left out for a binary one. */
  task: z.enum(taskNames).optional(),
  /** Name of the split that was judged: test, validation, training or another. */
  split: z.string(),
  target: own.target,
  createdAt: z.string(),
  seed: z.int(),
  rows: z.object({ read: count, withoutTarget: count, judged: count, ...own.counts }),
  ...own.figures,
  /**
   * Arrow file with row number, label and score of each judged row, for comparison with other runs on the same rows. It is sensitive and
   * stays in the workspace; evaluations made before it was kept lack it.
   */
  rowScores: z.object({ sha256: Sha256, rows: count }).optional(),
  latency: latencySchema,
  /** Seconds the fit took, when the caller knows. */
  trainingSeconds: z.number().nullable(),
  fairness: own.fairness.nullable(),
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
  /** In words, how each figure was measured; records made before it existed lack it. */
  methods: z.record(z.string(), z.string()).optional(),
  warnings: z.array(z.string())
})

/** Version 1 named neither model nor rows. */
function upcast(document: unknown): unknown {
  const isOld = typeof document === 'object' && document !== null && (document as { version?: unknown }).version === 1
  return isOld ? { ...document, version: 2, subject: null, rowsShared: null } : document
}

/** The result of judging one model on one table; the document behind evidence/evaluation.json. Reads every version. */
export const evaluationSchema = z.preprocess(upcast, current)
export type Evaluation = z.infer<typeof current>
