import { z } from 'zod'
import { datasetRefInput as ref, datasetShapes, sourcePathInput as path } from '../../main/model/commands/datasets'
import {
  datasetDetailSchema,
  datasetSummarySchema,
  importChoicesSchema,
  importPreviewSchema,
  misfitPageSchema,
  misfitRequestSchema,
  rowPageSchema,
  rowRequestSchema,
  sqlResultSchema,
  sqlTableSchema,
  workProgressSchema
} from '../../main/model/dataset'
import { command, query, stream } from '../wire/definitions'

export const datasets = {
  list: query({ input: z.object({ trashed: z.boolean().default(false) }), output: z.array(datasetSummarySchema) }),
  get: query({ input: z.object({ ref }), output: datasetDetailSchema }),
  previewImport: query({ input: z.object({ path, choices: importChoicesSchema.optional() }), output: importPreviewSchema }),
  import: stream({ ...datasetShapes.import, item: workProgressSchema }),
  rows: query({ input: rowRequestSchema.extend({ ref }), output: rowPageSchema }),
  /** Cells that did not fit the type of their column and rows that were left out, with line, text and reason. */
  misfits: query({ input: misfitRequestSchema.extend({ ref }), output: misfitPageSchema }),
  setColumns: command(datasetShapes.setColumns),
  update: command(datasetShapes.update),
  trash: command(datasetShapes.trash),
  restore: command(datasetShapes.restore),
  /** The tables of the schema `ledger`: runs, metrics, models and the like beside the datasets, for joining. */
  ledgerTables: query({ input: z.object({}), output: z.array(sqlTableSchema) }),
  sql: query({
    input: z.object({ text: z.string().min(1).max(200_000), limit: z.int().min(1).max(10_000_000).default(1_000) }),
    output: sqlResultSchema
  })
}
