import { z } from 'zod'
import { calibrationRecordSchema, describeCalibration } from './calibration'
import { describeIntervals, intervalsRecordSchema, measuredIntervalsSchema, measuredWords } from './conformal'
import type { Sha256 } from './reference'
import { decisionRecordSchema, describeAlternatives, describeDecision, isClassDecision } from './decision'

/** What was settled of a model after its training, each with its record; null where it was not. */
export const settledSchema = z.object({
  calibration: calibrationRecordSchema.nullable(),
  decision: decisionRecordSchema.nullable(),
  intervals: intervalsRecordSchema.nullable(),
  /** How the intervals or sets fared on the rows of the evaluation. */
  measured: measuredIntervalsSchema.nullable()
})
export type Settled = z.infer<typeof settledSchema>

/** The record of each part, by the kind under which a run keeps it. */
export const settledRecords = {
  calibration: calibrationRecordSchema,
  decision: decisionRecordSchema,
  intervals: intervalsRecordSchema
} as const
export type SettledPart = keyof typeof settledRecords
export const settledParts = Object.keys(settledRecords) as SettledPart[]

export const isSettled = (settled: Settled): boolean => settledParts.some((part) => settled[part] !== null)

/** What was settled and what it came to, each part under its name. */
export function describeSettled({ calibration, decision, intervals, measured }: Settled): { part: SettledPart; lines: string[] }[] {
  return [
    ...(calibration ? [{ part: 'calibration' as const, lines: describeCalibration(calibration) }] : []),
    ...(decision
      ? [
          {
            part: 'decision' as const,
            lines: [...describeDecision(decision), ...(isClassDecision(decision) ? [] : describeAlternatives(decision))]
          }
        ]
      : []),
    ...(intervals
      ? [
          {
            part: 'intervals' as const,
            lines: [...describeIntervals(intervals), ...(measured ? [`on the judged rows ${measuredWords(measured)}`] : [])]
          }
        ]
      : [])
  ]
}

/** Where a bundle has the record of a part. */
export const settledFileOf = (part: SettledPart): string => `evidence/${part}.json`

/** The model that a set of records ends with: a graph changes with a calibration and then with a decision, and not with intervals. */
export const settledModel = ({ calibration, decision, intervals }: Pick<Settled, SettledPart>): Sha256 | undefined =>
  (decision ?? calibration ?? intervals)?.model
