import { createHash } from 'node:crypto'
import { createReadStream, promises as fs, type Stats } from 'node:fs'
import { basename } from 'node:path'
import type { Dialect, Encoding, Notice } from '../../model/dataset'
import { countOf } from '../../model/count-of'
import { WorkbenchError } from '../../model/errors'
import type { BadRowCollector } from './bad-rows'
import { createRecordCleaner, type RecordCleaner } from './record-cleaner'
import { createDecoder } from './text-decoder'
import type { Sha256 } from '../../model/reference'
import { digestFrom } from '../../storage/objects/durable-files'

export interface CleanCopy {
  cleaner: RecordCleaner
  /** Of the original bytes. */
  sha256: Sha256
  size: number
  /** Bytes that were no UTF-8 among others that were; the text has a mark for each. */
  strayBytes: number
  notices: Notice[]
}

export interface CopyOptions {
  signal?: AbortSignal
  onProgress?: (fraction: number) => void
  /** Reads only this many bytes and drops the last, unfinished record. */
  head?: number
  /** Keeps the text as it is: no records are told apart in it. */
  whole?: boolean
}

/** A text that is one piece, whatever its lines; a record it is only if there is more to it than blanks. */
function wholeText(): RecordCleaner {
  let records = 0
  return {
    push(chunk) {
      if (records === 0 && chunk.some((byte) => byte > 32)) records = 1
      return [chunk]
    },
    end: () => [],
    headerRecord: undefined,
    get records() {
      return records
    },
    longest: 0,
    lineOf: (line) => line
  }
}

const asciiByte = (character: string, what: string): number | undefined => {
  if (character === '') return undefined
  const code = character.charCodeAt(0)
  if (code > 126 || code === 10 || code === 13 || code === 0)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The ${what} "${character}" is not one ASCII character. Choose another, such as comma, semicolon or tab.`
    )
  return code
}

/**
 * Copies a text table in one pass: hashes the original bytes, decodes them to UTF-8, keeps well-formed records and reports the
 * others. So the imported bytes are the hashed bytes, even when the source changes or goes away meanwhile.
 */
export async function copyCleanText(
  source: string,
  target: string,
  dialect: Omit<Dialect, 'decimal'> | { encoding: Encoding },
  bad: BadRowCollector,
  options: CopyOptions = {}
): Promise<CleanCopy> {
  const table = 'delimiter' in dialect ? dialect : undefined
  const cleaner = options.whole
    ? wholeText()
    : createRecordCleaner({
        delimiter: table && asciiByte(table.delimiter, 'delimiter'),
        quote: table && asciiByte(table.quote, 'quote'),
        escape: table?.escape,
        skipRecords: table?.skipLines ?? 0,
        header: table?.header ?? false,
        bad
      })
  const before = await fs.stat(source)
  const { size } = before
  const hash = createHash('sha256')
  const decode = createDecoder(dialect.encoding)
  const output = await fs.open(target, 'w')
  let read = 0
  try {
    const stream = createReadStream(source, { highWaterMark: 1 << 20, end: options.head === undefined ? undefined : options.head - 1 })
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (options.signal?.aborted) throw new WorkbenchError('CANCELLED', 'The import was cancelled. Nothing was changed.')
      hash.update(chunk)
      read += chunk.length
      await writeAll(output, cleaner.push(decode.push(chunk)))
      options.onProgress?.(size === 0 ? 1 : read / size)
    }
    const complete = options.head === undefined || size <= options.head
    if (options.head === undefined) await assertUnchangedSource(source, before, read)
    const rest = decode.end(complete)
    if (rest.length > 0) await writeAll(output, cleaner.push(rest))
    if (complete) await writeAll(output, cleaner.end())
  } finally {
    await output.close()
  }
  const notices: Notice[] = []
  if (decode.nuls > 0)
    notices.push({
      severity: 'warning',
      title: 'NUL bytes in the text',
      detail: `The file has ${countOf(decode.nuls, 'NUL byte')}, which no text should have; it may be damaged. ${decode.nuls === 1 ? 'It is' : 'Each is'} kept as the replacement character U+FFFD. Check the source.`,
      column: null,
      line: null
    })
  if (decode.undecodable > 0)
    notices.push({
      severity: 'warning',
      title: `Bytes that are no ${dialect.encoding}`,
      detail: `The file has ${countOf(decode.undecodable, 'place')} that ${decode.undecodable === 1 ? 'is' : 'are'} no character of ${dialect.encoding}, each kept as the replacement character U+FFFD. Choose another encoding, or check the source.`,
      column: null,
      line: null
    })
  return { cleaner, sha256: digestFrom(hash), size: read, strayBytes: decode.strayBytes, notices }
}

/**
 * Half a file is not the file: one that somebody was still writing, or cut, is refused. A file that went away meanwhile was read whole,
 * since it was open. Throws CONFLICT.
 */
export async function assertUnchangedSource(source: string, before: Stats, read: number): Promise<void> {
  const after = await fs.stat(source).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return before
    throw error
  })
  const isSame = after.ino !== before.ino || (after.size === before.size && after.mtimeMs === before.mtimeMs)
  if (isSame && read === before.size) return
  throw new WorkbenchError(
    'CONFLICT',
    `"${basename(source)}" changed while it was read: it had ${before.size} bytes at first, ${read} were read. Nothing was imported. Wait until the program that writes it is done, or copy the file, and import it again.`,
    { details: { size: before.size, read } }
  )
}

async function writeAll(file: fs.FileHandle, buffers: Buffer[]): Promise<void> {
  if (buffers.length === 0) return
  const bytes = buffers.length === 1 ? buffers[0] : Buffer.concat(buffers)
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten
}
