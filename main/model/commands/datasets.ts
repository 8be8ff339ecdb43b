import { z } from 'zod'
import {
  columnPatchSchema,
  datasetDetailSchema,
  datasetMetadataSchema,
  datasetNameSchema,
  datasetSummarySchema,
  importOptionsSchema,
  importResultSchema
} from '../dataset'
import { placeInput } from '../place'
import { shape } from './shape'
import { DatasetId } from '../reference'

/** `dataset:name@sha256:...`, `name@hex` or `name` (the latest version). */
export const datasetRefInput = z.string().min(1).max(300)
export const sourcePathInput = placeInput('read')

export const datasetShapes = {
  import: shape(z.object({ path: sourcePathInput, options: importOptionsSchema }), importResultSchema, ['datasets']),
  setColumns: shape(z.object({ ref: datasetRefInput, columns: z.array(columnPatchSchema).min(1).max(20_000) }), datasetDetailSchema, [
    'datasets'
  ]),
  update: shape(
    z.object({ name: datasetNameSchema, rename: datasetNameSchema.optional(), metadata: datasetMetadataSchema.partial().optional() }),
    datasetDetailSchema,
    ['datasets']
  ),
  trash: shape(z.object({ name: datasetNameSchema }), datasetSummarySchema, ['datasets']),
  /** By id: a trashed name may have been used again. */
  restore: shape(z.object({ id: DatasetId }), datasetSummarySchema, ['datasets'])
}
