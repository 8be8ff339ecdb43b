import { z } from 'zod'
import { Sha256 } from './reference'

/** How probabilities are corrected, each with what it is called. */
export const calibrationMethods = {
  isotonic: 'isotonic regression',
  platt: 'Platt scaling',
  beta: 'beta calibration',
  temperature: 'temperature scaling'
} as const
export type CalibrationMethod = keyof typeof calibrationMethods
export const calibrationMethodSchema = z.enum(Object.keys(calibrationMethods) as [CalibrationMethod, ...CalibrationMethod[]])

/**
 * Rows that something was chosen on: how many, the SHA-256 of their table, and the column that they counted by, absent where all counted the same.
 * A model is not judged independently on them any more.
 */
export const chosenOn = { rows: z.int().min(1), table: Sha256, weight: z.string().optional() }

/** What rows counted by, in words. */
export const countsAs = (weight: string | undefined, rows?: number): string =>
  weight === undefined ? '' : ` counting by "${weight}"${rows === undefined ? '' : `, which say as much as ${Math.floor(rows)} plain ones`}`

/**
 * How probabilities were corrected, as a signature says it. The exported graph gives the corrected ones; explanations stay about the margin
 * before. A class at a time with what they add up to as 1 (Zadrozny and Elkan 2002), or all classes by one temperature (Guo et al. 2017).
 */
export const signedCalibrationSchema = z.object({
  method: calibrationMethodSchema,
  ...chosenOn,
  /** The model.onnx before it. */
  original: Sha256
})
export type SignedCalibration = z.infer<typeof signedCalibrationSchema>

/** A figure with the ends of its 95% interval. */
export const withEndsSchema = z.object({ value: z.number(), lower: z.number(), upper: z.number() })

const finite = z.number()

/** What is done to the probability p of one class. */
export const probabilityMapSchema = z.discriminatedUnion('method', [
  /** Straight lines between the points, level beyond them. */
  z.object({ method: z.literal('isotonic'), x: z.array(finite).min(1), y: z.array(finite).min(1) }),
  /** logistic(slope * log odds + intercept) */
  z.object({ method: z.literal('platt'), slope: finite, intercept: finite }),
  /** logistic(a ln p - b ln(1 - p) + c) */
  z.object({ method: z.literal('beta'), a: finite, b: finite, c: finite }),
  /** p to the power of 1 / temperature, of all classes, over their sum */
  z.object({ method: z.literal('temperature'), temperature: z.number().gt(0) })
])
export type ProbabilityMap = z.infer<typeof probabilityMapSchema>

const share = z.number().min(0).max(1)
/** Rows of neighbouring probabilities: what was stated on average, what came, and the 95% Wilson interval of that. */
const curveSchema = z.array(z.object({ count: z.int().min(1), predicted: share, observed: share, lower: share, upper: share })).max(100)
export type ReliabilityCurve = z.infer<typeof curveSchema>

/** Means over the rows; log loss in nats. */
const lossesSchema = z.object({ logLoss: z.number(), brier: z.number() })

/** What is to be known of a record. */
export const warningsSchema = z.array(z.string()).max(100)

/** How many rows came to which outcome. */
export const outcomeRowsSchema = z.object({ name: z.string(), rows: z.int() })

/** The record of one calibration, beside model.onnx as calibration.json. */
export const calibrationRecordSchema = z.object({
  schema: z.literal('drydock.calibration'),
  version: z.literal(1),
  task: z.string(),
  target: z.string(),
  algorithm: z.string(),
  method: calibrationMethodSchema,
  model: Sha256,
  original: Sha256,
  /** Rows with an outcome, and how many of them had which. */
  rows: z.object({
    table: Sha256,
    read: z.int(),
    used: z.int(),
    outcomes: z.array(outcomeRowsSchema).max(200),
    weight: z.string().optional()
  }),
  /** One for each class, or one for all of them. */
  maps: z.array(probabilityMapSchema).min(1),
  /**
   * The same rows before and after, each corrected by what the others of `folds` parts say, so that no row corrects itself. `gain` is the log
   * loss saved a row, with its 95% interval.
   */
  figures: z.object({
    folds: z.int(),
    before: lossesSchema,
    after: lossesSchema,
    gain: withEndsSchema
  }),
  /** What was stated against what came: of the event, or of the likeliest class. */
  curves: z.object({ of: z.string(), before: curveSchema, after: curveSchema }),
  /** Largest difference of the graph's probabilities to these maps over the original's, by ONNX Runtime. */
  parity: z.object({ rows: z.int(), maxDifference: z.number() }),
  warnings: warningsSchema
})
export type CalibrationRecord = z.infer<typeof calibrationRecordSchema>

const contractOutputs = new Set(['label', 'probabilities', 'prediction'])

/** The output of a calibrated graph with the probabilities before the correction; undefined where there is none. */
export const uncalibratedAmong = (outputs: readonly string[]): string | undefined =>
  outputs.find((name) => name.startsWith('uncalibrated') && !contractOutputs.has(name))

/** Whether the correction helps, as far as the rows tell. */
export function gainWords({ value, lower, upper }: CalibrationRecord['figures']['gain']): string {
  const saved = `log loss ${value >= 0 ? 'less' : 'more'} by ${Math.abs(value).toFixed(4)} nats a row (95% interval ${(value < 0 ? -upper : lower).toFixed(4)} to ${(value < 0 ? -lower : upper).toFixed(4)})`
  if (lower > 0) return `better: ${saved}`
  return upper < 0 ? `worse: ${saved}` : `cannot be told: ${saved}`
}

/** What was done, a line each. */
export function describeCalibration({ method, rows, figures, parity, warnings }: CalibrationRecord): string[] {
  return [
    `${calibrationMethods[method]} on ${rows.used} rows${countsAs(rows.weight)} (${rows.outcomes.map((each) => `${each.rows} ${each.name}`).join(', ')})`,
    `${gainWords(figures.gain)}; Brier score ${figures.before.brier.toFixed(4)} before, ${figures.after.brier.toFixed(4)} after`,
    `the graph agrees with it to ${parity.maxDifference.toExponential(1)} over ${parity.rows} rows`,
    ...warnings.map((warning) => `warning: ${warning}`)
  ]
}
