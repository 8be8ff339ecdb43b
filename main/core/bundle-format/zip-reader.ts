import { close, fstat, read } from 'node:fs'
import { promisify } from 'node:util'
import { fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl'

const statOf = promisify(fstat)

/**
 * Opens a container and reads its end. The library's own reader asks the system for any place that a container names; one beyond the largest
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

/** Read at once around each place that is asked for: headers are small, and those of many files lie near one another. */
const windowBytes = 128 * 1024

class BoundedReader extends RandomAccessReader {
  readonly #file: number
  readonly #size: number
  #window = { start: 0, bytes: Buffer.alloc(0) }

  constructor(file: number, size: number) {
    super()
    this.#file = file
    this.#size = size
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, done: Done): void {
    if (position + length > this.#size) return queueMicrotask(() => done(new Error('it points to a place beyond its end')))
    const { start, bytes } = this.#window
    if (position >= start && position + length <= start + bytes.length) {
      bytes.copy(buffer, offset, position - start, position - start + length)
      return queueMicrotask(() => done(null, length))
    }
    if (length > windowBytes) return read(this.#file, buffer, offset, length, position, done)
    read(this.#file, Buffer.allocUnsafe(windowBytes), 0, windowBytes, position, (error, bytesRead, found) => {
      if (error) return done(error)
      this.#window = { start: position, bytes: found.subarray(0, bytesRead) }
      const given = found.copy(buffer, offset, 0, Math.min(length, bytesRead))
      done(null, given)
    })
  }

  override close(done: (error: Error | null) => void): void {
    close(this.#file, done)
  }
}
