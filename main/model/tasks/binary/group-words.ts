import type { GroupComparisons, GroupGap, GroupVerdict } from './evaluation'

type Tolerance = GroupComparisons['tolerance']

/** What can be said of one gap, for screen and card. */
export function gapWords({ verdict, groups }: GroupGap, within: string): string {
  if (groups < 2) return 'nothing to compare'
  if (verdict === 'differ') return 'differ by more than chance'
  return verdict === 'alike' ? `alike ${within}` : 'cannot be told from so few rows'
}

/** The tolerances in words: of the ratio of selection rates, and of a gap. */
export const withinRatio = ({ ratio }: Tolerance): string => `within a ratio of ${ratio}`
export const withinGap = ({ gap }: Tolerance): string => `within ${gap}`

/** What can be said of the groups as a whole, in a sentence. */
export const groupSentence: Record<GroupVerdict, string> = {
  differ: 'The groups differ by more than chance: at least one of the intervals below leaves out "no difference".',
  alike: 'The groups are alike within the tolerance, as far as the intervals below reach.',
  'cannot-tell':
    'Whether the groups differ cannot be told from so few rows: no difference is beyond chance, and not every one is surely small.'
}
