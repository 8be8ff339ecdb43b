import { z } from 'zod'
import { Sha256, PipelineRunId } from './reference'

/** A feature set that a pipeline step produced: an immutable Arrow file with its lineage. */
export const FeatureSetSummary = z.object({
  sha256: Sha256,
  name: z.string(),
  pipeline: z.string(),
  pipelineRun: PipelineRunId,
  step: z.string(),
  rows: z.number(),
  /** Null when the file is gone or cannot be read; opening the set says why. */
  columns: z.number().nullable(),
  createdAt: z.string(),
  sources: z.array(z.string())
})
export type FeatureSetSummary = z.infer<typeof FeatureSetSummary>

export const FeatureStatistics = z.object({
  name: z.string(),
  type: z.string(),
  missing: z.number(),
  distinct: z.number(),
  /** False where there are too many rows to count one by one. */
  distinctExact: z.boolean(),
  minimum: z.string().nullable(),
  maximum: z.string().nullable(),
  mean: z.number().nullable(),
  histogram: z.array(z.object({ label: z.string(), count: z.number() })),
  /** Models whose signature takes this feature. */
  usedBy: z.array(z.string())
})
export type FeatureStatistics = z.infer<typeof FeatureStatistics>
