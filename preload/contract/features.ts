import { z } from 'zod'
import { query } from '../wire/definitions'
import { Sha256 } from '../../main/model/reference'
import { FeatureSetSummary, FeatureStatistics } from '../../main/model/feature-set'
import { tableColumn } from '../../main/model/dataset'

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
      columns: z.array(tableColumn),
      rows: z.array(z.array(z.unknown())),
      total: z.number(),
      offset: z.number()
    })
  })
}
