import { z } from 'zod'
import { qualityShapes } from '../../main/model/commands/quality'
import { workProgressSchema } from '../../main/model/dataset'
import { qualityReportDetailSchema, qualityReportSummarySchema } from '../../main/model/quality'
import { command, query, stream } from '../wire/definitions'
import { QualityReportId } from '../../main/model/reference'

export const quality = {
  run: stream({ ...qualityShapes.run, item: workProgressSchema }),
  /** Newest first; of one dataset when it is named. */
  list: query({ input: z.object({ dataset: z.string().max(300).optional() }), output: z.array(qualityReportSummarySchema) }),
  get: query({ input: z.object({ id: QualityReportId }), output: qualityReportDetailSchema }),
  /** The report as one self-contained page, to show in a sandboxed frame or to save. */
  html: query({ input: z.object({ id: QualityReportId }), output: z.object({ fileName: z.string(), html: z.string() }) }),
  save: command(qualityShapes.save)
}
