import { z } from 'zod'
import { chosenOn, countsAs, warningsSchema } from './calibration'
import { Sha256 } from './reference'

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

/** Place of the score, from 1 on, below which so much of new rows lies: (n + 1) * coverage rounded up. */
export const rankFor = (rows: number, coverage: number): number => Math.ceil((rows + 1) * coverage - 1e-9)

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

/** How many rows got how many classes, from none on. */
const sizesSchema = z.array(z.int().min(0)).max(201)
const share01 = z.number().min(0).max(1)
const partSchema = z.object({
  /** A range of predictions, or a class. */
  name: z.string(),
  rows: z.int().min(1),
  /** Share of the outcomes that lie within, by weight, and its 95% Wilson interval, for as many rows that stand for themselves as say as much. */
  covered: share01,
  lower: share01,
  upper: share01,
  /** Mean width of the intervals, null where they have one end; mean number of classes in the sets. */
  size: z.number().nullable()
})

/** How intervals or sets fared on rows that they were not measured on. */
export const measuredIntervalsSchema = z.object({
  score: z.string(),
  /** The share that was promised. */
  promised: z.number(),
  ...partSchema.omit({ name: true }).shape,
  /**
   * Whether the share seen contradicts the promise at 95%. Both tables have their chance in it: rows on which intervals were measured make them a
   * little too wide or narrow, so the number within is beta-binomial (Vovk 2012). None where rows count by weight or come in clusters.
   */
  verdict: z.enum(['held', 'too few', 'more than promised']).optional(),
  /** Of sets: how many rows got how many classes, from none on. */
  sizes: sizesSchema.optional(),
  /** Tenths of the predictions, or each class: what holds for all rows need not hold in each part. */
  parts: z.array(partSchema).max(200)
})
export type MeasuredIntervals = z.infer<typeof measuredIntervalsSchema>

/** The record of one measurement, beside model.onnx as intervals.json. */
export const intervalsRecordSchema = z.object({
  schema: z.literal('drydock.intervals'),
  version: z.literal(1),
  target: z.string(),
  algorithm: z.string(),
  model: Sha256,
  rows: z.object({ table: Sha256, read: z.int(), used: z.int() }),
  intervals: signedIntervalsSchema,
  /**
   * Between these the coverage of new rows lies with 95% probability, over tables of calibration rows as large as this one: a beta distribution
   * (Vovk 2012).
   */
  expected: z.object({ lower: share01, upper: share01 }),
  /** Rows of one weight that would say as much (Kish 1965), where rows count by weight; `expected` is for so many. */
  effectiveRows: z.number().optional(),
  /** On the measured rows themselves. */
  size: z.number().nullable(),
  sizes: sizesSchema.optional(),
  warnings: warningsSchema
})
export type IntervalsRecord = z.infer<typeof intervalsRecordSchema>

const percent = (value: number): string => `${(value * 100).toFixed(1)}%`

/** What lies around an answer, in words. */
export function intervalWords(intervals: SignedIntervals): string {
  const q = Number(intervals.quantile.toPrecision(4))
  if (intervals.score === 'absolute') return `an interval of ${q} to either side`
  if (intervals.score === 'normalised') return `an interval of ${q} times the prediction to the power of ${intervals.power} to either side`
  if (intervals.score === 'quantile') return `one bound, ${intervals.side === 'upper' ? 'above' : 'below'} the stated quantile by ${q}`
  return intervals.score === 'lac'
    ? `the classes of at least ${percent(1 - intervals.quantile)}`
    : `the likeliest classes up to ${percent(intervals.quantile)} together`
}

/** What was measured, a line each. */
export function describeIntervals({ intervals, rows, effectiveRows, expected, size, warnings }: IntervalsRecord): string[] {
  return [
    `${percent(intervals.coverage)} of new outcomes within: ${intervalWords(intervals)}, measured on ${rows.used} rows${countsAs(intervals.weight, effectiveRows)}`,
    `with so many rows the coverage of new ones is between ${percent(expected.lower)} and ${percent(expected.upper)}`,
    ...(size === null
      ? []
      : [isSetScore(intervals.score) ? `${size.toFixed(2)} classes a row` : `mean width ${Number(size.toPrecision(4))}`]),
    ...warnings.map((warning) => `warning: ${warning}`)
  ]
}

/** How they fared, in one line. */
export const measuredWords = ({ promised, covered, lower, upper, rows, verdict }: MeasuredIntervals): string =>
  `${verdict ?? 'no verdict, rows count by weight or in clusters'}: ${percent(covered)} of ${rows} outcomes within (${percent(lower)} to ${percent(upper)}), ${percent(promised)} were promised`
