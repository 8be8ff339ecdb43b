import type { Dialect } from '../../model/dataset'
import type { BadRowCollector } from './bad-rows'
import { BACKSLASH, createRecordScanner, MAX_RECORD } from './record-scanner'
import { createRecordWriter } from './record-writer'

export interface CleanerOptions {
  /** ASCII byte; undefined for one record per line. */
  delimiter?: number
  /** ASCII byte; undefined for no quoting. */
  quote?: number
  /** `backslash`: a quote within quotes stands behind one. It is written doubled. */
  escape?: Dialect['escape']
  /** Records to leave out before the header or the first row. */
  skipRecords: number
  header: boolean
  /** A blank line is a record: the table has one column, and no value in this row. */
  keepBlank?: boolean
  bad: BadRowCollector
}

export interface RecordCleaner {
  /** Takes the next UTF-8 bytes and returns what can be written. */
  push(chunk: Buffer): Buffer[]
  end(): Buffer[]
  readonly headerRecord: string | undefined
  readonly records: number
  readonly longest: number
  /** 1-based line in the file of a 1-based record that was written. */
  lineOf(record: number): number
}

/**
 * Splits UTF-8 text into records and writes the well-formed ones with single line feeds, without blank records and without the
 * header, so that a strict parser cannot lose its place. A record with a quote that is never closed costs only its own line: reading
 * goes on at the next one. Refused records go to `bad` with their line and text. Quoting: RFC 4180.
 */
export function createRecordCleaner(options: CleanerOptions): RecordCleaner {
  const { delimiter, quote } = options
  const escape = options.escape === 'backslash' ? BACKSLASH : undefined
  const scanner = createRecordScanner(delimiter, quote, escape)
  const writer = createRecordWriter({ ...options, skipBlank: delimiter !== undefined && !options.keepBlank })
  let pending: Buffer = Buffer.alloc(0)
  let line = 1
  let discarding = false

  /** Takes records that are a line each: most files hold nothing else. Returns where it stopped. */
  const acceptPlain = (from: number): number => {
    let start = from
    for (let end = scanner.plainEnd(start); end >= 0; end = scanner.plainEnd(start)) {
      writer.accept(start, end, end + 1, line)
      line++
      start = end + 1
    }
    return start
  }
  /** Takes the record at `from`, which has a quote. Returns where the next begins; undefined when the end is not in the buffer yet. */
  const takeQuoted = (from: number, final: boolean): number | undefined => {
    const walked = scanner.walk(from, final)
    if (walked === 'more') return undefined
    if (walked === 'open') {
      scanner.rewind()
      const own = scanner.lineEnd(from, true)!
      writer.refuse(from, own.end, line, 'a quote is opened and not closed')
      line++
      return own.next
    }
    const lines = 1 + scanner.countLines(from, walked.end)
    if (walked.junk) writer.refuse(from, walked.end, line, 'text after the closing quote')
    else writer.accept(from, walked.end, walked.next, line, escape && scanner.withDoubledQuotes(from, walked.end))
    line += lines
    return walked.next
  }
  /** Takes the record at `from`, or the rest of one that is too long. Returns where the next begins; undefined as above. */
  const takeRecord = (from: number, final: boolean): number | undefined => {
    const first = scanner.lineEnd(from, final)
    if (discarding) {
      if (!first) return pending.length
      discarding = false
      line++
      return first.next
    }
    if (!first && pending.length - from > MAX_RECORD) {
      writer.refuse(from, pending.length, line, 'record longer than 8 MiB')
      discarding = true
      return from
    }
    if (quote !== undefined && !(first && scanner.quoteFrom(from) > first.end)) return takeQuoted(from, final)
    if (!first) return undefined
    writer.accept(from, first.end, first.next, line)
    line++
    return first.next
  }
  const consume = (final: boolean): Buffer[] => {
    let pos = 0
    scanner.load(pending)
    writer.begin(pending)
    while (pos < pending.length) {
      if (!discarding) pos = acceptPlain(pos)
      const next = pos < pending.length ? takeRecord(pos, final) : undefined
      if (next === undefined) break
      pos = next
    }
    writer.finish(pos)
    pending = pending.subarray(pos)
    return writer.take()
  }

  return {
    push(chunk) {
      pending = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk
      return consume(false)
    },
    end: () => consume(true),
    get headerRecord() {
      return writer.headerRecord
    },
    get records() {
      return writer.records
    },
    get longest() {
      return writer.longest
    },
    lineOf: writer.lineOf
  }
}
