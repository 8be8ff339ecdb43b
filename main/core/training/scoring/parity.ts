import { WorkbenchError } from '../../../model/errors'
import type { ModelSignature, TrainedModel } from '../../../model/training'
import { encodeFeatures } from '../features'
import type { Frame } from '../../frames'
import { predictNative, type NativeModel } from '../native-model'
import { differenceOf, exactEncodings } from '../rounding'
import { parityLimit } from './parity-limit'
import { scoreFrame } from './score-table'
import type { ModelScorer } from './protocol'

/**
 * Compares what the native and the ONNX model state on every row of the frame and returns the largest difference; beside it that to a prediction from the
 * values as they are, which single precision may have rounded across a border of the model.
 * @throws WorkbenchError JOB_FAILED when it is not below 1e-6
 */
export async function assertParity(
  native: NativeModel,
  scorer: ModelScorer,
  signature: ModelSignature,
  frame: Frame,
  signal?: AbortSignal
): Promise<TrainedModel['parity']> {
  const own = predictNative(native, encodeFeatures(frame, native.features))
  const { scores, width } = await scoreFrame(scorer, signature, frame, signal)
  let maxDifference = 0
  let worst = 0
  for (let at = 0; at < own.length; at++) {
    const difference = differenceOf(own[at]!, scores[at]!)
    if (difference <= maxDifference) continue
    maxDifference = difference
    worst = at
  }
  const row = Math.floor(worst / width)
  if (!(maxDifference < parityLimit))
    throw new WorkbenchError(
      'JOB_FAILED',
      `The exported model differs from the trained one by ${maxDifference} (row ${row}: ${own[worst]} and ${scores[worst]}), which is more than ${parityLimit}. The export was not accepted; please report this with the training record.`,
      { details: { maxDifference, row } }
    )
  const unrounded = predictNative(native, encodeFeatures(frame, exactEncodings(native.features))).map((score, at) =>
    differenceOf(score, scores[at]!)
  )
  const beyond = new Set([...unrounded.keys()].filter((at) => !(unrounded[at]! < parityLimit)).map((at) => Math.floor(at / width))).size
  return {
    rows: frame.rows,
    maxDifference,
    unrounded: { maxDifference: unrounded.reduce((most, each) => Math.max(most, each), 0), beyond }
  }
}
