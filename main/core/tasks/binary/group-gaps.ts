import type { FairnessGroup, GroupComparisons, GroupGap, GroupVerdict } from '../../../model/tasks'
import { rangeQuantile, rangeShare, solveRising, wilsonInterval } from '../../numerics'

const level = 0.95
/** Selection, finding the positives, false alarms: three questions asked of the same groups. */
const questions = 3
const tolerance = { ratio: 0.8, gap: 0.1 }
/** Pairs of more groups than this are not walked one by one; their bounds are those of the groups, which is wider. */
const mostPaired = 400

/** A group as far as its rows are counted. */
export type CountedGroup = Pick<FairnessGroup, 'count' | 'positives' | 'selected' | 'truePositiveRate' | 'falsePositiveRate'>

interface Counted {
  part: number
  whole: number
}

/**
 * What can be said of the gaps between groups. The interval of each pair comes from the Wilson intervals of the two shares (Newcombe 1998 for
 * differences, Donner and Zou 2012 for ratios), as wide as the largest of all pairs needs it (Tukey 1953; Kramer 1956) and each of the three
 * questions a third of the level (Bonferroni): whatever the number of groups, all bounds hold at once in 95 of 100 evaluations.
 */
export function compareGroups(
  compared: readonly CountedGroup[],
  withPositives: readonly CountedGroup[],
  withNegatives: readonly CountedGroup[]
): GroupComparisons {
  const selected = compared.map(({ selected: part, count: whole }) => ({ part, whole }))
  const ratio = selected.length < 2 ? nothing : ratioBounds(differentOf(selected), familyZ(selected.length))
  const selection = gapOf(selected, ({ lower }) => lower !== null && ratio.lower !== null && ratio.lower >= tolerance.ratio)
  const withinGap = ({ upper }: Bounds): boolean => upper !== null && upper <= tolerance.gap
  const truePositive = gapOf(
    withPositives.map(({ positives, truePositiveRate }) => ({ part: Math.round(truePositiveRate! * positives), whole: positives })),
    withinGap
  )
  const falsePositive = gapOf(
    withNegatives.map(({ count, positives, falsePositiveRate }) => {
      const whole = count - positives
      return { part: Math.round(falsePositiveRate! * whole), whole }
    }),
    withinGap
  )
  const verdicts = [selection, truePositive, falsePositive].map(({ verdict }) => verdict)
  const larger = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : Math.max(a, b))
  return {
    level,
    tolerance,
    selectionRatio: ratio,
    selection,
    truePositive,
    falsePositive,
    odds: { lower: larger(truePositive.lower, falsePositive.lower), upper: larger(truePositive.upper, falsePositive.upper) },
    verdict: verdicts.includes('differ') ? 'differ' : verdicts.every((verdict) => verdict === 'alike') ? 'alike' : 'cannot-tell'
  }
}

interface Bounds {
  lower: number | null
  upper: number | null
}
const nothing: Bounds = { lower: null, upper: null }

/** Standard errors on each side of an interval such that those of all pairs of groups hold at once. */
function familyZ(groups: number): number {
  const z = reaches.get(groups) ?? rangeQuantile(1 - (1 - level) / questions, groups) / Math.SQRT2
  reaches.set(groups, z)
  return z
}
/** Found by numerical integration, so each number of groups is worked out once. */
const reaches = new Map<number, number>()

function gapOf(groups: readonly Counted[], isAlike: (bounds: Bounds) => boolean): GroupGap {
  if (groups.length < 2) return { ...nothing, p: null, groups: groups.length, verdict: 'cannot-tell' }
  const different = differentOf(groups)
  const bounds = gapBounds(different, familyZ(groups.length))
  // The level at which the lower bound reaches zero.
  const apart = solveRising(0, 0, 40, (z) => -gapBounds(different, z).unclamped)
  const p = Math.min(1, questions * (1 - rangeShare(apart * Math.SQRT2, groups.length)))
  const verdict: GroupVerdict = bounds.lower > 0 ? 'differ' : isAlike(bounds) ? 'alike' : 'cannot-tell'
  return { lower: bounds.lower, upper: bounds.upper, p, groups: groups.length, verdict }
}

/** Groups of the same counts bound the same: two of each are enough. */
function differentOf(groups: readonly Counted[]): Counted[] {
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

const sharesOf = (groups: readonly Counted[], z: number): Share[] =>
  groups.map(({ part, whole }) => ({ share: part / whole, ...wilsonInterval(part, whole, z) }))

/** Bounds of the largest difference of two shares; `unclamped` is the lower one before it is held at zero. */
function gapBounds(groups: readonly Counted[], z: number): { lower: number; upper: number; unclamped: number } {
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

/** Bounds of the lowest ratio of two shares. */
function ratioBounds(groups: readonly Counted[], z: number): Bounds {
  const shares = sharesOf(groups, z)
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
