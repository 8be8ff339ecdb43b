/** Where a record or line ends, and where the next begins. */
export interface RecordEnd {
  end: number
  next: number
}

export const LF = 10
export const CR = 13

/** Finds the ends of lines in a buffer, and quotes. Positions must not go backwards, except after `rewind`. */
export interface LineFinder {
  /** What is looked through. */
  readonly bytes: Buffer
  load(bytes: Buffer): void
  /** Forgets what was looked up, so that a position may lie before the last one. */
  rewind(): void
  /** Where the line that holds `from` ends and the next begins; undefined when that is not in the buffer yet. */
  lineEnd(from: number, final: boolean): RecordEnd | undefined
  /** The next quote at or behind `from`; Infinity when there is none. */
  quoteFrom(from: number): number
  /** Line feeds in the range. */
  countLines(from: number, to: number): number
}

/** Creates a finder of lines and of the byte `quote`, undefined for none. */
export function createLineFinder(quote: number | undefined): LineFinder {
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
  return {
    get bytes() {
      return bytes
    },
    load(next) {
      bytes = next
      rewind()
    },
    rewind,
    lineEnd(from, final) {
      nextLf = seek(nextLf, LF, from)
      nextCr = seek(nextCr, CR, from)
      const end = Math.min(nextLf, nextCr)
      if (end === Infinity) return final ? { end: bytes.length, next: bytes.length } : undefined
      if (bytes[end] === LF) return { end, next: end + 1 }
      if (end + 1 === bytes.length && !final) return undefined
      return { end, next: bytes[end + 1] === LF ? end + 2 : end + 1 }
    },
    quoteFrom: (from) => (nextQuote = seek(nextQuote, quote!, from)),
    countLines(from, to) {
      let n = 0
      for (let at = bytes.indexOf(LF, from); at >= 0 && at < to; at = bytes.indexOf(LF, at + 1)) n++
      return n
    }
  }
}
