import { z } from 'zod'
import { workProgressSchema } from '../../main/model/dataset'
import { qualityOptionsSchema, qualityReportDetailSchema, qualityReportSummarySchema } from '../../main/model/quality'
import { command, query, stream } from '../wire/definitions'

export const quality = {
  run: stream({
    input: z.object({ ref: z.string().min(1).max(300), options: qualityOptionsSchema.default({}) }),
    item: workProgressSchema,
    output: qualityReportDetailSchema,
    topics: ['quality']
  }),
  /** Newest first; of one dataset when it is named. */
  list: query({ input: z.object({ dataset: z.string().max(300).optional() }), output: z.array(qualityReportSummarySchema) }),
  get: query({ input: z.object({ id: z.uuid() }), output: qualityReportDetailSchema }),
  /** The report as one self-contained page, to show in a sandboxed frame or to save. */
  html: query({ input: z.object({ id: z.uuid() }), output: z.object({ fileName: z.string(), html: z.string() }) }),
  /** Writes the report to a file that the person chose: the page, or JSON with report and profile. `bytes` is the size written. */
  save: command({
    input: z.object({ id: z.uuid(), path: z.string().min(1).max(8_192), format: z.enum(['html', 'json']) }),
    output: z.object({ path: z.string(), bytes: z.int() })
  })
}
