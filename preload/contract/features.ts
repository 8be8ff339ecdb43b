import { z } from 'zod'
import { query } from '../wire/definitions'
import { Sha256 } from '../../main/model/reference'

/** A feature set that a pipeline step produced: an immutable Arrow file with its lineage. */
export const FeatureSetSummary = z.object({
  sha256: Sha256,
  name: z.string(),
  pipeline: z.string(),
  pipelineRun: z.string(),
  step: z.string(),
  rows: z.number(),
  /** Null when the file is gone or cannot be read; opening the set says why. */
  columns: z.number().nullable(),
  createdAt: z.string(),
  sources: z.array(z.string())
})

export const FeatureStatistics = z.object({
  name: z.string(),
  type: z.string(),
  missing: z.number(),
  distinct: z.number(),
  minimum: z.string().nullable(),
  maximum: z.string().nullable(),
  mean: z.number().nullable(),
  histogram: z.array(z.object({ label: z.string(), count: z.number() })),
  /** Models whose signature takes this feature. */
  usedBy: z.array(z.string())
})

export const features = {
  list: query({ input: z.object({}), output: z.array(FeatureSetSummary) }),
  get: query({
    input: z.object({ sha256: Sha256 }),
    output: FeatureSetSummary.extend({ sql: z.string().nullable(), statistics: z.array(FeatureStatistics) })
  }),
  rows: query({
    input: z.object({
      sha256: Sha256,
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(200).default(100)
    }),
    output: z.object({
      columns: z.array(z.object({ name: z.string(), type: z.string() })),
      rows: z.array(z.array(z.unknown())),
      total: z.number(),
      offset: z.number()
    })
  })
}
