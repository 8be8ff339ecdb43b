import type { ModelSignature } from '../../model/training'
import type { Frame } from '../frames'
import { scoreFrame, type Scorer } from '../training'
import type { Answers } from './score-columns'

/** What the model answers to the rows of one batch, in chunks of 4,096 to ONNX Runtime in a process of its own. */
export async function answerBatch(scorer: Scorer, signature: ModelSignature, frame: Frame, signal?: AbortSignal): Promise<Answers> {
  const { rows, width, scores } = await scoreFrame(scorer, signature, frame, signal)
  return { rows, width, scores }
}
