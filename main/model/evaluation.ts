import { z } from 'zod'
import { latencySchema, taskNames, usualTask } from './tasks'

const count = z.int().min(0)
const { evaluation: own } = usualTask.parts

/** The result of judging one model on one table; the document behind evidence/evaluation.json. */
export const evaluationSchema = z.object({
  schema: z.literal('drydock.evaluation'),
  version: z.literal(1),
  /** Left out for a binary one. */
  task: z.enum(taskNames).optional(),
  /** Name of the split that was judged: test, validation, training or another. */
  split: z.string(),
  target: own.target,
  createdAt: z.string(),
  seed: z.int(),
  rows: z.object({ read: count, withoutTarget: count, judged: count, ...own.counts }),
  ...own.figures,
  latency: latencySchema,
  /** Seconds the fit took, when the caller knows. */
  trainingSeconds: z.number().nullable(),
  fairness: own.fairness.nullable(),
  /** In words, how each figure was measured; records made before it existed lack it. */
  methods: z.record(z.string(), z.string()).optional(),
  warnings: z.array(z.string())
})
export type Evaluation = z.infer<typeof evaluationSchema>
