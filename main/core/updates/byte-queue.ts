import { WorkbenchError } from '../../model/errors'

/** An archive that must not be unpacked; `what` is the reason, in words that follow a colon. */
export const refuseArchive = (what: string): WorkbenchError =>
  new WorkbenchError(
    'INVALID_INPUT',
    `The program in the update file cannot be unpacked: ${what}. Nothing was changed. Ask for another copy.`
  )

/** Bytes that come in chunks, taken in pieces. */
export interface ByteQueue {
  /** The next bytes; null at the end. Throws where it ends in the middle. */
  take(length: number): Promise<Buffer | null>
  /** The next bytes, as they come. */
  stream(length: number): AsyncGenerator<Buffer>
  rest(): AsyncGenerator<Buffer>
}

/** Takes chunks as they come and holds no more of them than is asked for. */
export function createByteQueue(chunks: AsyncIterable<Buffer>): ByteQueue {
  const source = chunks[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  const fill = async (): Promise<boolean> => {
    while (held.length === 0) {
      const next = await source.next()
      if (next.done) return false
      held = next.value
    }
    return true
  }
  async function* stream(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0;) {
      if (!(await fill())) throw refuseArchive('it was cut off')
      const piece = held.subarray(0, left)
      held = held.subarray(piece.length)
      left -= piece.length
      yield piece
    }
  }
  return {
    stream,
    async take(length) {
      if (length > 0 && !(await fill())) return null
      const pieces: Buffer[] = []
      for await (const piece of stream(length)) pieces.push(Buffer.from(piece))
      return Buffer.concat(pieces)
    },
    async *rest() {
      while (await fill()) {
        yield held
        held = Buffer.alloc(0)
      }
    }
  }
}
