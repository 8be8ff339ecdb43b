import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Sha256 } from '../../model/reference'
import { digestFrom } from '../../storage/objects/durable-files'

/** Both digests of a file, read once. */
export async function digestsOfFile(path: string): Promise<{ sha256: Sha256; sha512: string }> {
  const [short, long] = [createHash('sha256'), createHash('sha512')]
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    short.update(chunk)
    long.update(chunk)
  }
  return { sha256: digestFrom(short), sha512: long.digest('hex') }
}
