import type { Random } from '../../numerics'

/** What is drawn again as a whole: a row, or a cluster of rows that do not stand for themselves. */
export interface Units {
  count: number
  /** Unit of each row; null where each row is one. */
  of: Uint32Array | null
  /** True where rows stand for themselves and are together only so that there are fewer to draw. */
  areRows?: true
}

/** Rows that count by weight, or come in clusters of which each is one. */
export interface CountedRows {
  weights: Float64Array | null
  units: Units
}

/**
 * The units of rows: the clusters where the split kept groups or blocks of time apart (`clusters`: any number for each row, the same for rows
 * of one cluster), else the rows themselves. Rows and clusters beyond `most` are put together without regard to their values: sums of
 * independent units are independent too, and so the time of a resample has a bound.
 */
export function unitsOf(rows: number, clusters: Uint32Array | null, most = 50_000): Units {
  if (!clusters)
    return rows <= most
      ? { count: rows, of: null }
      : { count: most, of: Uint32Array.from({ length: rows }, (_, row) => row % most), areRows: true }
  const numbers = new Map<number, number>()
  const of = Uint32Array.from(clusters, (cluster) => {
    const known = numbers.get(cluster) ?? numbers.size
    numbers.set(cluster, known)
    return known % most
  })
  return { count: Math.min(numbers.size, most), of }
}

/** With fewer rows or clusters resamples do not say how uncertain a difference is. */
export const fewestUnits = 10

/**
 * Runs over the same rows with the same clusters: those that any of them knows, and where they know different ones the fewest, so that which run
 * comes first does not matter.
 */
export function shareClusters<Run extends { scores: { clusters?: Uint32Array | null } }>(runs: readonly Run[]): Run[] {
  const known = runs.map(({ scores }) => scores.clusters).filter((clusters) => clusters !== undefined && clusters !== null)
  if (known.length === 0) return [...runs]
  const counts = known.map((clusters) => unitsOf(clusters.length, clusters, Infinity).count)
  const clusters = known[counts.indexOf(counts.reduce((least, count) => Math.min(least, count)))]!
  return runs.map((run) => ({ ...run, scores: { ...run.scores, clusters } }))
}

/** The units of some of the rows. */
export function unitsOfRows({ of }: Units, rows: ArrayLike<number>): Units {
  const own = of && Uint32Array.from(rows, (row) => of[row]!)
  return unitsOf(rows.length, own)
}

/** The rows with a weight above zero, where some have none; null where all count. */
export function countingRows(weights: Float64Array | null): Uint32Array | null {
  if (!weights || weights.every((weight) => weight > 0)) return null
  return Uint32Array.from(weights.keys()).filter((row) => weights[row]! > 0)
}

/** How many units have a row that something holds for: rows of a cluster may be exchanged together only. */
export function countUnits({ count, of }: Units, rows: number, holds: (row: number) => boolean): number {
  const found = new Uint8Array(of ? count : rows)
  for (let row = 0; row < rows; row++) if (holds(row)) found[of ? of[row]! : row] = 1
  return found.reduce((sum, each) => sum + each, 0)
}

/** The sums over the rows of each unit. */
export function sumsByUnit(values: Float64Array, { count, of }: Units): Float64Array {
  if (!of) return values
  const sums = new Float64Array(count)
  for (let row = 0; row < values.length; row++) sums[of[row]!]! += values[row]!
  return sums
}

/** Draws as many units as there are, with replacement: how often each came up (Efron 1979; whole clusters: Davison and Hinkley 1997, 3.8). */
export function drawUnits(times: Uint32Array, random: Random): void {
  times.fill(0)
  const { length } = times
  for (let draw = 0; draw < length; draw++) times[random.below(length)]!++
}

/** How often each row came up, from how often its unit did: rows of a unit come and go together. */
export function timesOfRows(times: Uint32Array, { of }: Units, rows: Uint32Array): Uint32Array {
  if (!of) rows.set(times)
  else for (let row = 0; row < rows.length; row++) rows[row] = times[of[row]!]!
  return rows
}
