import { z } from 'zod'
import { importedModelSchema } from './imported-model'
import { Sha256 } from './reference'

/**
 * How far a model answers otherwise than the program that trained it predicted for the same rows; lies beside model.onnx as parity.json.
 * Probabilities and amounts are compared as float64; the ONNX graph gives float32.
 */
export const paritySchema = z.object({
  schema: z.literal('drydock.parity'),
  version: z.literal(1),
  task: z.string(),
  /** Digest of model.onnx, and of the file it was made from where nodes were laid around that. */
  model: Sha256,
  original: Sha256.nullable(),
  /** The rows, by the digest of their table and the input that brought it. */
  table: z.object({ input: z.string(), sha256: Sha256 }),
  predictions: z.object({ name: z.string(), sha256: Sha256, columns: z.array(z.string()) }),
  rows: z.int().min(1),
  largest: z.number().min(0).describe('Largest difference of a probability or amount.'),
  mean: z.number().min(0).describe('Mean difference.'),
  largestRelative: z
    .number()
    .min(0)
    .nullable()
    .describe('Of amounts: largest difference as a share of what the original predicted, of at least 1.'),
  flips: z
    .int()
    .min(0)
    .nullable()
    .describe('Rows that are decided otherwise: at the threshold, or by the most probable class; null for amounts.'),
  threshold: z.number().min(0).max(1).nullable(),
  /** The row with the largest difference, counted from 0. */
  worst: z.object({ row: z.int().min(0), original: z.number(), model: z.number() })
})
export type Parity = z.infer<typeof paritySchema>

/** Where the model of a run comes from, for one that was made elsewhere, and its certificate. */
export const modelOriginSchema = z.object({ imported: importedModelSchema.nullable(), parity: paritySchema.nullable() })
export type ModelOrigin = z.infer<typeof modelOriginSchema>

/** A difference by its first two digits: `0.034`, and small ones all in the same way, `7.6e-6`. */
export const differenceWords = (value: number): string =>
  value !== 0 && value < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(2)))

/** A share of an amount in percent, by its first two digits. */
export const shareWords = (share: number): string =>
  share > 0 && share < 1e-5 ? 'below 0.001%' : `${Number((100 * share).toPrecision(2))}%`

/** The certificate in one sentence. */
export function describeParity({ rows, largest, largestRelative, flips, threshold }: Parity): string {
  const decided =
    flips === null
      ? `the largest is ${shareWords(largestRelative!)} of the amount`
      : `${flips === 0 ? 'no decision changes' : `${flips} ${flips === 1 ? 'decision changes' : 'decisions change'}`}${threshold === null ? '' : ` at the threshold ${threshold}`}`
  return `The model differs by at most ${differenceWords(largest)} from what the original predicted for ${rows} rows, and ${decided}.`
}
