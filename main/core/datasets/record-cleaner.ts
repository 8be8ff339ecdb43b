import type { BadRowCollector } from './bad-rows'

/** A record longer than this is refused; also how far the end of a quoted field is looked for. */
export const MAX_RECORD = 8 << 20
const LF = 10
const CR = 13
const NEWLINE = Buffer.from('\n')

export interface CleanerOptions {
  /** ASCII byte; undefined for one record per line. */
  delimiter?: number
  /** ASCII byte; undefined for no quoting. */
  quote?: number
  /** Records to leave out before the header or the first row. */
  skipRecords: number
  header: boolean
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
  const { delimiter, quote, bad } = options
  let pending: Buffer = Buffer.alloc(0)
  let out: Buffer[] = []
  let line = 1
  let records = 0
  let longest = 0
  let toSkip = options.skipRecords
  let wantsHeader = options.header
  let headerRecord: string | undefined
  let discarding = false
  const breakRecords: number[] = []
  const breakLines: number[] = []
  /** Lines ahead of records at the last break. */
  let lastOffset = NaN

  // Positions in `pending` of the next such byte, looked up natively and only again when passed.
  let nextLf = -1
  let nextCr = -1
  let nextQuote = -1
  const seek = (known: number, byte: number, from: number): number => {
    if (known >= from) return known
    const found = pending.indexOf(byte, from)
    return found < 0 ? Infinity : found
  }
  let keepFrom = -1
  const flush = (to: number): void => {
    if (keepFrom >= 0 && to > keepFrom) out.push(pending.subarray(keepFrom, to))
    keepFrom = -1
  }
  const countLines = (from: number, to: number): number => {
    let n = 0
    for (let i = pending.indexOf(LF, from); i >= 0 && i < to; i = pending.indexOf(LF, i + 1)) n++
    return n
  }
  const text = (from: number, to: number): string => pending.toString('utf8', from, Math.min(to, from + 9_000))

  /** Where the line that holds `from` ends and the next begins; undefined when that is not in the buffer yet. */
  const lineEnd = (from: number, final: boolean): { end: number; next: number } | undefined => {
    nextLf = seek(nextLf, LF, from)
    nextCr = seek(nextCr, CR, from)
    const end = Math.min(nextLf, nextCr)
    if (end === Infinity) return final ? { end: pending.length, next: pending.length } : undefined
    if (pending[end] === LF) return { end, next: end + 1 }
    if (end + 1 === pending.length && !final) return undefined
    return { end, next: pending[end + 1] === LF ? end + 2 : end + 1 }
  }

  /** Walks a record that has quotes. `closed: false` means a quoted field has no end within reach. */
  const walk = (from: number, final: boolean): { end: number; next: number; junk: boolean } | 'more' | 'open' => {
    let i = from
    for (;;) {
      if (pending[i] === quote) {
        let j = i + 1
        for (;;) {
          const k: number = pending.indexOf(quote!, j)
          if (k < 0 || k > from + MAX_RECORD) {
            if (!final && pending.length <= from + MAX_RECORD) return 'more'
            return 'open'
          }
          if (k + 1 === pending.length && !final) return 'more'
          if (pending[k + 1] === quote) j = k + 2
          else {
            i = k + 1
            break
          }
        }
        if (i >= pending.length) return { end: i, next: i, junk: false }
        if (pending[i] === delimiter) {
          i++
          if (i >= pending.length && !final) return 'more'
          continue
        }
        const at = lineEnd(i, final)
        if (!at) return 'more'
        return { ...at, junk: at.end !== i }
      }
      while (i < pending.length && pending[i] !== delimiter && pending[i] !== LF && pending[i] !== CR) i++
      if (i >= pending.length) {
        if (!final) return 'more'
        return { end: i, next: i, junk: false }
      }
      if (pending[i] !== delimiter) {
        const at = lineEnd(i, final)
        return at ? { ...at, junk: false } : 'more'
      }
      i++
      if (i >= pending.length && !final) return 'more'
    }
  }

  const accept = (from: number, end: number, next: number): void => {
    const blank = delimiter !== undefined && end === from
    if (blank || toSkip > 0 || wantsHeader) {
      flush(from)
      if (blank) return
      if (toSkip > 0) toSkip--
      else {
        headerRecord = pending.toString('utf8', from, end)
        wantsHeader = false
      }
      return
    }
    records++
    if (end - from > longest) longest = end - from
    const offset = line - records
    if (offset !== lastOffset) {
      lastOffset = offset
      breakRecords.push(records)
      breakLines.push(line)
    }
    if (keepFrom < 0) keepFrom = from
    if (next !== end + 1 || pending[end] !== LF) {
      flush(end)
      out.push(NEWLINE)
    }
  }
  const refuse = (from: number, end: number, reason: string): void => {
    flush(from)
    bad.add({ line, column: null, raw: text(from, end), reason })
  }

  /** Takes whole lines without quote and carriage return, byte by byte: most files hold nothing else. Returns where it stopped. */
  const acceptPlainLines = (from: number): number => {
    const bytes = pending
    const end = bytes.length
    let start = from
    for (let at = from; at < end; at++) {
      const byte = bytes[at]
      if (byte === CR || byte === quote) break
      if (byte !== LF) continue
      accept(start, at, at + 1)
      line++
      start = at + 1
    }
    return start
  }

  const consume = (final: boolean): void => {
    let pos = 0
    nextLf = nextCr = nextQuote = -1
    keepFrom = -1
    while (pos < pending.length) {
      if (!discarding) {
        pos = acceptPlainLines(pos)
        if (pos >= pending.length) break
      }
      const first = lineEnd(pos, final)
      if (discarding) {
        if (!first) {
          pos = pending.length
          break
        }
        discarding = false
        line++
        pos = first.next
        continue
      }
      if (!first && pending.length - pos > MAX_RECORD) {
        refuse(pos, pending.length, 'record longer than 8 MiB')
        discarding = true
        continue
      }
      if (quote !== undefined) nextQuote = seek(nextQuote, quote, pos)
      if (quote === undefined || (first && nextQuote > first.end)) {
        if (!first) break
        accept(pos, first.end, first.next)
        line++
        pos = first.next
        continue
      }
      const walked = walk(pos, final)
      if (walked === 'more') break
      if (walked === 'open') {
        nextLf = nextCr = -1
        const own = lineEnd(pos, true)!
        refuse(pos, own.end, 'a quote is opened and not closed')
        line++
        pos = own.next
        nextQuote = -1
        continue
      }
      const lines = 1 + countLines(pos, walked.end)
      if (walked.junk) refuse(pos, walked.end, 'text after the closing quote')
      else accept(pos, walked.end, walked.next)
      line += lines
      pos = walked.next
    }
    flush(pos)
    pending = pending.subarray(pos)
  }

  const take = (): Buffer[] => {
    const written = out
    out = []
    return written
  }
  return {
    push(chunk) {
      pending = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk
      consume(false)
      return take()
    },
    end() {
      consume(true)
      return take()
    },
    get headerRecord() {
      return headerRecord
    },
    get records() {
      return records
    },
    get longest() {
      return longest
    },
    lineOf(record) {
      let low = 0
      let high = breakRecords.length - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if (breakRecords[middle] <= record) low = middle
        else high = middle - 1
      }
      return high < 0 ? record : breakLines[low] + (record - breakRecords[low])
    }
  }
}
