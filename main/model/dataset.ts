import { z } from 'zod'
import { columnKindSchema, columnRoleSchema, datasetColumnSchema, knownWhenSchema } from './dataset-column'
import { dialectSchema, importChoicesSchema, importTypeSchema, sourceFormatSchema } from './import-choices'
import { importRuleSchema, misfitCountsSchema, rowLossSchema } from './import-reading'
import { Sha256, isDigestStart, DatasetRef, DatasetId } from './reference'

export * from './dataset-column'
export * from './import-choices'
export * from './import-reading'

/** What a dataset may be called: 1-64 characters of any script, no control characters, no "@" (it separates the version). */
export const datasetNameSchema = z
  .string()
  .transform((name) => name.normalize('NFC').trim())
  .refine((name) => [...name].length >= 1 && [...name].length <= 64, 'A dataset name has 1 to 64 characters.')
  .refine(
    (name) => !/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069@]/u.test(name),
    'A dataset name has no control characters and no "@".'
  )

/** Two names are the same when they differ only in letter case (SQL does not tell them apart). */
export const datasetNameKey = (name: string): string => name.normalize('NFC').trim().toLowerCase()

export const sensitivities = ['public', 'internal', 'confidential', 'restricted'] as const
export const sensitivitySchema = z.enum(sensitivities)
export type Sensitivity = z.infer<typeof sensitivitySchema>

export const datasetMetadataSchema = z.object({
  owner: z.string().max(200).nullable(),
  tags: z.array(z.string().min(1).max(64)).max(64),
  licence: z.string().max(500).nullable(),
  sensitivity: sensitivitySchema,
  description: z.string().max(20_000)
})
export type DatasetMetadata = z.infer<typeof datasetMetadataSchema>

export const importOptionsSchema = importChoicesSchema.extend({
  name: datasetNameSchema,
  metadata: datasetMetadataSchema.partial().optional()
})
export type ImportOptions = z.infer<typeof importOptionsSchema>

export const noticeSchema = z.object({
  severity: z.enum(['error', 'warning', 'info']),
  title: z.string(),
  detail: z.string(),
  column: z.string().nullable(),
  /** 1-based line of the file. */
  line: z.int().nullable()
})
export type Notice = z.infer<typeof noticeSchema>

export const previewColumnSchema = z.object({
  /** Name in the file; pass it back as `source`. */
  source: z.string(),
  /** Name the version would have (made unique, never empty). */
  name: z.string(),
  type: z.string(),
  kind: columnKindSchema,
  /** Present for text formats, where the type may be chosen. */
  importType: importTypeSchema.nullable(),
  examples: z.array(z.string()),
  missing: z.int(),
  /** Values of the looked-at rows that the type does not fit; they would be missing, their text kept beside. */
  unparsed: z.int(),
  role: columnRoleSchema,
  knownWhen: knownWhenSchema
})
export type PreviewColumn = z.infer<typeof previewColumnSchema>

/** What an import would do, before anything is written. */
export const importPreviewSchema = z.object({
  path: z.string(),
  fileName: z.string(),
  size: z.int(),
  format: sourceFormatSchema,
  suggestedName: z.string(),
  dialect: dialectSchema.nullable(),
  nullTokens: z.array(z.string()),
  columns: z.array(previewColumnSchema),
  /** At most 50 rows as they would be stored; null is a missing value. */
  rows: z.array(z.array(z.string().nullable())),
  /** Rows that were looked at to infer the types. */
  inspectedRows: z.int(),
  /** True when the whole file was looked at. */
  complete: z.boolean(),
  /** Exact for a completely inspected file, Parquet and Arrow; else an estimate from the size. */
  rowEstimate: z.int(),
  problems: z.array(noticeSchema),
  /** What would change cells, with how to undo it. */
  rules: z.array(importRuleSchema),
  /** What could be read too, with the choice that takes it. */
  offers: z.array(importRuleSchema),
  /** Cells of the looked-at rows that would be missing because they do not fit. */
  misfits: misfitCountsSchema
})
export type ImportPreview = z.infer<typeof importPreviewSchema>

export const badRowSchema = z.object({
  /** 1-based line in the file where the record starts; counts records when the file quotes line ends. */
  line: z.int(),
  column: z.string().nullable(),
  /** The record as text, cut after 2,000 characters. */
  raw: z.string(),
  reason: z.string()
})
export type BadRow = z.infer<typeof badRowSchema>

export const badRowReportSchema = z.object({
  /** All rows that did not parse; never limited. */
  count: z.int(),
  /** The first of them, at most 10,000. */
  rows: z.array(badRowSchema),
  /** Rows per reason, most frequent first. */
  reasons: z.array(rowLossSchema)
})
export type BadRowReport = z.infer<typeof badRowReportSchema>

export const sourceFileSchema = z.object({ name: z.string(), size: z.int(), sha256: Sha256, format: sourceFormatSchema })
export type SourceFile = z.infer<typeof sourceFileSchema>

