import type { Interval } from '../../../model/tasks'
import { normalQuantile, wilsonInterval } from '../../numerics'
import { ratesOf, type Summed, type Tally } from './figures'
import type { ClassRate } from './bootstrap'

export const level = 0.95
/** With fewer rows decided wrongly than this, resamples say too little of how far a mean over classes can be off. */
const fewestWrong = 20
/** With fewer pairs astray than this in all, the spread of an AUC is not seen in the scores. */
const fewestAstray = 5

const stated = ({ lower, upper }: Ends, method: string): Interval => ({ lower, upper, level, samples: 0, method })

interface Ends {
  lower: number
  upper: number
}

/** 95% Wilson intervals of the rates of one class; F1 through the share that it follows from. Null where a rate has no value. */
export function rateIntervals(tally: Tally, place: number): Record<ClassRate, Interval | null> {
  const [of, decided, hits] = [tally.of[place]!, tally.decided[place]!, tally.hits[place]!]
  const shared = wilsonInterval(hits, of + decided - hits)
  const f1 = { lower: (2 * shared.lower) / (1 + shared.lower), upper: (2 * shared.upper) / (1 + shared.upper) }
  return {
    precision: decided > 0 ? stated(wilsonInterval(hits, decided), 'Wilson') : null,
    recall: of > 0 ? stated(wilsonInterval(hits, of), 'Wilson') : null,
    f1: of + decided > 0 ? stated(f1, 'Wilson') : null
  }
}

/**
 * Intervals in closed form of rows that count the same and stand for themselves: of shares by Wilson; of means over the classes from the Wilson
 * intervals of their classes, put together by the method of variance estimates recovery (Zou and Donner 2008). Recalls of different classes
 * are of different rows, as are precisions; of F1 each row moves two classes at most, so the variance of the mean is at most twice that of
 * independent ones, which is taken where too few rows are wrong to be resampled.
 */
export function closedIntervals(tally: Tally, hasNear: boolean): Partial<Record<Summed, Interval | null>> {
  const { total, near } = tally
  const right = tally.hits.reduce((sum, hits) => sum + hits, 0)
  const occurring = [...tally.of.keys()].filter((place) => tally.of[place]! > 0)
  const known = [...tally.of.keys()].filter((place) => tally.of[place]! > 0 || tally.decided[place]! > 0)
  const even = (places: readonly number[]) => places.map((place) => ({ place, weight: 1 / places.length }))
  const byRows = occurring.map((place) => ({ place, weight: tally.of[place]! / total }))
  const accuracy = stated(wilsonInterval(right, total), 'Wilson')
  const together = 'Wilson of each class, put together'
  const mean = (rate: ClassRate, of: readonly Part[]) => stated(meanOf(tally, rate, of, 1), together)
  const few = total - right < fewestWrong
  return {
    accuracy,
    recall_weighted: accuracy,
    ...(hasNear && { top_3_accuracy: stated(wilsonInterval(near, total), 'Wilson') }),
    balanced_accuracy: mean('recall', even(occurring)),
    recall_macro: mean('recall', even(known)),
    precision_macro: mean('precision', even(known)),
    precision_weighted: mean('precision', byRows),
    ...(few && {
      f1_macro: stated(meanOf(tally, 'f1', even(known), 2), together),
      f1_weighted: stated(meanOf(tally, 'f1', byRows, 2), together)
    })
  }
}

interface Part {
  place: number
  weight: number
}

/** A weighted mean of rates; one without a value counts 0 for certain, as it does in the figure. */
function meanOf(tally: Tally, rate: ClassRate, parts: readonly Part[], inflation: number): Ends {
  let [value, below, above] = [0, 0, 0]
  for (const { place, weight } of parts) {
    const own = ratesOf(tally, place)[rate]
    const ends = rateIntervals(tally, place)[rate]
    if (own === null || ends === null) continue
    value += weight * own
    below += (weight * (own - ends.lower)) ** 2
    above += (weight * (ends.upper - own)) ** 2
  }
  return { lower: Math.max(0, value - Math.sqrt(inflation * below)), upper: Math.min(1, value + Math.sqrt(inflation * above)) }
}

/** What is known of a mean of AUCs: the value, its standard error, and the AUC of each class with its rows and its own interval. */
export interface MeanOfAucs {
  value: number
  error: number
  classes: readonly { auc: number; rarer: number; weight: number; ends: Ends | null }[]
}

/**
 * Interval of a mean of one-vs-rest AUCs: from the influences of the rows, on the logit scale. Where the ranking is all but perfect these say too
 * little; then the mean of the intervals of the classes, which is at least as wide as theirs put together.
 */
export function aucMeanInterval({ value, error, classes }: MeanOfAucs): Interval | null {
  const astray = classes.reduce((sum, { auc, rarer }) => sum + Math.min(auc, 1 - auc) * rarer, 0)
  if (!(error > 0) || !Number.isFinite(error) || astray < fewestAstray) {
    const ends = classes.map((each) => each.ends)
    if (ends.length === 0 || ends.some((each) => each === null)) return null
    const mean = (end: 'lower' | 'upper'): number => classes.reduce((sum, each) => sum + each.weight * each.ends![end], 0)
    return stated({ lower: mean('lower'), upper: mean('upper') }, 'mean of the intervals of the classes')
  }
  const logit = Math.log(value / (1 - value))
  const half = (-normalQuantile((1 - level) / 2) * error) / (value * (1 - value))
  return stated({ lower: 1 / (1 + Math.exp(half - logit)), upper: 1 / (1 + Math.exp(-half - logit)) }, 'DeLong, over the classes')
}
