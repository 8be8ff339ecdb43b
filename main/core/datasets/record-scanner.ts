import { CR, createLineFinder, LF, type LineFinder, type RecordEnd } from './line-finder'

/** A record longer than this is refused; also how far the end of a quoted field is looked for. */
export const MAX_RECORD = 8 << 20
export const BACKSLASH = 92
// Looked at for each byte: an import costs a call each time where the modules are not bundled.
const [FEED, RETURN] = [LF, CR]

/** Finds where records end in a buffer. Quoting: RFC 4180. */
export interface RecordScanner extends Omit<LineFinder, 'bytes'> {
  /**
   * The line feed that ends the record at `from`, for one that is plain: in one line, without a carriage return, its quotes closed and with
   * nothing behind them. -1 for any other, and when it has no end in the buffer.
   */
  plainEnd(from: number): number
  /** Walks a record that has quotes. `open`: a quoted field has no end within reach; `more`: that is not in the buffer yet. */
  walk(from: number, final: boolean): (RecordEnd & { junk: boolean }) | 'more' | 'open'
  /** The record with quotes doubled that stood behind a backslash; undefined where nothing of that kind is in it. */
  withDoubledQuotes(from: number, to: number): Buffer | undefined
}

/** Creates a scanner; delimiter, quote and escape are ASCII bytes, undefined for none. */
export function createRecordScanner(delimiter: number | undefined, quote: number | undefined, escape?: number): RecordScanner {
  const lines = createLineFinder(quote)
  const escapesBefore = (bytes: Buffer, quoteAt: number, opened: number): number => {
    let n = 0
    while (quoteAt - 1 - n > opened && bytes[quoteAt - 1 - n] === escape) n++
    return n
  }
  /** The position behind the quoted field that begins at `at` in the record that begins at `from`. */
  const behindQuoted = (from: number, at: number, final: boolean): number | 'more' | 'open' => {
    const { bytes } = lines
    for (let searched = at + 1; ;) {
      const found: number = bytes.indexOf(quote!, searched)
      if (found < 0 || found > from + MAX_RECORD) return !final && bytes.length <= from + MAX_RECORD ? 'more' : 'open'
      if (found + 1 === bytes.length && !final) return 'more'
      if (escape !== undefined && escapesBefore(bytes, found, at) % 2 === 1) {
        searched = found + 1
        continue
      }
      if (bytes[found + 1] !== quote) return found + 1
      searched = found + 2
    }
  }
  const walk: RecordScanner['walk'] = (from, final) => {
    const { bytes } = lines
    for (let at = from; ;) {
      const isQuoted = bytes[at] === quote
      if (isQuoted) {
        const behind = behindQuoted(from, at, final)
        if (typeof behind !== 'number') return behind
        at = behind
      } else while (at < bytes.length && bytes[at] !== delimiter && bytes[at] !== LF && bytes[at] !== CR) at++
      if (at >= bytes.length) return !isQuoted && !final ? 'more' : { end: at, next: at, junk: false }
      if (bytes[at] !== delimiter) {
        const line = lines.lineEnd(at, final)
        return line ? { ...line, junk: line.end !== at } : 'more'
      }
      at++
      if (at >= bytes.length && !final) return 'more'
    }
  }
  /** The position behind a quoted field that is closed in its line and has nothing behind it; -1 for any other. */
  const behindPlainQuoted = (bytes: Buffer, from: number, at: number): number => {
    for (let end = at + 1; end < bytes.length; end++) {
      const byte = bytes[end]
      if (byte === FEED || byte === RETURN) return -1
      if (byte !== quote) continue
      if (bytes[end + 1] === quote) end++
      else return end <= from + MAX_RECORD && (bytes[end + 1] === delimiter || bytes[end + 1] === FEED) ? end + 1 : -1
    }
    return -1
  }
  const plainEnd: RecordScanner['plainEnd'] = (from) => {
    const { bytes } = lines
    for (let at = from; at < bytes.length; at++) {
      if (bytes[at] === quote && (at === from || bytes[at - 1] === delimiter)) {
        at = escape === undefined ? behindPlainQuoted(bytes, from, at) : -1
        if (at < 0) return -1
      }
      if (bytes[at] === FEED) return at
      if (bytes[at] === RETURN) return -1
    }
    return -1
  }
  const withDoubledQuotes: RecordScanner['withDoubledQuotes'] = (from, to) => {
    const { bytes } = lines
    const first = escape === undefined ? -1 : bytes.indexOf(escape, from)
    if (first < 0 || first >= to) return undefined
    const written: number[] = []
    let opened = -1
    for (let at = from; at < to; at++) {
      const byte = bytes[at]
      const isStart = opened < 0 && byte === quote && (at === from || bytes[at - 1] === delimiter)
      if (isStart) opened = at
      else if (opened >= 0 && byte === quote) {
        const escapes = escapesBefore(bytes, at, opened)
        // Half of the backslashes escape the others; an odd one escapes the quote.
        written.length -= Math.ceil(escapes / 2)
        if (escapes % 2 === 1) written.push(quote)
        else if (bytes[at + 1] === quote) written.push(bytes[at++])
        else opened = -1
      }
      written.push(byte)
    }
    return Buffer.from(written)
  }
  const { load, rewind, lineEnd, quoteFrom, countLines } = lines
  return { load, rewind, lineEnd, quoteFrom, countLines, plainEnd, walk, withDoubledQuotes }
}
