import type { PairMethod } from '../../../model/tasks'
import { correlationOf, independentDifference, normalDifference, type Difference } from '../../numerics'

/** Ends of a 95% interval, and how many clusters it rests on at least, where that is fewer than all of them. */
export interface Bounds {
  lower: number
  upper: number
  clusters?: number
}

/** A figure that no resample bounds, as chance adds to it: its value, the 95% interval of its evaluation, and its value in each resample. */
export interface BoundedFigure {
  value: number
  bounds: Bounds
  draws: Float64Array
}

/**
 * The difference of two such figures of the same rows, from both intervals and how the figures move together in the same resamples (Zou 2007).
 * A figure that may lie at the end of what it can be (`mayBeNone`) is off to one side only: then the far ends of both bound the difference.
 * @param clusters that the rows come in, which leave the ends open as Student's distribution has it at every level; null where rows stand for
 *   themselves
 */
export function boundedDifference(
  one: BoundedFigure,
  other: BoundedFigure,
  { clusters, mayBeNone }: { clusters: number | null; mayBeNone: (bounds: Bounds) => boolean }
): Difference & { method: PairMethod } {
  const method = 'paired-intervals' as const
  // Figures of the same are summed in another order: what is left of that is no difference, however surely it repeats.
  const rounding = 1e-9 * one.draws.reduce((most, draw) => (Math.abs(draw) > most ? Math.abs(draw) : most), Math.abs(one.value))
  const isLike = (a: number, b: number): boolean => Object.is(a, b) || Math.abs(a - b) <= rounding
  const isSame = isLike(one.value, other.value) && one.draws.every((draw, at) => isLike(draw, other.draws[at]!))
  if (isSame) return { ...normalDifference(0, 0), method }
  const ends = ({ value, bounds }: BoundedFigure) => ({ value, low: bounds.lower, high: bounds.upper })
  const together = mayBeNone(one.bounds) || mayBeNone(other.bounds) ? -1 : correlationOf(one.draws, other.draws)
  const fewest = clusters && Math.min(clusters, one.bounds.clusters ?? clusters, other.bounds.clusters ?? clusters)
  const freedom = fewest && Math.max(1, fewest - 1)
  return { ...independentDifference(ends(one), ends(other), together, freedom), method }
}
