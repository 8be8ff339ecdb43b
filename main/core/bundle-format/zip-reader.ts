import { close, fstat, read } from 'node:fs'
import { promisify } from 'node:util'
import { fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl'

const statOf = promisify(fstat)

/**
 * Reads the end of a container. The library's own reader asks the system for any place that a container names; one beyond the largest
 * whole number makes the system throw where nobody can catch it, so a stranger's file could end the program. This one looks first.
 * @param file an open descriptor, which the result closes; it stays open when this fails
 * @throws Error in the words of the library when it is no container
 */
export async function readZipFile(file: number): Promise<ZipFile> {
  const { size } = await statOf(file)
  return fromRandomAccessReaderPromise(new BoundedReader(file, size), size, {
    autoClose: false,
    decodeStrings: false,
    validateEntrySizes: true
  })
}

type Done = (error: Error | null, bytesRead?: number) => void

class BoundedReader extends RandomAccessReader {
  readonly #file: number
  readonly #size: number

  constructor(file: number, size: number) {
    super()
    this.#file = file
    this.#size = size
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, done: Done): void {
    if (position + length > this.#size) queueMicrotask(() => done(new Error('it points to a place beyond its end')))
    else read(this.#file, buffer, offset, length, position, done)
  }

  override close(done: (error: Error | null) => void): void {
    close(this.#file, done)
  }
}
