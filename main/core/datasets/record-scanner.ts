/** A record longer than this is refused; also how far the end of a quoted field is looked for. */
export const MAX_RECORD = 8 << 20
export const LF = 10
const CR = 13
export const BACKSLASH = 92

/** Where a record or line ends, and where the next begins. */
export interface RecordEnd {
  end: number
  next: number
}

/** Finds where records end in a buffer. Quoting: RFC 4180. Positions must not go backwards, except after `rewind`. */
export interface RecordScanner {
  load(bytes: Buffer): void
  /** Forgets what was looked up, so that a position may lie before the last one. */
  rewind(): void
  /** Where the line that holds `from` ends and the next begins; undefined when that is not in the buffer yet. */
  lineEnd(from: number, final: boolean): RecordEnd | undefined
  /** The line feed that ends the line at `from`; -1 when the line has a quote or a carriage return, or no end in the buffer. */
  plainLineEnd(from: number): number
  /** The next quote at or behind `from`; Infinity when there is none. */
  quoteFrom(from: number): number
  /** Walks a record that has quotes. `open`: a quoted field has no end within reach; `more`: that is not in the buffer yet. */
  walk(from: number, final: boolean): (RecordEnd & { junk: boolean }) | 'more' | 'open'
  /** The record with quotes doubled that stood behind a backslash; undefined where nothing of that kind is in it. */
  withDoubledQuotes(from: number, to: number): Buffer | undefined
  /** Line feeds in the range. */
  countLines(from: number, to: number): number
}

/** Creates a scanner; delimiter, quote and escape are ASCII bytes, undefined for none. */
export function createRecordScanner(delimiter: number | undefined, quote: number | undefined, escape?: number): RecordScanner {
  let bytes: Buffer = Buffer.alloc(0)
  // Positions of the next such byte, looked up natively and only again when passed.
  let nextLf = -1
  let nextCr = -1
  let nextQuote = -1
  const seek = (known: number, byte: number, from: number): number => {
    if (known >= from) return known
    const found = bytes.indexOf(byte, from)
    return found < 0 ? Infinity : found
  }
  const rewind = (): void => {
    nextLf = nextCr = nextQuote = -1
  }
  const lineEnd: RecordScanner['lineEnd'] = (from, final) => {
    nextLf = seek(nextLf, LF, from)
    nextCr = seek(nextCr, CR, from)
    const end = Math.min(nextLf, nextCr)
    if (end === Infinity) return final ? { end: bytes.length, next: bytes.length } : undefined
    if (bytes[end] === LF) return { end, next: end + 1 }
    if (end + 1 === bytes.length && !final) return undefined
    return { end, next: bytes[end + 1] === LF ? end + 2 : end + 1 }
  }
  const escapesBefore = (quoteAt: number, opened: number): number => {
    let n = 0
    while (quoteAt - 1 - n > opened && bytes[quoteAt - 1 - n] === escape) n++
    return n
  }
  /** The position behind the quoted field that begins at `at` in the record that begins at `from`. */
  const behindQuoted = (from: number, at: number, final: boolean): number | 'more' | 'open' => {
    for (let searched = at + 1; ;) {
      const found: number = bytes.indexOf(quote!, searched)
      if (found < 0 || found > from + MAX_RECORD) return !final && bytes.length <= from + MAX_RECORD ? 'more' : 'open'
      if (found + 1 === bytes.length && !final) return 'more'
      if (escape !== undefined && escapesBefore(found, at) % 2 === 1) {
        searched = found + 1
        continue
      }
      if (bytes[found + 1] !== quote) return found + 1
      searched = found + 2
    }
  }
  const walk: RecordScanner['walk'] = (from, final) => {
    for (let at = from; ;) {
      const isQuoted = bytes[at] === quote
      if (isQuoted) {
        const behind = behindQuoted(from, at, final)
        if (typeof behind !== 'number') return behind
        at = behind
      } else while (at < bytes.length && bytes[at] !== delimiter && bytes[at] !== LF && bytes[at] !== CR) at++
      if (at >= bytes.length) return !isQuoted && !final ? 'more' : { end: at, next: at, junk: false }
      if (bytes[at] !== delimiter) {
        const line = lineEnd(at, final)
        return line ? { ...line, junk: line.end !== at } : 'more'
      }
      at++
      if (at >= bytes.length && !final) return 'more'
    }
  }
  return {
    load(next) {
      bytes = next
      rewind()
    },
    rewind,
    lineEnd,
    plainLineEnd(from) {
      const searched = bytes
      for (let at = from; at < searched.length; at++) {
        const byte = searched[at]
        if (byte === LF) return at
        if (byte === CR || byte === quote) return -1
      }
      return -1
    },
    quoteFrom: (from) => (nextQuote = seek(nextQuote, quote!, from)),
    walk,
    withDoubledQuotes(from, to) {
      const first = escape === undefined ? -1 : bytes.indexOf(escape, from)
      if (first < 0 || first >= to) return undefined
      const written: number[] = []
      let opened = -1
      for (let at = from; at < to; at++) {
        const byte = bytes[at]
        const isStart = opened < 0 && byte === quote && (at === from || bytes[at - 1] === delimiter)
        if (isStart) opened = at
        else if (opened >= 0 && byte === quote) {
          const escapes = escapesBefore(at, opened)
          // Half of the backslashes escape the others; an odd one escapes the quote.
          written.length -= Math.ceil(escapes / 2)
          if (escapes % 2 === 1) written.push(quote)
          else if (bytes[at + 1] === quote) written.push(bytes[at++])
          else opened = -1
        }
        written.push(byte)
      }
      return Buffer.from(written)
    },
    countLines(from, to) {
      let n = 0
      for (let at = bytes.indexOf(LF, from); at >= 0 && at < to; at = bytes.indexOf(LF, at + 1)) n++
      return n
    }
  }
}
