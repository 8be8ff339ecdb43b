import { z } from 'zod'
import type { EncodedTable, FeatureEncoding } from '../features'

/**
 * One feature's part in the log-odds. A number adds weight * (x - mean) / scale, with `fill` for a missing x and `missingWeight` on top;
 * a category adds the weight of its code (kept ones, then rare or unknown, then missing).
 */
export const linearTermSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('number'),
    fill: z.number(),
    mean: z.number(),
    scale: z.number(),
    weight: z.number(),
    missingWeight: z.number()
  }),
  z.object({ type: z.literal('category'), weights: z.array(z.number()) })
])
export type LinearTerm = z.infer<typeof linearTermSchema>

export const linearModelSchema = z.object({ intercept: z.number(), terms: z.array(linearTermSchema) })
export type LinearModel = z.infer<typeof linearModelSchema>

/** Log-odds of encoded rows, in double precision on the float32 inputs. */
export function predictLinear(model: LinearModel, table: EncodedTable): Float64Array {
  const scores = new Float64Array(table.rows).fill(model.intercept)
  model.terms.forEach((_, index) => {
    const part = contributionOf(model, index, table)
    for (let row = 0; row < table.rows; row++) scores[row]! += part[row]!
  })
  return scores
}

/** What one feature adds to the log-odds of every row. */
export function contributionOf(model: LinearModel, index: number, table: EncodedTable): Float64Array {
  const term = model.terms[index]!
  const column = table.columns[index]!
  const part = new Float64Array(table.rows)
  for (let row = 0; row < table.rows; row++) {
    const x = column[row]!
    if (term.type === 'category') part[row] = term.weights[x]!
    else if (x !== x) part[row] = ((term.fill - term.mean) / term.scale) * term.weight + term.missingWeight
    else part[row] = ((x - term.mean) / term.scale) * term.weight
  }
  return part
}

/** The design before fitting: every term with zero weights, and how many weights it takes. */
export function deriveTerms(table: EncodedTable, encodings: readonly FeatureEncoding[], imputation: 'median' | 'mean'): LinearTerm[] {
  return encodings.map((encoding, index) => {
    const column = table.columns[index]!
    if (column instanceof Uint32Array) return { type: 'category', weights: new Array<number>(encoding.kept.length + 2).fill(0) }
    const present = column.filter((value) => value === value)
    const fill = present.length === 0 ? 0 : imputation === 'mean' ? meanOf(present) : medianOf(present)
    const filled = Float64Array.from(column, (value) => (value === value ? value : fill))
    const mean = meanOf(filled)
    let squares = 0
    for (const value of filled) squares += (value - mean) ** 2
    const spread = Math.sqrt(squares / Math.max(filled.length, 1))
    // The spread of a constant column is rounding noise, which must not be blown up to one.
    const scale = spread > 1e-12 * Math.max(Math.abs(mean), 1e-300) ? spread : 1
    return { type: 'number', fill, mean, scale, weight: 0, missingWeight: 0 }
  })
}

function meanOf(values: Float32Array | Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / Math.max(values.length, 1)
}

function medianOf(values: Float32Array | Float64Array): number {
  const sorted = values.slice().sort()
  const half = sorted.length >> 1
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** @throws Error with the reason where weights and features do not fit each other */
export function assertTerms({ terms }: LinearModel, features: readonly FeatureEncoding[]): void {
  if (terms.length !== features.length) throw new Error('it has not one term per feature')
  terms.forEach((term, index) => {
    const feature = features[index]!
    const expected = feature.kind === 'category' ? feature.kept.length + 2 : 0
    if ((term.type === 'category' ? term.weights.length : 0) !== expected) throw new Error(`the weights of "${feature.name}" do not fit it`)
  })
}
