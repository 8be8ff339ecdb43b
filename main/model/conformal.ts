import { z } from 'zod'
import { chosenOn } from './calibration'

const shared = {
  method: z.literal('split-conformal'),
  /** Share of new rows whose outcome lies within, of rows drawn like those it was measured on. */
  coverage: z.number().gt(0).lt(1),
  /** The quantile of the measured scores, (n + 1) * coverage rounded up: how far off a new row is at most, with that share. */
  quantile: z.number(),
  ...chosenOn
}

/**
 * What lies around each answer, as a signature says it: an interval of amounts or a set of classes (Vovk et al. 2005, Lei et al. 2018,
 * Romano et al. 2019 and 2020, Sadinle et al. 2019). `boundsOf` and `setOf` make it of an answer.
 */
export const signedIntervalsSchema = z.discriminatedUnion('score', [
  /** As wide everywhere: the amount that an answer is off. */
  z.object({ score: z.literal('absolute'), ...shared }),
  /** Wider for larger amounts: the amount that an answer is off over its own size to a power, at least `floor`. */
  z.object({ score: z.literal('normalised'), power: z.number().gt(0).max(1), floor: z.number().gt(0), ...shared }),
  /** Of a model of a quantile: one bound, moved until it holds. */
  z.object({ score: z.literal('quantile'), side: z.enum(['upper', 'lower']), ...shared }),
  /** Classes that are likely enough: the smallest sets on average (least ambiguous set-valued classifiers). */
  z.object({ score: z.literal('lac'), ...shared }),
  /** The likeliest classes until enough is held: sets that adapt to how sure the model is of a row (adaptive prediction sets). */
  z.object({ score: z.literal('aps'), ...shared })
])
export type SignedIntervals = z.infer<typeof signedIntervalsSchema>
type IntervalScore = SignedIntervals['score']

export const setScores = ['lac', 'aps'] as const
export const isSetScore = (score: IntervalScore): boolean => (setScores as readonly string[]).includes(score)

/** How far an amount may be off per unit of the quantile. */
export function scaleAt(intervals: Pick<Extract<SignedIntervals, { score: 'normalised' }>, 'power' | 'floor'>, prediction: number): number {
  return Math.max(Math.abs(prediction), intervals.floor) ** intervals.power
}

/** The interval around a predicted amount; null is no bound, or no prediction. */
export function boundsOf(intervals: SignedIntervals, prediction: number): { lower: number | null; upper: number | null } {
  if (!Number.isFinite(prediction) || isSetScore(intervals.score)) return { lower: null, upper: null }
  const { quantile } = intervals
  if (intervals.score === 'quantile')
    return intervals.side === 'upper' ? { lower: null, upper: prediction + quantile } : { lower: prediction - quantile, upper: null }
  const radius = intervals.score === 'normalised' ? quantile * scaleAt(intervals, prediction) : quantile
  return { lower: prediction - radius, upper: prediction + radius }
}

/** The classes that the true one is among, by their place, the likeliest first. `probabilities` has one for each class, of a yes or no both. */
export function setOf(intervals: SignedIntervals, probabilities: readonly number[]): number[] {
  const order = probabilities.map((_, place) => place).sort((a, b) => probabilities[b]! - probabilities[a]! || a - b)
  if (intervals.score === 'lac') return order.filter((place) => 1 - probabilities[place]! <= intervals.quantile)
  if (intervals.score !== 'aps') return []
  // The likeliest class is always one: an empty set says nothing.
  let held = 0
  return order.filter((place, rank) => (held += probabilities[place]!) <= intervals.quantile || rank === 0)
}
