import { z } from 'zod'
import { findingCountsSchema } from './quality'
import { DatasetRef, PipelineRunId } from './reference'

/** A quality report that a step of a pipeline run made of a table which comes from a dataset. */
export const runReportSchema = z.object({
  runId: PipelineRunId,
  pipeline: z.string(),
  stepId: z.string(),
  /** The version that its table was made from. */
  dataset: DatasetRef,
  at: z.string(),
  target: z.string().nullable(),
  /** Null where the report is no longer kept. */
  counts: findingCountsSchema.nullable()
})
export type RunReport = z.infer<typeof runReportSchema>
