import type { Grouping } from '../../frames'
import type { Outcomes } from '../outcomes'
import { effectiveShare, unitsOf, unitsOfRows } from '../resampling'
import type { CountedShare } from '../share-gaps'

/** Shares of the rows of one group; lists are by class. */
export interface GroupShares {
  accuracy: CountedShare
  selection: CountedShare[]
  truePositive: CountedShare[]
  falsePositive: CountedShare[]
}

/**
 * The shares of each group where rows of a cluster vary together, as counts of as many plain rows as say the same (see `effectiveShare`);
 * `clusters` has the cluster of each row.
 */
export function clusteredShares(
  { codes, names }: Grouping,
  { labels, weights }: Outcomes,
  decided: Uint16Array,
  classes: number,
  clusters: Uint32Array
): GroupShares[] {
  const units = unitsOf(labels.length, clusters, Infinity)
  const rowsOf: number[][] = names.map(() => [])
  codes.forEach((code, row) => rowsOf[code]!.push(row))
  return rowsOf.map((rows): GroupShares => {
    const own = unitsOfRows(units, rows)
    const share = (holds: (row: number) => boolean, counts: (row: number) => boolean): CountedShare => {
      const whole = Float64Array.from(rows, (row) => (counts(row) ? (weights ? weights[row]! : 1) : 0))
      return effectiveShare(
        whole.map((weight, at) => (holds(rows[at]!) ? weight : 0)),
        whole,
        own
      )
    }
    const byClass = (of: (place: number) => CountedShare): CountedShare[] => Array.from({ length: classes }, (_, place) => of(place))
    const isFor = (place: number) => (row: number) => decided[row] === place
    return {
      accuracy: share(
        (row) => decided[row] === labels[row],
        () => true
      ),
      selection: byClass((place) => share(isFor(place), () => true)),
      truePositive: byClass((place) => share(isFor(place), (row) => labels[row] === place)),
      falsePositive: byClass((place) => share(isFor(place), (row) => labels[row] !== place))
    }
  })
}
