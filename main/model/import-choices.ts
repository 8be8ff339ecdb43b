import { z } from 'zod'
import { detectionLimits, encodings, importTypes, quoteEscapes, sourceFormats } from './choice-words'
import { columnMetadataSchema } from './dataset-column'

export const importTypeSchema = z.enum(importTypes)
export type ImportType = z.infer<typeof importTypeSchema>

export const sourceFormatSchema = z.enum(sourceFormats)
export type SourceFormat = z.infer<typeof sourceFormatSchema>

export const encodingSchema = z.enum(encodings)
export type Encoding = z.infer<typeof encodingSchema>

/** How a text table is written down. */
export const dialectSchema = z.object({
  delimiter: z.string().length(1),
  quote: z.union([z.literal(''), z.string().length(1)]).describe('Empty: the file has no quoting.'),
  header: z.boolean(),
  encoding: encodingSchema,
  decimal: z.enum(['.', ',']),
  escape: z.enum(quoteEscapes).optional().describe('How a quote stands within quotes: doubled, or behind a backslash. Absent: doubled.'),
  skipLines: z.int().min(0).max(1_000).describe('Lines before the header or the first row that are not part of the table.')
})
export type Dialect = z.infer<typeof dialectSchema>

/** What a person decided about one column before the import; `source` is its name in the file. */
export const columnChoiceSchema = columnMetadataSchema.partial().extend({
  source: z.string(),
  name: z.string().min(1).max(200).optional(),
  type: importTypeSchema.optional(),
  dateFormat: z
    .string()
    .max(40)
    .optional()
    .describe('How dates and timestamps are written, in strptime notation (`%d/%m/%Y`); default: found from the values.'),
  otherDateFormats: z
    .array(z.string().max(40))
    .max(4)
    .optional()
    .describe('Further ways in which the dates of the column are written; a value that the first does not fit is read by the next.'),
  decimal: z.enum(['.', ',']).optional().describe('Decimal mark of the column; default: found from its values, else that of the file.'),
  nullTokens: z
    .array(z.string().max(64))
    .max(64)
    .optional()
    .describe('Texts that mean "no value" in this column, in place of those of the file.'),
  moreNullTokens: z
    .array(z.string().min(1).max(64))
    .max(16)
    .optional()
    .describe('Texts that mean "no value" in this column besides those that do anyway.'),
  strip: z
    .array(z.string().min(1).max(16))
    .max(8)
    .optional()
    .describe('Texts before or behind a number that are left away: `EUR`, `kg`, `%`.'),
  trailingMinus: z.boolean().optional().describe('True: `100.00-`, `(100.00)` and `−100.00` with the minus sign of print are -100.00.'),
  detectionLimit: z
    .enum(detectionLimits)
    .optional()
    .describe('What a detection limit such as `<0.5` becomes: the limit or half of it. Absent: missing, with its text kept beside.'),
  drop: z.boolean().optional().describe('Left out of the version altogether.')
})
export type ColumnChoice = z.infer<typeof columnChoiceSchema>

/** Everything that decides what a version contains: the same bytes and options give the same version. */
export const importChoicesSchema = z.object({
  format: sourceFormatSchema.exclude(['derived']).optional(),
  dialect: dialectSchema.partial().optional(),
  nullTokens: z
    .array(z.string().max(64))
    .max(64)
    .optional()
    .describe(
      'Texts that mean "no value"; by default empty, NA, N/A, #N/A, NaN, NULL, null, \\N. Never "None" by default: it is often a category.'
    ),
  columns: z.array(columnChoiceSchema).max(20_000).optional()
})
export type ImportChoices = z.infer<typeof importChoicesSchema>
