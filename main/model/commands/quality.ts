import { z } from 'zod'
import { qualityOptionsSchema, qualityReportDetailSchema } from '../quality'
import { placeInput } from '../place'
import { shape } from './shape'
import { QualityReportId } from '../reference'

export const qualityShapes = {
  run: shape(z.object({ ref: z.string().min(1).max(300), options: qualityOptionsSchema.default({}) }), qualityReportDetailSchema, [
    'quality'
  ]),
  /** Writes the report to a file that the person chose: the page, or JSON with report and profile. `bytes` is the size written. */
  save: shape(
    z.object({ id: QualityReportId, path: placeInput('write'), format: z.enum(['html', 'json']) }),
    z.object({ path: z.string(), bytes: z.int() }),
    []
  )
}
