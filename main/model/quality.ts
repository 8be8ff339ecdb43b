import { z } from 'zod'
import { columnKindSchema, columnRoleSchema, knownWhenSchema } from './dataset'
import { splitCheckSchema } from './split-check'
import { taskNames, taskOf, taskParts, usualTask } from './tasks'
import { Sha256, DatasetRef, QualityReportId } from './reference'

const { qualityTarget: own } = usualTask.parts

export const findingSeverities = ['error', 'warning', 'info'] as const
export const findingSeveritySchema = z.enum(findingSeverities)
export type FindingSeverity = z.infer<typeof findingSeveritySchema>

export const findingKinds = [
  'rows-left-out',
  'cells-lost',
  'cells-altered',
  'missing',
  'missing-together',
  'placeholder',
  'constant',
  'near-constant',
  'duplicate-rows',
  'duplicate-keys',
  'number-as-text',
  'date-as-text',
  'ambiguous-date',
  'mixed-types',
  'blanks',
  'case-variants',
  'footnote-marks',
  'outliers',
  'impossible-values',
  'zero-inflated',
  'rare-categories',
  'high-cardinality',
  'mixed-units',
  'imbalance',
  'target-missing',
  'target-labels',
  'identifier-as-feature',
  'redundant',
  'derived-column',
  'time-order',
  'time-gaps',
  'leakage-declared',
  'leakage-suspected',
  'split-overlap',
  'split-group-leakage',
  'split-time-leakage',
  'split-not-checked',
  'split-shift',
  'linear-copy',
  'misspelt-categories',
  'mojibake',
  'near-duplicate-rows',
  'outcome-order',
  'value-spike',
  'clipped',
  'heaped-values',
  'spreadsheet-damage',
  'stuck-values',
  'level-shift',
  'date-order',
  'personal-data',
  'markup',
  'truncated',
  'several-values',
  'several-words',
  'lost-zeros',
  'test-entries',
  'header-rows',
  'total-row',
  'empty-rows',
  'broken-dependency'
] as const
export const findingKindSchema = z.enum(findingKinds)
export type FindingKind = z.infer<typeof findingKindSchema>

export const findingExampleSchema = z.object({
  /** 1-based row of the version; null when the example is a value and not a row. */
  row: z.int().nullable(),
  value: z.string()
})
export type FindingExample = z.infer<typeof findingExampleSchema>

/** One thing that is wrong or worth knowing; a value, never an exception. */
export const qualityFindingSchema = z.object({
  /** Stable for the same data: kind and columns. */
  id: z.string(),
  kind: findingKindSchema,
  /** The kind again, by the name that programs outside ask for; reports of earlier versions lack it. */
  code: z.string().optional(),
  severity: findingSeveritySchema,
  columns: z.array(z.string()),
  title: z.string(),
  /** What was found. */
  what: z.string(),
  /** What it means for a model or a decision. */
  meaning: z.string(),
  /** What to do next. */
  next: z.string(),
  /** Affected rows or values. */
  count: z.int(),
  /** Affected share of the rows, 0..1. */
  share: z.number().min(0).max(1),
  /** At most 10. */
  examples: z.array(findingExampleSchema).max(10),
  /** Figures behind the finding. */
  evidence: z.record(z.string(), z.json())
})
export type QualityFinding = z.infer<typeof qualityFindingSchema>

const figure = z.number().nullable()

export const histogramSchema = z.object({
  /** Bin borders, one more than counts; for dates and timestamps epoch milliseconds. */
  edges: z.array(z.number()),
  counts: z.array(z.int())
})
export type Histogram = z.infer<typeof histogramSchema>

export const numericProfileSchema = z.object({
  min: figure,
  max: figure,
  mean: figure,
  std: figure,
  /** 1, 5, 25, 50, 75, 95, 99 percent. */
  quantiles: z.object({ p01: figure, p05: figure, p25: figure, p50: figure, p75: figure, p95: figure, p99: figure }),
  zeros: z.int(),
  negatives: z.int(),
  nonFinite: z.int()
})

