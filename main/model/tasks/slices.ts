import { z } from 'zod'
import { count, share } from './estimate'

/** Rows with the same value, or values in the same range, of one or two columns. */
const sliceSchema = z.object({
  where: z
    .array(z.object({ column: z.string(), value: z.string() }))
    .min(1)
    .max(2),
  count,
  /** Mean loss of the rows of the slice, and how much more that is than the mean loss of all other rows. */
  loss: z.number(),
  difference: z.number(),
  /** Bounds of the difference that hold for all slices that were looked at; `upper` is null where nothing bounds it. */
  lower: z.number(),
  upper: z.number().nullable(),
  /** How often chance makes one of the slices that were looked at as bad as this; small is beyond chance. */
  p: share
})
export type Slice = z.infer<typeof sliceSchema>

/** Where a model does worse than elsewhere: the worst of all slices that were looked at, their number counted in. */
export const slicesSchema = z.object({
  /** The loss that was compared, in words, such as "mean squared error". */
  loss: z.string(),
  /** Its mean over all judged rows. */
  mean: z.number(),
  level: share,
  /** Slices of one and of two columns that were compared; smaller ones than `minimumRows` were left out. */
  examined: count,
  minimumRows: count,
  /** Columns of the table that no slice was made of. */
  leftOut: z.array(z.object({ column: z.string(), reason: z.string() })).max(200),
  worst: z.array(sliceSchema).max(20)
})
export type Slices = z.infer<typeof slicesSchema>

/** What can be said of one slice: whether it is worse than the rest by more than the number of slices explains. */
export const isBeyondChance = ({ lower }: Pick<Slice, 'lower'>): boolean => lower > 0
