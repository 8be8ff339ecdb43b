/**
 * How judged rows that the training does not hold in all columns meet its rows as a model sees them. Rows that are equal in all columns
 * count once, so that a table with every row twice is like the table itself. A kind is a set of rows that are one for the model.
 */
export interface Meetings {
  /** Different rows of the training table. */
  rows: number
  /** How many kinds of the training have 1, 2, 3, ... different rows. */
  kinds: number[]
  /** Different judged rows that the training does not hold. */
  fresh: number
  /** How many kinds of these are kinds of the training too that have 1, 2, 3, ... rows there. */
  met: number[]
}

/** Kinds with more rows are the ordinary ones, and say nothing. */
export const MAX_ROWS_OF_KIND = 5

/**
 * Whether judged rows meet the training, as the model sees both, more often than new rows of the same sort would. A row that is left out of
 * the training finds k others of its kind there if it was one of k + 1: so often a new row finds k, in a coarse table often, in a fine one
 * hardly ever. Rows of the training under another number or with another mark find k as often as the training has kinds of k, which in a
 * fine table is nearly always. More is asked for than chance explains: three times what was seen and four kinds (none seen among a hundred
 * rows does not mean none), three standard deviations, and four that one odd group of rows may bring. Kinds of many rows are the ordinary
 * ones and say nothing, so judging one frequent sort of rows is no alarm. What stays below is chance, or too little to be told from it.
 */
export function isBeyondChance({ rows, kinds, fresh, met }: Meetings): boolean {
  return met.some((found, index) => {
    const others = index + 1
    if (others === MAX_ROWS_OF_KIND) return false
    const expected = ((others + 1) * (3 * kinds[others]! + 4) * fresh) / rows
    return found > expected + 3 * Math.sqrt(expected) + 4
  })
}
