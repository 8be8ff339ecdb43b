import { countUnits, type CountedRows } from '../resampling'

/**
 * How many rows or clusters have a row that counts of the outcome that fewer of them have. Rows of one cluster do not say how clusters differ,
 * and a cluster of one outcome says nothing of how those of the other do.
 */
export function unitsOfRarer(labels: Uint8Array, { weights, units }: CountedRows): number {
  const [events, others] = [1, 0].map((outcome) =>
    countUnits(units, labels.length, (row) => labels[row] === outcome && (!weights || weights[row]! > 0))
  ) as [number, number]
  return Math.min(events, others)
}