export const textProfileSchema = z.object({
  minLength: z.int(),
  maxLength: z.int(),
  meanLength: z.number(),
  empty: z.int(),
  /** Values with blanks at an end or doubled inside. */
  padded: z.int(),
  /** Values that read as a number, a date, a placeholder for "unknown". */
  numeric: z.int(),
  dates: z.int(),
  placeholders: z.int()
})

export const columnProfileSchema = z.object({
  name: z.string(),
  type: z.string(),
  kind: columnKindSchema,
  role: columnRoleSchema,
  knownWhen: knownWhenSchema,
  unit: z.string().nullable(),
  count: z.int(),
  missing: z.int(),
  distinct: z.int(),
  /** False when `distinct` is an estimate (HyperLogLog, about 2 percent). */
  distinctExact: z.boolean(),
  /** Smallest and largest value as text. */
  min: z.string().nullable(),
  max: z.string().nullable(),
  numeric: numericProfileSchema.nullable(),
  text: textProfileSchema.nullable(),
  histogram: histogramSchema.nullable(),
  /** Most frequent values, at most 20. */
  top: z.array(z.object({ value: z.string(), count: z.int() }))
})
export type ColumnProfile = z.infer<typeof columnProfileSchema>

const pair = {
  a: z.string(),
  b: z.string(),
  value: z.number(),
  /** Rows in which both columns have a value; the figure is about these alone. */
  rows: z.int(),
  /** Rows of the table, where `rows` are an evenly spaced sample of it. */
  sampledFrom: z.int().optional()
}

export const pairMethods = ['pearson', 'spearman', 'cramers-v', 'cramers-v-corrected'] as const

/** A figure of two columns. Cramer's V is the plain one, and the one corrected for the bias that many categories bring. */
export const pairFigureSchema = z.object({ ...pair, method: z.enum(pairMethods) })
export type PairFigure = z.infer<typeof pairFigureSchema>

export const pairMethodWords: Record<PairFigure['method'], string> = {
  pearson: 'Pearson r',
  spearman: 'Spearman rho',
  'cramers-v': "Cramer's V",
  'cramers-v-corrected': "Cramer's V, corrected for bias"
}

/** One of the strongest pairs; Cramer's V is the corrected one here. */
export const associationSchema = z.object({ ...pair, measure: z.enum(['pearson', 'spearman', 'cramers-v']) })
export type Association = z.infer<typeof associationSchema>

export const tableProfileSchema = z.object({
  rows: z.int(),
  columns: z.array(columnProfileSchema),
  /** Rows that repeat an earlier row in every column. */
  duplicateRows: z.int(),
  /** Strongest pairs first. */
  associations: z.array(associationSchema),
  /** Pairs of columns that are missing in the same rows; jaccard 0..1. */
  missingTogether: z.array(z.object({ a: z.string(), b: z.string(), rows: z.int(), jaccard: z.number() })),
  /** Rows per period of the time column. */
  timeline: z
    .object({
      column: z.string(),
      unit: z.enum(['day', 'month', 'year']),
      periods: z.array(z.object({ start: z.string(), count: z.int() }))
    })
    .nullable(),
  /** Rows the pairwise figures were computed on; equal to `rows` unless the table is large. */
  pairwiseRows: z.int()
})
export type TableProfile = z.infer<typeof tableProfileSchema>

/** The outcome to predict, and which of its values are the event. */
export const targetSpecSchema = z.object({
  column: z.string(),
  ...own.asked,
  /** Which kind of question a model would answer; by the values of the target where it is left out. */
  task: z.enum(taskNames).optional(),
  /** Of an amount: what a model would be fitted to. */
  ...taskParts.regression.qualityTarget.asked
})
export type TargetSpec = z.infer<typeof targetSpecSchema>

export const qualityOptionsSchema = z.object({
  /** Default: the column with the role target. */
  target: targetSpecSchema.optional(),
  /** Columns that a model would use; default: what a training reads unless it is told otherwise, the roles feature, time and group. */
  features: z.array(z.string()).optional(),
  /** Columns that together must be unique; default: those with the role identifier, each by itself. */
  key: z.array(z.string()).optional()
})
export type QualityOptions = z.infer<typeof qualityOptionsSchema>

