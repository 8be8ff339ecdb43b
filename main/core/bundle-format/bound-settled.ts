import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import type { MeasuredIntervals } from '../../model/conformal'
import { isClassDecision, type DecisionRecord } from '../../model/decision'
import type { Sha256 } from '../../model/reference'
import { settledFileOf, settledParts, settledRecords, type Settled, type SettledPart } from '../../model/settled'
import { answerNames } from '../../model/tasks'
import type { ModelSignature } from '../../model/training'

export type SettledRecords = { [part in SettledPart]?: NonNullable<Settled[part]> | undefined }

const chosenOf = ({ used, table, weight }: { used: number; table: Sha256; weight?: string | undefined }) => ({
  ...{ rows: used, table },
  ...(weight !== undefined && { weight })
})

/** What a signature has to say where a record is about its model. */
function signedBy(part: SettledPart, records: SettledRecords): unknown {
  const { calibration, decision, intervals } = records
  if (part === 'calibration') {
    const { method, rows, original } = calibration!
    return { method, ...chosenOf(rows), original }
  }
  if (part === 'intervals') {
    const { used, table } = intervals!.rows
    return { ...intervals!.intervals, rows: used, table }
  }
  const { rule, rows } = decision!
  return { ...('threshold' in decision! && { threshold: decision.threshold }), rule, ...chosenOf(rows) }
}

/**
 * Says why the records of calibration, decision and intervals are not known to be about the enclosed model, one sentence each; none where they
 * are. A graph changes with a calibration and then with a decision, so each names the one before it; bundles of earlier programs carry none.
 * @param model SHA-256 of the enclosed model
 */
export function findUnboundSettled(records: SettledRecords, signature: ModelSignature | undefined, model: Sha256): string[] {
  const { calibration, decision, intervals } = records
  const reasons: string[] = []
  for (const part of settledParts) {
    const record = records[part]
    if (!record) continue
    const file = settledFileOf(part)
    if (!signature) reasons.push(`${file} cannot be held against a signature of the model: there is none that can be read.`)
    else if (record.target !== signature.target.name || record.algorithm !== signature.algorithm)
      reasons.push(
        `${file} is about ${record.algorithm} for "${record.target}", but the enclosed model is ${signature.algorithm} for "${signature.target.name}".`
      )
    else if (!isDeepStrictEqual(signature[part], signedBy(part, records)))
      reasons.push(`${file} says something else than model/signature.json says of the ${part}.`)
    else if (part === 'decision' && isOfOtherClasses(decision!, signature))
      reasons.push(`${file} names other classes, or in another order, than model/signature.json.`)
  }
  const graphs: [SettledPart, Sha256 | undefined, (Sha256 | undefined)[]][] = [
    ['calibration', calibration?.model, [model, decision?.original]],
    ['decision', decision?.model, [model]],
    ['intervals', intervals?.model, [model, decision?.original]]
  ]
  for (const [part, about, wanted] of graphs)
    if (about && !wanted.includes(about))
      reasons.push(`${settledFileOf(part)} is about the model ${about.slice(0, 8)}, but the enclosed one is ${model.slice(0, 8)}.`)
  return reasons
}

const isOfOtherClasses = (decision: DecisionRecord, signature: ModelSignature): boolean =>
  isClassDecision(decision) &&
  !isDeepStrictEqual(
    decision.rows.classes.map(({ name }) => name),
    answerNames(signature)
  )

/** Whether the intervals that an evaluation measured are those that the signature promises. */
export function findUnboundMeasured(measured: MeasuredIntervals | undefined, signature: ModelSignature | undefined): string[] {
  if (!measured || !signature) return []
  const { intervals } = signature
  return intervals?.coverage === measured.promised && intervals.score === measured.score
    ? []
    : ['evidence/evaluation.json measured other intervals than model/signature.json promises.']
}

/** Reads the three records of a bundle by a reader of its documents. */
export async function readSettled(read: <T>(file: string, schema: z.ZodType<T>) => Promise<T | undefined>): Promise<SettledRecords> {
  const { calibration, decision, intervals } = settledRecords
  return {
    calibration: await read(settledFileOf('calibration'), calibration),
    decision: await read(settledFileOf('decision'), decision),
    intervals: await read(settledFileOf('intervals'), intervals)
  }
}
