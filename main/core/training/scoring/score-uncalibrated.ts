import { WorkbenchError } from '../../../model/errors'
import { uncalibratedAmong } from '../../../model/calibration'
import type { ModelSignature } from '../../../model/training'
import { breathe } from '../../numerics'
import type { Frame } from '../../frames'
import { chunkRows, collectInputs } from './score-table'
import type { ModelScorer } from './protocol'

/** What a calibrated model states for rows before the correction, as {@link scoreFrame} gives what it states after it. */
export async function scoreUncalibrated(
  scorer: ModelScorer,
  signature: ModelSignature,
  frame: Frame,
  signal?: AbortSignal
): Promise<Float64Array> {
  const name = uncalibratedAmong(signature.outputs.map((output) => output.name))
  let scores = new Float64Array(0)
  for (let from = 0; from < frame.rows; from += chunkRows) {
    await breathe(signal)
    const to = Math.min(from + chunkRows, frame.rows)
    const outputs = await scorer.run(collectInputs(frame, signature, from, to), to - from)
    const found = outputs.find((output) => output.name === name)
    const classes = found ? found.data.length / (to - from) : 0
    if (!found || classes < 2 || !Number.isInteger(classes))
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The model does not give what it states before its calibration${name === undefined ? '' : ` as "${name}"`}. Its signature and its file do not belong together: calibrate again.`
      )
    const width = classes === 2 ? 1 : classes
    if (from === 0) scores = new Float64Array(frame.rows * width)
    // Of two outcomes one probability says it all.
    for (let row = from; row < to; row++)
      for (let at = 0; at < width; at++) scores[row * width + at] = Number(found.data[(row - from) * classes + (width === 1 ? 1 : at)])
  }
  return scores
}