export const qualityTargetSchema = z.object({
  column: z.string(),
  ...own.found,
  rate: z.number(),
  rows: z.int(),
  /** Why it could not be told which value is the event, where nobody said it: the figures are then about every value but the most frequent one. */
  doubt: z.string().optional()
})

/** How many findings a report has of each severity. */
export const findingCountsSchema = z.object({ error: z.int(), warning: z.int(), info: z.int() })

export const qualityReportSchema = z.object({
  format: z.literal('drydock-quality/1'),
  subject: z.string(),
  sha256: Sha256,
  rows: z.int(),
  columnCount: z.int(),
  target: qualityTargetSchema.nullable(),
  /** Leaks of which column were looked for, and as which kinds of question; reports of earlier versions looked for those of `target` alone. */
  sought: z.object({ column: z.string(), tasks: z.array(z.enum(taskNames)) }).optional(),
  features: z.array(z.string()),
  /** What the import of the version left out of the file, lost or changed; absent where that is not known. */
  imported: z
    .object({
      rowsLeftOut: z.int(),
      cellsLost: z.int(),
      cellsAltered: z.int(),
      /** The versions that were imported, where the table is made from them and is none of them. */
      from: z.array(DatasetRef).optional()
    })
    .optional(),
  counts: findingCountsSchema,
  /** Errors first, then by share of rows. */
  findings: z.array(qualityFindingSchema),
  /** What ties the table to the rows held back from it, where these were given and a role told which columns to look at. */
  split: splitCheckSchema.optional(),
  /** Every pairwise figure, absent from reports that were made before there were all of them. */
  pairs: z.array(pairFigureSchema).optional()
})
export type QualityReport = z.infer<typeof qualityReportSchema>

export const qualityReportSummarySchema = z.object({
  id: QualityReportId,
  dataset: z.string(),
  ref: DatasetRef,
  sha256: Sha256,
  rows: z.int(),
  counts: findingCountsSchema,
  options: qualityOptionsSchema,
  createdAt: z.string(),
  createdBy: z.string().nullable(),
  /** Content address of the stored JSON. */
  object: z.string()
})
export type QualityReportSummary = z.infer<typeof qualityReportSummarySchema>

export const qualityReportDetailSchema = qualityReportSummarySchema.extend({ report: qualityReportSchema, profile: tableProfileSchema })
export type QualityReportDetail = z.infer<typeof qualityReportDetailSchema>

/** As what leaks of the target were looked for, in words, such as "price, an amount"; null where there is no target. */
export function soughtText({ sought, target }: Pick<QualityReport, 'sought' | 'target'>): string | null {
  if (!sought) return target?.column ?? null
  return `${sought.column}, ${sought.tasks.map((task) => taskOf({ task }).words).join(' or ')}`
}

/** What the report was made from, in words that say no more than is so. */
export function rowsCheckedText({ rows, imported }: Pick<QualityReport, 'rows' | 'imported'>): string {
  const count = (n: number, what: string): string => `${n.toLocaleString('en-US')} ${n === 1 ? what : `${what}s`}`
  if (!imported) return `all ${count(rows, 'row')} of the table`
  const { from } = imported
  const file = from && from.length > 1 ? 'files' : 'file'
  const lost = [
    ...(imported.rowsLeftOut ? [`${count(imported.rowsLeftOut, 'row')} of the ${file} left out`] : []),
    ...(imported.cellsLost ? [`${count(imported.cellsLost, 'cell')} of the ${file} missing because they do not fit`] : [])
  ]
  if (from)
    return `all ${count(rows, 'row')} of a table made from ${from.join(', ')}; ${lost.join(', ') || `nothing of the ${file} left out`}`
  return lost.length > 0
    ? `all ${count(rows, 'row')} of the version; ${lost.join(', ')}`
    : `all ${count(rows, 'row')}, none of the file left out`
}
