import type { EncodedTable } from '../features'
import type { TermLayout } from './terms'

/** One feature in the design: standardised values with a missing mark, or codes; `at` is its first weight. */
export type DesignBlock =
  { at: number; values: Float64Array; missing: Uint8Array | null } | { at: number; codes: Uint32Array; weights: number }

/**
 * The columns of a fit: the intercept (weight 0), then the blocks. One output has `size` weights; those of several outputs follow each other.
 * Margins and residuals of several outputs do so too: all rows of the first, then all of the second.
 */
export interface Design {
  rows: number
  size: number
  blocks: DesignBlock[]
}

/** A mark that is always or never set says nothing beyond the intercept, and has no weight. */
export function layOut(table: EncodedTable, terms: readonly TermLayout[]): Design {
  let size = 1
  const blocks = terms.map((term, index): DesignBlock => {
    const at = size
    const column = table.columns[index]!
    if (term.type === 'category') {
      size += term.codes
      return { at, codes: column as Uint32Array, weights: term.codes }
    }
    const missing = new Uint8Array(column.length)
    const values = new Float64Array(column.length)
    let missingRows = 0
    for (let row = 0; row < column.length; row++) {
      const value = column[row]!
      if (value !== value) missingRows += missing[row] = 1
      values[row] = ((value === value ? value : term.fill) - term.mean) / term.scale
    }
    const isMarked = missingRows > 0 && missingRows < table.rows
    size += isMarked ? 2 : 1
    return { at, values, missing: isMarked ? missing : null }
  })
  return { rows: table.rows, size, blocks }
}

/** Whether a number has the same value in every row. */
export const isStill = (block: DesignBlock): boolean => 'values' in block && block.values.every((value) => value === block.values[0])

/** Writes the margins of one output from its weights. */
export function writeMargins({ blocks }: Design, weights: Float64Array, margins: Float64Array): void {
  margins.fill(weights[0]!)
  for (const block of blocks) addBlock(block, weights, margins)
}

function addBlock(block: DesignBlock, weights: Float64Array, margins: Float64Array): void {
  if ('codes' in block) {
    for (let row = 0; row < margins.length; row++) margins[row]! += weights[block.at + block.codes[row]!]!
    return
  }
  const weight = weights[block.at]!
  for (let row = 0; row < margins.length; row++) margins[row]! += block.values[row]! * weight
  if (!block.missing) return
  const missingWeight = weights[block.at + 1]!
  for (let row = 0; row < margins.length; row++) if (block.missing[row]) margins[row]! += missingWeight
}

/** Writes the slope of one output's loss by its weights, from the slope of every row's loss by its margin. */
export function writeSlope({ blocks }: Design, residuals: Float64Array, slope: Float64Array): void {
  let sum = 0
  for (let row = 0; row < residuals.length; row++) sum += residuals[row]!
  slope[0] = sum
  for (const block of blocks) blockSlope(block, residuals, slope)
}

function blockSlope(block: DesignBlock, residuals: Float64Array, slope: Float64Array): void {
  if ('codes' in block) {
    slope.fill(0, block.at, block.at + block.weights)
    for (let row = 0; row < residuals.length; row++) slope[block.at + block.codes[row]!]! += residuals[row]!
    return
  }
  let sum = 0
  let marked = 0
  for (let row = 0; row < residuals.length; row++) {
    sum += block.values[row]! * residuals[row]!
    if (block.missing?.[row]) marked += residuals[row]!
  }
  slope[block.at] = sum
  if (block.missing) slope[block.at + 1] = marked
}
