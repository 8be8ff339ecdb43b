import { z } from 'zod'

/** What the record of events can say of itself. */
export const RecordState = z.object({
  total: z.number().int(),
  /** Whether every entry follows from the one before it. */
  intact: z.boolean(),
  /** The newest bundle that was exported from here: it holds the digests of the entries before it, out of reach of who changes this record. */
  heldBy: z.object({ at: z.string(), entries: z.number().int() }).nullable().default(null)
})
export type RecordState = z.infer<typeof RecordState>

const cannot =
  'That the newest entries were not cut off, or the whole not written anew, only a copy can tell that is kept somewhere else: the record in an exported bundle.'

/** In sentences: what was found, what it means, and what cannot be known from here. */
export function describeRecord({ total, intact, heldBy }: RecordState): string {
  if (!intact)
    return 'An entry of the record was changed, removed or put in another place after it was written. Compare it with a backup, or with the record in an exported bundle, before relying on it.'
  const found = total === 0 ? 'Nothing was recorded yet.' : `The entries ${total === 1 ? '1' : `1 to ${total}`} follow from one another.`
  const held = heldBy
    ? `The newest bundle from here, of ${heldBy.at.slice(0, 10)}, holds the first ${heldBy.entries}.`
    : 'No bundle was exported from here yet.'
  return `${found} ${cannot} ${held}`
}
