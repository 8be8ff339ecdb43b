import type { GroupGap, GroupVerdict } from '../../model/tasks'
import { rangeQuantile, rangeShare, solveRising, wilsonInterval } from '../numerics'

/** Confidence with which all bounds of the questions that are asked of the same groups hold at once. */
export const gapLevel = 0.95
/** Alike are groups whose lowest ratio is surely at least this, or whose gap is surely at most that. */
export const gapTolerance = { ratio: 0.8, gap: 0.1 }
/** Whether a gap is surely within the tolerance. */
export const isWithinGap = ({ upper }: GapBounds): boolean => upper !== null && upper <= gapTolerance.gap
/** Pairs of more groups than this are not walked one by one; their bounds are those of the groups, which is wider. */
const mostPaired = 400

/** Rows of a group that something holds for, of all its rows; of weighted rows the number that would say as much. */
export interface CountedShare {
  part: number
  whole: number
}

/** Bounds of a gap or ratio, null where nothing can be compared. */
export interface GapBounds {
  lower: number | null
  upper: number | null
}
const nothing: GapBounds = { lower: null, upper: null }

/** Standard errors on each side of an interval such that those of all pairs of groups hold at once, for all questions asked of them. */
function familyZ(groups: number, questions: number): number {
  const key = `${groups}/${questions}`
  const z = reaches.get(key) ?? rangeQuantile(1 - (1 - gapLevel) / questions, groups) / Math.SQRT2
  reaches.set(key, z)
  return z
}
/** Found by numerical integration, so each number of groups and questions is worked out once. */
const reaches = new Map<string, number>()

/** What the largest difference between the shares of groups can be; one of so many questions that are asked of the same groups. */
export function gapOfShares(groups: readonly CountedShare[], questions: number, isAlike: (bounds: GapBounds) => boolean): GroupGap {
  if (groups.length < 2) return { ...nothing, p: null, groups: groups.length, verdict: 'cannot-tell' }
  const different = differentOf(groups)
  const bounds = gapBounds(different, familyZ(groups.length, questions))
  // The level at which the lower bound reaches zero.
  const apart = solveRising(0, 0, 40, (z) => -gapBounds(different, z).unclamped)
  const p = Math.min(1, questions * (1 - rangeShare(apart * Math.SQRT2, groups.length)))
  const verdict: GroupVerdict = bounds.lower > 0 ? 'differ' : isAlike(bounds) ? 'alike' : 'cannot-tell'
  return { lower: bounds.lower, upper: bounds.upper, p, groups: groups.length, verdict }
}

/** Groups of the same counts bound the same: two of each are enough. */
function differentOf(groups: readonly CountedShare[]): CountedShare[] {
  const kept = new Map<string, number>()
  return groups.filter(({ part, whole }) => {
    const key = `${part}/${whole}`
    const times = (kept.get(key) ?? 0) + 1
    kept.set(key, times)
    return times <= 2
  })
}

interface Share {
  share: number
  lower: number
  upper: number
}

const sharesOf = (groups: readonly CountedShare[], z: number): Share[] =>
  groups.map(({ part, whole }) => ({ share: part / whole, ...wilsonInterval(part, whole, z) }))

/** Bounds of the largest difference of two shares; `unclamped` is the lower one before it is held at zero. */
function gapBounds(groups: readonly CountedShare[], z: number): { lower: number; upper: number; unclamped: number } {
  const shares = sharesOf(groups, z)
  let lower = -1
  let upper = 0
  const extremes = extremesOf(shares)
  if (extremes) {
    lower = extremes.highest.lower - extremes.lowest.upper
    upper = extremes.mostPossible - extremes.leastPossible
  } else
    for (const a of shares)
      for (const b of shares) {
        if (a === b || a.share < b.share) continue
        const difference = a.share - b.share
        lower = Math.max(lower, difference - Math.hypot(a.share - a.lower, b.upper - b.share))
        upper = Math.max(upper, difference + Math.hypot(a.upper - a.share, b.share - b.lower))
      }
  return { lower: Math.max(0, lower), upper: Math.min(1, upper), unclamped: lower }
}

/** Bounds of the lowest ratio of the shares of two groups; one of so many questions. */
export function ratioOfShares(groups: readonly CountedShare[], questions: number): GapBounds {
  if (groups.length < 2) return nothing
  const different = differentOf(groups)
  const z = familyZ(groups.length, questions)
  const shares = sharesOf(different, z)
  const extremes = extremesOf(shares)
  if (extremes) {
    const { highest, lowest, mostPossible, leastPossible } = extremes
    return { lower: leastPossible / mostPossible, upper: Math.min(1, lowest.upper / highest.lower) }
  }
  let lower = 1
  let upper = 1
  for (const a of shares)
    for (const b of shares) {
      if (a === b) continue
      const ratio = ratioOf(a, b)
      lower = Math.min(lower, ratio.lower)
      upper = Math.min(upper, ratio.upper)
    }
  return { lower, upper }
}

/** Bounds of the ratio of two shares (Donner and Zou 2012, formula 9); one that may be zero below bounds nothing above. */
function ratioOf(a: Share, b: Share): { lower: number; upper: number } {
  const product = a.share * b.share
  const bound = (own: number, other: number, sign: number): number => {
    const divisor = other * (2 * b.share - other)
    if (!(divisor > 0)) return sign > 0 ? Infinity : 0
    return (product + sign * Math.sqrt(Math.max(0, product ** 2 - own * (2 * a.share - own) * divisor))) / divisor
  }
  return { lower: Math.max(0, bound(a.lower, b.upper, -1)), upper: bound(a.upper, b.lower, 1) }
}

/** With very many groups, the ones that bound every pair; undefined where pairs are few enough to walk. */
function extremesOf(shares: readonly Share[]) {
  if (shares.length <= mostPaired) return undefined
  return shares.reduce(
    (found, share) => ({
      highest: share.lower > found.highest.lower ? share : found.highest,
      lowest: share.upper < found.lowest.upper ? share : found.lowest,
      mostPossible: Math.max(found.mostPossible, share.upper),
      leastPossible: Math.min(found.leastPossible, share.lower)
    }),
    { highest: shares[0]!, lowest: shares[0]!, mostPossible: 0, leastPossible: 1 }
  )
}
