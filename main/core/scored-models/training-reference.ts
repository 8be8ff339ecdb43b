import type { ModelSignature, SignatureInput } from '../../model/training'
import { inspectArrowFile } from '../../storage/arrow/inspect'
import { columnOf, eachFrame, type Column } from '../frames'
import { binsOf, type Reference } from './shift'

/** Most training rows that are looked at; an even sample of them where there are more. */
const mostRows = 200_000

/** Sampled cells of one column, batch after batch. */
class SampledColumn {
  private readonly values: number[] = []
  private readonly codes: number[] = []
  private readonly texts = new Map<string, number>()

  constructor(readonly input: SignatureInput) {}

  take(column: Column, row: number): void {
    if (column.kind !== 'category') {
      this.values.push(column.values[row]!)
      return
    }
    const code = column.codes[row]!
    if (code < 0) this.codes.push(-1)
    else {
      const text = column.categories[code]!
      let own = this.texts.get(text)
      if (own === undefined) this.texts.set(text, (own = this.texts.size))
      this.codes.push(own)
    }
  }

  finish(): Column {
    if (this.codes.length > 0) return { kind: 'category', codes: Int32Array.from(this.codes), categories: [...this.texts.keys()] }
    return { kind: 'number', values: Float64Array.from(this.values), outOfRange: 0 }
  }
}

/**
 * What the training rows of a model looked like, from its training table, an Arrow file.
 * @throws WorkbenchError NOT_FOUND, INVALID_INPUT, CANCELLED
 */
export async function referenceOf(signature: ModelSignature, table: string, signal?: AbortSignal): Promise<Reference> {
  const { rows } = await inspectArrowFile(table)
  const every = Math.max(1, Math.ceil(rows / mostRows))
  const columns = signature.inputs.map((input) => new SampledColumn(input))
  const names = [...new Set(signature.inputs.map(({ name }) => name))]
  let before = 0
  let sampled = 0
  await eachFrame(
    table,
    names,
    (frame) => {
      for (let row = (every - (before % every)) % every; row < frame.rows; row += every) {
        for (const column of columns) column.take(columnOf(frame, column.input.name), row)
        sampled++
      }
      before += frame.rows
    },
    signal
  )
  return { rows: sampled, columns: columns.map((column) => binsOf(column.input, column.finish())) }
}
