import { z } from 'zod'
import { importChoicesSchema } from './import-choices'

/** Ways in which an import reads a cell as something other than its plain text. */
export const importRules = [
  'null-token',
  'decimal-comma',
  'thousands',
  'date-format',
  'time-zone',
  'no-zone',
  'true-false',
  'underflow',
  'exponent',
  'rounded',
  'strip',
  'trailing-minus',
  'detection-limit',
  'code',
  'encoding',
  'skipped-lines'
] as const
export const importRuleNameSchema = z.enum(importRules)
export type ImportRuleName = z.infer<typeof importRuleNameSchema>

/** A cell before and after; null is a missing value. */
export const cellChangeSchema = z.object({
  /** 1-based line of the file. */
  line: z.int(),
  from: z.string(),
  to: z.string().nullable()
})

/** A rule that changed cells of a column, or one that is offered; `choice`, merged into the choices of the import, undoes or takes it. */
export const importRuleSchema = z.object({
  /** Name in the file; null for one that is about the file. */
  column: z.string().nullable(),
  rule: importRuleNameSchema,
  /** Cells that it changed or would change. */
  cells: z.int(),
  /** At most 5. */
  examples: z.array(cellChangeSchema).max(5),
  /** One sentence for a person. */
  detail: z.string(),
  choice: importChoicesSchema.pick({ dialect: true, nullTokens: true, columns: true }).nullable()
})
export type ImportRule = z.infer<typeof importRuleSchema>

/** How many cells did not fit the type of their column. Each is missing in the version; its row is there. */
export const misfitCountsSchema = z.object({
  cells: z.int(),
  /** Rows with one or more of them. */
  rows: z.int(),
  /** Columns that have some, by their names in the version; most cells first. */
  columns: z.array(z.object({ column: z.string(), cells: z.int(), reason: z.string() }))
})
export type MisfitCounts = z.infer<typeof misfitCountsSchema>

/** What did not come in as it stands in the file: a cell that is missing, or a row that was left out because its structure is broken. */
export const misfitSchema = z.object({
  what: z.enum(['cell', 'row']),
  /** 1-based line of the file. */
  line: z.int(),
  /** 1-based row of the version; null for a row that is not in it. */
  row: z.int().nullable(),
  /** Name in the version. */
  column: z.string().nullable(),
  /** As it stands in the file, a cell cut after 500 characters, a row after 2,000. */
  text: z.string(),
  reason: z.string()
})
export type Misfit = z.infer<typeof misfitSchema>

/** Rows that were left out for one reason. */
export const rowLossSchema = z.object({ reason: z.string(), count: z.int() })

/** Misfits in the order of the lines. */
export const misfitPageSchema = misfitCountsSchema.extend({
  /** Rows that were left out, and why, most frequent first. */
  rowsLost: z.int(),
  losses: z.array(rowLossSchema),
  misfits: z.array(misfitSchema),
  offset: z.int(),
  /** Misfits that match and whose text is kept: up to 250,000 cells and 10,000 rows. */
  total: z.int()
})
export type MisfitPage = z.infer<typeof misfitPageSchema>

export const misfitRequestSchema = z.object({
  /** Only those of this column of the version. */
  column: z.string().optional(),
  /** Only cells, or only rows that were left out. */
  what: z.enum(['cell', 'row']).optional(),
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(1_000).default(100)
})
export type MisfitRequest = z.input<typeof misfitRequestSchema>
