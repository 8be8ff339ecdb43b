import { z } from 'zod'
import { qualityOptionsSchema, qualityReportDetailSchema } from '../quality'
import { placeInput } from '../place'
import { documentPlaces, SavedDocument } from './documents'
import { shape } from './shape'
import { QualityReportId } from '../reference'

export const qualityShapes = {
  run: shape(z.object({ ref: z.string().min(1).max(300), options: qualityOptionsSchema.default({}) }), qualityReportDetailSchema, [
    'quality'
  ]),
  /** Writes the report to files that the person chose: the page, the page as PDF, JSON with report and profile. */
  save: shape(z.object({ id: QualityReportId, json: placeInput('write').optional(), ...documentPlaces }), SavedDocument, [])
}
