import type { GroupComparisons } from '../../../model/tasks'
import { gapLevel, gapOfShares, gapTolerance, isWithinGap, ratioOfShares, type CountedShare } from '../share-gaps'

/** Selection, finding the positives, false alarms: three questions asked of the same groups. */
const questions = 3

/**
 * What can be said of the gaps between groups, of which `selected`, `found` and `alarmed` are the shares that are decided positive, of positive
 * rows that are, and of negative ones. The interval of each pair comes from the Wilson intervals of the two shares (Newcombe 1998 for
 * differences, Donner and Zou 2012 for ratios), as wide as the largest of all pairs needs it (Tukey 1953; Kramer 1956) and each of the three
 * questions a third of the level (Bonferroni): whatever the number of groups, all bounds hold at once in 95 of 100 evaluations.
 */
export function compareGroups(
  selected: readonly CountedShare[],
  found: readonly CountedShare[],
  alarmed: readonly CountedShare[]
): GroupComparisons {
  const ratio = ratioOfShares(selected, questions)
  const selection = gapOfShares(
    selected,
    questions,
    ({ lower }) => lower !== null && ratio.lower !== null && ratio.lower >= gapTolerance.ratio
  )
  const truePositive = gapOfShares(found, questions, isWithinGap)
  const falsePositive = gapOfShares(alarmed, questions, isWithinGap)
  const verdicts = [selection, truePositive, falsePositive].map(({ verdict }) => verdict)
  const larger = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : Math.max(a, b))
  return {
    level: gapLevel,
    tolerance: gapTolerance,
    selectionRatio: ratio,
    selection,
    truePositive,
    falsePositive,
    odds: { lower: larger(truePositive.lower, falsePositive.lower), upper: larger(truePositive.upper, falsePositive.upper) },
    verdict: verdicts.includes('differ') ? 'differ' : verdicts.every((verdict) => verdict === 'alike') ? 'alike' : 'cannot-tell'
  }
}
