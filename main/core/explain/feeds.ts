import type { ModelSignature } from '../../model/training'
import type { Frame } from '../frames'
import { collectInputs } from '../training'
import type { Feeds } from './explain-white-box'
import type { RowTensor } from './graph/values'

/** Rows of a table as the graph's inputs; each column of the table is a player by its place in the signature. */
export function feedsOf(frame: Frame, signature: ModelSignature, from: number, to: number): Feeds {
  const tensors = new Map<string, RowTensor>()
  collectInputs(frame, signature, from, to).forEach((input, place) => {
    const support = [place]
    const column =
      input.tensor === 'string'
        ? { support, texts: Array.from(input.codes, (code) => (code < 0 ? '' : input.texts[code]!)) }
        : { support, numbers: Float64Array.from(input.values) }
    tensors.set(input.name, { kind: 'rows', element: input.tensor, rank: 2, columns: [column] })
  })
  return { rows: to - from, tensors }
}
