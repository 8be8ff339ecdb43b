import { z } from 'zod'
import { countOf } from '../../model/count-of'
import { WorkbenchError } from '../../model/errors'
import { featureKindSchema, type FeatureKind } from '../../model/training'
import { columnOf, type Column, type Frame } from '../frames'
import { countMerged, needsDouble, type Merged } from './precision'

/**
 * How a column becomes numbers, fixed at training. Numbers are float32, NaN is missing. A category becomes a code:
 * 0..K-1 for the kept ones, K for rare and unknown ones, K+1 for missing.
 */
export const featureEncodingSchema = z.object({
  name: z.string().min(1),
  kind: featureKindSchema,
  missingShare: z.number(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** Kept categories, most frequent first; empty for numbers. */
  kept: z.array(z.string()),
  /** Whether a text outside the kept ones has the code K. Models of the first versions said no where none was rare: it counts as missing (K+1). */
  hasOther: z.boolean(),
  /** Share of the training rows whose text is not among the kept ones. */
  rareShare: z.number().optional(),
  categoryCount: z.int(),
  /** Set for numbers that are read as they are, because single precision would make different values equal. */
  precision: z.literal('double').optional()
})
export type FeatureEncoding = z.infer<typeof featureEncodingSchema>

/** Feature values ready for a model, one array per feature: Float32Array or Float64Array for numbers, Uint32Array of codes for categories. */
export interface EncodedTable {
  rows: number
  columns: (Float32Array | Float64Array | Uint32Array)[]
}

/** @throws WorkbenchError INVALID_INPUT for an empty list, a repeated column, the target among the features, an empty name */
export function assertFeatureNames(names: readonly string[], target: string): void {
  const fail = (message: string): never => {
    throw new WorkbenchError('INVALID_INPUT', message, { details: { features: names.slice(0, 100), target } })
  }
  if (names.length === 0) fail('No column is left to learn from. Add at least one feature besides the target.')
  if (names.includes(target))
    fail(`The target "${target}" is among the features, so the model would only copy it. Remove it from the features.`)
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated !== undefined) fail(`The feature "${repeated}" is listed twice. List every column once.`)
  if (names.includes('')) fail('A column has no name, so a model cannot ask for it. Give it a name first.')
}

/** Learns the encoding of the features. `keepCategories(counts)` says how many of the most frequent categories stay apart. */
export function deriveEncodings(
  frame: Frame,
  names: readonly string[],
  keepCategories: (descendingCounts: readonly number[]) => number
): FeatureEncoding[] {
  return names.map((name) => {
    const column = columnOf(frame, name)
    let missing = 0
    if (column.kind !== 'category') {
      let min = Infinity
      let max = -Infinity
      for (const value of column.values) {
        if (Number.isNaN(value)) missing++
        else {
          if (value < min) min = value
          if (value > max) max = value
        }
      }
      const seen = missing < frame.rows
      const shared = { missingShare: frame.rows ? missing / frame.rows : 0, kept: [], hasOther: false, categoryCount: 0 }
      const precision = needsDouble(countMerged(column.values)) ? { precision: 'double' as const } : {}
      return { name, kind: column.kind, min: seen ? min : null, max: seen ? max : null, ...shared, ...precision }
    }
    const counts = new Int32Array(column.categories.length)
    for (const code of column.codes) {
      if (code < 0) missing++
      else counts[code]!++
    }
    const present = [...counts.keys()].filter((code) => counts[code]! > 0)
    const text = column.categories
    present.sort((a, b) => counts[b]! - counts[a]! || (text[a]! < text[b]! ? -1 : 1))
    const keep = keepCategories(present.map((code) => counts[code]!))
    return {
      name,
      kind: 'category',
      missingShare: frame.rows ? missing / frame.rows : 0,
      min: null,
      max: null,
      kept: present.slice(0, keep).map((code) => text[code]!),
      hasOther: true,
      rareShare: frame.rows ? present.slice(keep).reduce((sum, code) => sum + counts[code]!, 0) / frame.rows : 0,
      categoryCount: present.length
    }
  })
}

