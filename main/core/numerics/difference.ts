import { normalQuantile, normalShare } from './normal'
import { studentQuantile, studentShare } from './student'

/** What is known of the difference of two figures: how likely chance makes one as large, and its interval for any level. */
export interface Difference {
  value: number
  /** Two-sided. */
  p: number
  /** Interval of 1 - `level`; it leaves out zero exactly where `p` is below the level. */
  interval(level: number): { low: number; high: number }
}

/** A difference that is normal around its value, as that of two AUCs is (DeLong). */
export function normalDifference(value: number, error: number): Difference {
  return {
    value,
    p: value === 0 ? 1 : 2 * normalShare(-Math.abs(value) / error),
    interval(level) {
      const reach = error === 0 ? 0 : -normalQuantile(level / 2) * error
      return { low: value - reach, high: value + reach }
    }
  }
}

/** A figure and the ends of its 95% interval. */
interface Bounded {
  value: number
  low: number
  high: number
}

/**
 * The difference of two figures from their 95% intervals by the method of variance estimates recovery (Zou and Donner 2008), which keeps
 * their asymmetry. Without a correlation it is as if they were found on different rows; of figures of the same rows the true interval is
 * narrower, so that what is more than chance here is so there. With the correlation of the two (Zou 2007) it is the one of the same rows.
 * @param freedom where so many degrees of freedom left the spread of the ends open (Student): at other levels than theirs it is as open; null
 *   where the ends are those of a normal distribution
 */
export function independentDifference(one: Bounded, other: Bounded, correlation = 0, freedom: number | null = null): Difference {
  const value = one.value - other.value
  const reach = (own: number, others: number): number => {
    const [a, b] = [Math.max(0, own), Math.max(0, others)]
    return Math.sqrt(Math.max(0, a * a + b * b - 2 * correlation * a * b))
  }
  const [below, above] = [reach(one.value - one.low, other.high - other.value), reach(one.high - one.value, other.value - other.low)]
  const reachOf = (level: number): number => -(freedom === null ? normalQuantile(level / 2) : studentQuantile(level / 2, freedom))
  const beyond = (away: number): number => (freedom === null ? normalShare(-away) : studentShare(-away, freedom))
  const usual = reachOf(0.05)
  return {
    value,
    p: value === 0 ? 1 : Math.max(0, 2 * beyond((usual * Math.abs(value)) / (value > 0 ? below : above))),
    interval(level) {
      const wider = reachOf(level) / usual
      return { low: value - wider * below, high: value + wider * above }
    }
  }
}

/** The same difference, never surer than by chance: where an exact count of rows allows no smaller p, no interval of that level leaves out zero. */
export function noSurerThan<D extends Difference>(found: D, least: number): D {
  if (!(found.p < least)) return found
  return {
    ...found,
    p: least,
    interval(level: number) {
      const { low, high } = found.interval(level)
      return level > least ? { low, high } : { low: Math.min(0, low), high: Math.max(0, high) }
    }
  }
}

/** Draws in each tail from which on the draws themselves say where it ends; beyond them the tail is that of a normal distribution. */
const fewestInTail = 10

/**
 * A difference with the spread of paired resamples around it. They are centred on the value: what resampling adds to a figure on average
 * is no part of the difference. Null with too few draws.
 */
export function resampledDifference(value: number, a: Float64Array, b: Float64Array): Difference | null {
  const draws = a
    .map((figure, index) => figure - b[index]!)
    .filter((draw) => !Number.isNaN(draw))
    .sort()
  const last = draws.length - 1
  const surest = (2 * fewestInTail) / draws.length
  if (surest > 0.05) return null
  const shift = value - draws.reduce((sum, draw) => sum + draw, 0) / draws.length
  const at = (share: number): number => {
    // As many draws lie beyond it as should on average, not as lie there in this sample.
    const place = Math.max(0, Math.min(last, share * (last + 2) - 1))
    const below = Math.floor(place)
    const [low, high] = [draws[below]!, draws[Math.min(below + 1, last)]!]
    return low + (high - low) * (place - below) + shift
  }
  const known = { low: at(surest / 2), high: at(1 - surest / 2) }
  const sure = -normalQuantile(surest / 2)
  const interval = (level: number): { low: number; high: number } => {
    if (level >= surest) return { low: at(level / 2), high: at(1 - level / 2) }
    const wider = -normalQuantile(level / 2) / sure
    return { low: value - (value - known.low) * wider, high: value + (known.high - value) * wider }
  }
  if (value === 0 && draws.every((draw) => draw === 0)) return { value, p: 1, interval }
  // The level at which the interval ends at zero.
  if (known.low > 0) return { value, p: 2 * normalShare((-sure * value) / (value - known.low)), interval }
  if (known.high < 0) return { value, p: 2 * normalShare((-sure * value) / (value - known.high)), interval }
  const nearer = Math.min(shareBelow(draws, -shift, true), 1 - shareBelow(draws, -shift, false))
  return { value, p: Math.min(1, 2 * nearer), interval }
}

/** Share of sorted values below a point, between neighbours in proportion (the inverse of their quantiles); `orAt` counts those at it too. */
function shareBelow(sorted: Float64Array, point: number, orAt: boolean): number {
  const isBelow = (value: number): boolean => value < point || (orAt && value === point)
  let [low, high] = [-1, sorted.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (isBelow(sorted[middle]!)) low = middle
    else high = middle
  }
  if (low < 0) return 0
  if (high === sorted.length) return 1
  const [from, to] = [sorted[low]!, sorted[high]!]
  return (low + 1 + (point - from) / (to - from)) / (sorted.length + 1)
}

/** Pearson's correlation of two rows of draws where both have a value; 0 where one of them does not vary. */
export function correlationOf(a: Float64Array, b: Float64Array): number {
  let [count, meanA, meanB, ofA, ofB, ofBoth] = [0, 0, 0, 0, 0, 0]
  for (let at = 0; at < a.length; at++) {
    const [one, other] = [a[at]! - meanA, b[at]! - meanB]
    if (Number.isNaN(one + other)) continue
    count++
    meanA += one / count
    meanB += other / count
    ofA += one * (a[at]! - meanA)
    ofB += other * (b[at]! - meanB)
    ofBoth += one * (b[at]! - meanB)
  }
  return ofA > 0 && ofB > 0 ? Math.max(-1, Math.min(1, ofBoth / Math.sqrt(ofA * ofB))) : 0
}
