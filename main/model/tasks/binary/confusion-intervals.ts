import { wilsonInterval } from '../wilson-interval'
import type { Confusion } from './evaluation'

/** Ends of a 95% interval. */
export interface Bounds {
  lower: number
  upper: number
}

/**
 * 95% intervals of what a confusion says: of shares by Wilson, of F1 through the share that it follows from (true positives among all rows
 * that are positive or selected). A share of nothing may be anything.
 */
export function confusionIntervals({ truePositive, falsePositive, trueNegative, falseNegative }: Confusion) {
  const [positives, negatives, selected] = [truePositive + falseNegative, trueNegative + falsePositive, truePositive + falsePositive]
  const hits = wilsonInterval(truePositive, selected + falseNegative)
  return {
    accuracy: wilsonInterval(truePositive + trueNegative, positives + negatives),
    precision: wilsonInterval(truePositive, selected),
    recall: wilsonInterval(truePositive, positives),
    f1: { lower: (2 * hits.lower) / (1 + hits.lower), upper: (2 * hits.upper) / (1 + hits.upper) },
    specificity: wilsonInterval(trueNegative, negatives),
    falsePositiveRate: wilsonInterval(falsePositive, negatives),
    selectionRate: wilsonInterval(selected, positives + negatives)
  } satisfies Record<string, Bounds>
}