/** Says which columns have infinite values, some beyond float32, or some with more digits than a 64-bit number holds. */
export function rangeWarnings(frame: Frame, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const column = columnOf(frame, name)
    if (column.kind === 'category') return []
    const { outOfRange, rounded = 0 } = column
    return [
      ...(outOfRange > 0
        ? [
            `The column "${name}" has ${countOf(outOfRange, 'value')} in the table that ${outOfRange === 1 ? 'is infinite or beyond float32; it counts' : 'are infinite or beyond float32; they count'} as missing.`
          ]
        : []),
      ...(rounded > 0
        ? [
            `The column "${name}" has ${countOf(rounded, 'value')} in the table with more digits than a 64-bit number holds; a model learns from the nearest number, which can make different values equal. If it is an identifier, leave it out; if the last digits matter, subtract a constant first.`
          ]
        : [])
    ]
  })
}

/** Columns of numbers of which single precision merges values, with the precision in which a model reads each. */
export function mergedColumns(
  frame: Frame,
  features: readonly Pick<FeatureEncoding, 'name' | 'precision'>[]
): (Merged & { column: string; precision: 'single' | 'double' })[] {
  return features.flatMap(({ name, precision = 'single' as const }) => {
    const column = columnOf(frame, name)
    if (column.kind === 'category') return []
    const found = countMerged(column.values)
    return found.merged > 0 ? [{ column: name, ...found, precision }] : []
  })
}

const words = { category: 'text', number: 'numbers', boolean: 'numbers', timestamp: 'points in time' } as const

/**
 * Whether a column can stand for one that a model learned as `kind`. A column without any value has no type of its own and fits as "empty".
 * @throws WorkbenchError INVALID_INPUT when one is text, numbers or points in time and the other is not
 */
export function matchKind(name: string, column: Column, kind: FeatureKind): 'same' | 'empty' {
  if (words[column.kind] === words[kind]) return 'same'
  if (column.kind === 'category' ? column.codes.every((code) => code < 0) : column.values.every(Number.isNaN)) return 'empty'
  throw new WorkbenchError(
    'INVALID_INPUT',
    `The column "${name}" holds ${words[column.kind]}, but the model learned it as ${words[kind]}. Convert the column to the type it had in training.`,
    { details: { column: name } }
  )
}

/**
 * Applies encodings to a table.
 * @throws WorkbenchError INVALID_INPUT when a column is missing or of another type than in training
 */
export function encodeFeatures(frame: Frame, encodings: readonly FeatureEncoding[]): EncodedTable {
  const columns = encodings.map((encoding) => {
    const column = columnOf(frame, encoding.name)
    const missing = encoding.kept.length + 1
    const Numbers = encoding.precision === 'double' ? Float64Array : Float32Array
    if (matchKind(encoding.name, column, encoding.kind) === 'empty')
      return encoding.kind === 'category' ? new Uint32Array(frame.rows).fill(missing) : new Numbers(frame.rows).fill(NaN)
    if (column.kind !== 'category') return Numbers.from(column.values)
    const index = new Map(encoding.kept.map((category, code) => [category, code]))
    const fallback = encoding.hasOther ? encoding.kept.length : missing
    const recode = Uint32Array.from(column.categories, (category) => index.get(category) ?? fallback)
    return Uint32Array.from(column.codes, (code) => (code < 0 ? missing : recode[code]!))
  })
  return { rows: frame.rows, columns }
}

/** Tables of the same encodings one below the other. */
export function concatTables(tables: readonly EncodedTable[]): EncodedTable {
  if (tables.length === 1) return tables[0]!
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const columns = tables[0]!.columns.map((first, index) => {
    const Cells = first.constructor as Float32ArrayConstructor
    const whole: EncodedTable['columns'][number] = new Cells(rows)
    let at = 0
    for (const { columns: own } of tables) {
      whole.set(own[index]!, at)
      at += own[index]!.length
    }
    return whole
  })
  return { rows, columns }
}

/** The chosen rows of one encoded column. */
export const selectCells = (column: EncodedTable['columns'][number], rows: Uint32Array): EncodedTable['columns'][number] =>
  (column.constructor as Float32ArrayConstructor).from(rows, (row) => column[row]!)
