import type { AmountGap } from './fairness'

/** What can be said of one gap, for screen and card. */
export function amountGapWords({ verdict, groups, tolerance }: AmountGap): string {
  if (groups < 2) return 'nothing to compare'
  if (verdict === 'differ') return 'differ by more than chance'
  return verdict === 'alike' ? `alike within ${Number(tolerance.toPrecision(3))}` : 'cannot be told from so few rows'
}
