import type { ModelSignature } from '../../model/training'
import type { Frame } from '../frames'
import { scoreFrame, type Scorer } from '../training'
import { kernelShap } from './kernel-shap'
import { coalitionRows, stack } from './mixed-rows'
import type { ExplainedRows } from './explained-rows'

/** Explains rows of a model that only answers, in the space of its answers. */
export class BlackBoxExplainer {
  /** Mean answer over the background, by output; known after the first row. */
  base = new Float64Array()
  private readonly names: readonly string[]

  constructor(
    private readonly scorer: Scorer,
    private readonly signature: ModelSignature,
    private readonly background: Frame,
    private readonly seed: number
  ) {
    this.names = signature.inputs.map(({ name }) => name)
  }

  /** Fills in contributions and margins; returns their standard errors, or null where they are exact. */
  async explain(
    frame: Frame,
    into: Pick<ExplainedRows, 'contributions' | 'margins'>,
    signal?: AbortSignal,
    onProgress?: (share: number) => void
  ): Promise<Float64Array | null> {
    const columns = this.names.length
    const both = stack(frame, this.background)
    const errors = new Float64Array(into.contributions.length)
    let isDrawn = false
    for (let row = 0; row < frame.rows; row++) {
      const found = await kernelShap(columns, (coalitions) => this.valuesOf(both, row, frame.rows, coalitions, signal), {
        seed: this.seed + row,
        signal
      })
      into.contributions.set(found.values, row * found.values.length)
      into.margins.set(found.answer, row * found.answer.length)
      this.base = Float64Array.from(found.base)
      if (found.errors) {
        errors.set(found.errors, row * found.values.length)
        isDrawn = true
      }
      onProgress?.((row + 1) / frame.rows)
    }
    return isDrawn ? errors : null
  }

  private async valuesOf(
    both: Frame,
    row: number,
    before: number,
    coalitions: readonly Uint8Array[],
    signal?: AbortSignal
  ): Promise<Float64Array[]> {
    const size = this.background.rows
    const mixed = coalitionRows(both, this.names, { row, before }, coalitions)
    const { scores, width } = await scoreFrame(this.scorer, this.signature, mixed, signal)
    return coalitions.map((_, coalition) => {
      const mean = new Float64Array(width)
      for (let at = 0; at < size * width; at++) mean[at % width]! += scores[coalition * size * width + at]! / size
      return mean
    })
  }
}