export const datasetVersionSchema = z.object({
  sha256: Sha256,
  /** `dataset:name@sha256:...` */
  ref: DatasetRef,
  number: z.int(),
  rows: z.int(),
  /** Size of the Arrow file in bytes. */
  bytes: z.int(),
  columns: z.array(datasetColumnSchema),
  source: sourceFileSchema.nullable(),
  choices: importChoicesSchema,
  badRows: z.int(),
  notices: z.array(noticeSchema),
  /** What changed cells on the way in; absent for versions made before it was kept, and for those that no import made. */
  rules: z.array(importRuleSchema).optional(),
  /** What could have been read too. */
  offers: z.array(importRuleSchema).optional(),
  /** Cells that are missing because they did not fit; absent as above. */
  misfits: misfitCountsSchema.optional(),
  createdAt: z.string(),
  createdBy: z.string().nullable()
})
export type DatasetVersion = z.infer<typeof datasetVersionSchema>

export const datasetVersionSummarySchema = datasetVersionSchema
  .omit({ columns: true, choices: true, notices: true, rules: true, offers: true })
  .extend({ columnCount: z.int() })
export type DatasetVersionSummary = z.infer<typeof datasetVersionSummarySchema>

export const datasetSummarySchema = datasetMetadataSchema.extend({
  id: DatasetId,
  name: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  trashedAt: z.string().nullable(),
  versionCount: z.int(),
  latest: datasetVersionSummarySchema
})
export type DatasetSummary = z.infer<typeof datasetSummarySchema>

export const datasetDetailSchema = datasetSummarySchema.extend({
  /** The version asked for; the latest when none was named. */
  version: datasetVersionSchema,
  /** Newest first. */
  versions: z.array(datasetVersionSummarySchema)
})
export type DatasetDetail = z.infer<typeof datasetDetailSchema>

export const importResultSchema = z.object({
  dataset: datasetSummarySchema,
  version: datasetVersionSchema,
  /** False when exactly this version was there already. */
  created: z.boolean()
})
export type ImportResult = z.infer<typeof importResultSchema>

export const rowRequestSchema = z.object({
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(200).default(100),
  sort: z.object({ column: z.string(), descending: z.boolean().default(false) }).optional(),
  /** Keeps rows in which any column's text contains this, letter case ignored. */
  search: z.string().max(200).optional()
})
export type RowRequest = z.input<typeof rowRequestSchema>

/** A column of an answer; the type is DuckDB's. The unit is there where the column repeats or gathers one of a dataset that has it. */
export const tableColumn = z.object({ name: z.string(), type: z.string(), unit: z.string().optional() })

export const rowPageSchema = z.object({
  columns: z.array(tableColumn),
  /** Cells as JSON values; long integers and timestamps as text. */
  rows: z.array(z.array(z.json())),
  /** 1-based position of each row in the version. */
  rowNumbers: z.array(z.int()),
  /** Rows that match the search; all rows of the version without one. */
  total: z.int(),
  offset: z.int()
})
export type RowPage = z.infer<typeof rowPageSchema>

export const sqlResultSchema = z.object({
  columns: z.array(tableColumn),
  rows: z.array(z.array(z.json())),
  /** True when the answer has more rows than the limit. */
  truncated: z.boolean(),
  /** Seconds. */
  elapsed: z.number()
})
export type SqlResult = z.infer<typeof sqlResultSchema>

/** A table of SQL that is no dataset, such as `ledger.runs`. */
export const sqlTableSchema = z.object({
  /** As it stands in a query. */
  name: z.string(),
  description: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string(), description: z.string() }))
})
export type SqlTableInfo = z.infer<typeof sqlTableSchema>

/** One step of progress of long work; `fraction` is null while the amount is unknown. */
export const workProgressSchema = z.object({ fraction: z.number().min(0).max(1).nullable(), message: z.string() })
export type WorkProgress = z.infer<typeof workProgressSchema>

/** A dataset or one of its versions as a person writes it. */
export interface NamedDataset {
  name: string
  /** 8-64 hex digits; undefined means the latest version. */
  sha256?: string
}

/**
 * Reads `dataset:name@sha256:hex`, `name@hex` (8 or more digits) or `name`.
 * Returns undefined when the text is none of them.
 */
export function parseDatasetRef(text: string): NamedDataset | undefined {
  const body = text.startsWith('dataset:') && datasetNameSchema.safeParse(text.slice(8).split('@')[0]).success ? text.slice(8) : text
  const at = body.lastIndexOf('@')
  const name = datasetNameSchema.safeParse(at < 0 ? body : body.slice(0, at))
  if (!name.success) return undefined
  if (at < 0) return { name: name.data }
  const version = body.slice(at + 1).replace(/^sha256:/, '')
  return isDigestStart(version) ? { name: name.data, sha256: version } : undefined
}
