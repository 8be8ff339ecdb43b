import { WorkbenchError } from '../../../model/errors'
import type { ModelSignature, TrainedModel } from '../../../model/training'
import { encodeFeatures } from '../features'
import type { Frame } from '../../frames'
import { predictNative, type NativeModel } from '../native-model'
import { exactEncodings } from '../rounding'
import { scoreFrame } from './score-table'
import type { Scorer } from './scorer'

/** Largest accepted difference of a probability between the native predictor and ONNX Runtime. */
export const parityLimit = 1e-6

/**
 * Compares native and ONNX probabilities on every row of the frame and returns the largest difference; beside it that to a prediction from the
 * values as they are, which single precision may have rounded across a border of the model.
 * @throws WorkbenchError JOB_FAILED when it is not below 1e-6
 */
export async function assertParity(
  native: NativeModel,
  scorer: Scorer,
  signature: ModelSignature,
  frame: Frame,
  signal?: AbortSignal
): Promise<TrainedModel['parity']> {
  const own = predictNative(native, encodeFeatures(frame, native.features))
  const { probabilities } = await scoreFrame(scorer, signature, frame, signal)
  let maxDifference = 0
  let worst = 0
  for (let row = 0; row < frame.rows; row++) {
    const difference = Math.abs(own[row]! - probabilities[row]!)
    if (difference <= maxDifference) continue
    maxDifference = difference
    worst = row
  }
  if (!(maxDifference < parityLimit))
    throw new WorkbenchError(
      'JOB_FAILED',
      `The exported model differs from the trained one by ${maxDifference} (row ${worst}: ${own[worst]} and ${probabilities[worst]}), which is more than ${parityLimit}. The export was not accepted; please report this with the training record.`,
      { details: { maxDifference, row: worst } }
    )
  const unrounded = predictNative(native, encodeFeatures(frame, exactEncodings(native.features))).map((score, row) =>
    Math.abs(score - probabilities[row]!)
  )
  const beyond = unrounded.filter((difference) => !(difference < parityLimit)).length
  return {
    rows: frame.rows,
    maxDifference,
    unrounded: { maxDifference: unrounded.reduce((most, each) => Math.max(most, each), 0), beyond }
  }
}
