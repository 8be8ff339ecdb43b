import type { Difference } from './difference'

/** What the step-down procedure makes of one of several tests. */
export interface Held {
  /** Smallest error level for the whole family at which it is significant. */
  adjusted: number
  /** Level at which it was tested alone: an interval of 1 - `level` leaves out zero exactly where `adjusted` is below `alpha`. */
  level: number
}

/**
 * Several tests at once (Holm 1979): the chance that any of them is called significant by mistake stays below `alpha`, whatever the tests
 * have to do with each other.
 */
export function holm(values: readonly number[], alpha = 0.05): Held[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!)
  const held = new Array<Held>(values.length)
  let adjusted = 0
  let step = 0
  let stopped = false
  for (const [rank, index] of order.entries()) {
    adjusted = Math.max(adjusted, Math.min(1, values[index]! * (values.length - rank)))
    // Behind the first that is not significant none is: they all keep the level at which it stopped.
    if (!stopped) step = rank
    stopped ||= adjusted >= alpha
    held[index] = { adjusted, level: alpha / (values.length - step) }
  }
  return held
}

/** A difference among others: its p for the whole family, and the interval of the level at which it was tested. */
export interface HeldDifference {
  value: number
  low: number
  high: number
  /** Confidence of the interval: 0.95 for one difference alone. */
  level: number
  p: number
}

/** Differences that are looked at together: whether one is more than chance its interval and its p say alike. */
export function holdTogether(differences: readonly Difference[], alpha = 0.05): HeldDifference[] {
  const held = holm(
    differences.map(({ p }) => p),
    alpha
  )
  return differences.map(({ value, interval }, index) => {
    const { adjusted, level } = held[index]!
    const { low, high } = interval(level)
    const shared = { value, level: 1 - level, p: adjusted }
    // What an exact count cannot tell the interval does not tell either.
    return adjusted < alpha ? { ...shared, low, high } : { ...shared, low: Math.min(0, low), high: Math.max(0, high) }
  })
}
