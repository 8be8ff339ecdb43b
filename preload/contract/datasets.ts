import { z } from 'zod'
import {
  badRowReportSchema,
  columnPatchSchema,
  datasetDetailSchema,
  datasetMetadataSchema,
  datasetNameSchema,
  datasetSummarySchema,
  importChoicesSchema,
  importOptionsSchema,
  importPreviewSchema,
  importResultSchema,
  rowPageSchema,
  rowRequestSchema,
  sqlResultSchema,
  sqlTableSchema,
  workProgressSchema
} from '../../main/model/dataset'
import { command, query, stream } from '../wire/definitions'

/** `dataset:name@sha256:...`, `name@hex` or `name` (the latest version). */
const ref = z.string().min(1).max(300)
const path = z.string().min(1).max(8_192)

export const datasets = {
  list: query({ input: z.object({ trashed: z.boolean().default(false) }), output: z.array(datasetSummarySchema) }),
  get: query({ input: z.object({ ref }), output: datasetDetailSchema }),
  previewImport: query({ input: z.object({ path, choices: importChoicesSchema.optional() }), output: importPreviewSchema }),
  import: stream({
    input: z.object({ path, options: importOptionsSchema }),
    item: workProgressSchema,
    output: importResultSchema,
    changes: ['datasets']
  }),
  rows: query({ input: rowRequestSchema.extend({ ref }), output: rowPageSchema }),
  badRows: query({ input: z.object({ ref }), output: badRowReportSchema }),
  setColumns: command({
    input: z.object({ ref, columns: z.array(columnPatchSchema).min(1).max(20_000) }),
    output: datasetDetailSchema,
    changes: ['datasets']
  }),
  update: command({
    input: z.object({
      name: datasetNameSchema,
      rename: datasetNameSchema.optional(),
      metadata: datasetMetadataSchema.partial().optional()
    }),
    output: datasetDetailSchema,
    changes: ['datasets']
  }),
  trash: command({ input: z.object({ name: datasetNameSchema }), output: datasetSummarySchema, changes: ['datasets'] }),
  /** By id: a trashed name may have been used again. */
  restore: command({ input: z.object({ id: z.uuid() }), output: datasetSummarySchema, changes: ['datasets'] }),
  /** The tables of the schema `ledger`: runs, metrics, models and the like beside the datasets, for joining. */
  ledgerTables: query({ input: z.object({}), output: z.array(sqlTableSchema) }),
  sql: query({
    input: z.object({ text: z.string().min(1).max(200_000), limit: z.int().min(1).max(10_000).default(1_000) }),
    output: sqlResultSchema
  })
}
