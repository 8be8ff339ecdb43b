import type { Explanation } from '../../model/explanation'
import type { Sha256 } from '../../model/reference'
import { WorkbenchError } from '../../model/errors'
import { readSignature } from '../training'
import { describe } from './describe'
import { backgroundRows } from './explain-file'
import { ModelExplainer } from './model-explainer'
import { sampleRows } from './read-rows'
import type { ExplainMethod } from './spaces'
import { writeArrow } from './write-contributions'

export interface ExplainTableOptions {
  /** Paths of model.onnx and signature.json. */
  model: string
  signature: string
  sha256: Sha256
  /** Arrow files; without a background the explained rows stand for what is usual. */
  table: string
  background?: string
  method: ExplainMethod
  /** An even sample of so many rows is explained. */
  rows: number
  seed: number
  /** Arrow file for the contributions. */
  out: string
  signal?: AbortSignal
  onProgress?: (share: number) => void
}

/**
 * Explains a sample of the rows of a table and writes the contributions.
 * @throws WorkbenchError INVALID_INPUT, NOT_FOUND, JOB_FAILED where contributions do not add up, CANCELLED
 */
export async function explainTable(options: ExplainTableOptions): Promise<Explanation> {
  const { model, table, method, rows, seed, out, signal } = options
  const signature = await readSignature(model, options.signature)
  const frame = await sampleRows(table, signature, rows, signal)
  if (frame.rows === 0) throw new WorkbenchError('INVALID_INPUT', 'The table has no rows to explain. Connect one that has some.')
  const background = await sampleRows(options.background ?? table, signature, backgroundRows[method], signal)
  const explainer = await ModelExplainer.open({ model, signature, background, method, seed, signal })
  try {
    const found = await explainer.explain(frame, signal, options.onProgress)
    await writeArrow(out, { features: explainer.features, outputs: explainer.outputs, base: explainer.base, found })
    const from = options.background === undefined ? 'explained rows' : 'given table'
    return describe(explainer, { model: { sha256: options.sha256 }, signature, frame, found, from, seed })
  } finally {
    await explainer.close()
  }
}
