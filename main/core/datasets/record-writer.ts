import type { BadRowCollector } from './bad-rows'
import { createLineMap } from './line-map'
import { LF } from './line-finder'

const NEWLINE = Buffer.from('\n')

export interface RecordWriterOptions {
  /** Whether a record without text is a blank line, and left out. */
  skipBlank: boolean
  /** Records to leave out before the header or the first row, blank ones counted. */
  skipRecords: number
  header: boolean
  bad: BadRowCollector
}

/** Gathers the records that are kept, as few large slices of what came in. Ranges are positions in the bytes given last. */
export interface RecordWriter {
  begin(bytes: Buffer): void
  /** `text` stands in place of the bytes of the record where it is written in another way than it came. */
  accept(from: number, end: number, next: number, line: number, text?: Buffer): void
  refuse(from: number, end: number, line: number, reason: string): void
  /** Everything before `to` was accepted or refused. */
  finish(to: number): void
  /** What can be written since the last call. */
  take(): Buffer[]
  readonly headerRecord: string | undefined
  readonly records: number
  readonly longest: number
  lineOf(record: number): number
}

/** Creates a writer; refused records go to `bad`. */
export function createRecordWriter({ skipBlank, skipRecords, header, bad }: RecordWriterOptions): RecordWriter {
  const map = createLineMap()
  let bytes: Buffer = Buffer.alloc(0)
  let out: Buffer[] = []
  let records = 0
  let longest = 0
  let toSkip = skipRecords
  let wantsHeader = header
  let headerRecord: string | undefined
  let keepFrom = -1
  const flush = (to: number): void => {
    if (keepFrom >= 0 && to > keepFrom) out.push(bytes.subarray(keepFrom, to))
    keepFrom = -1
  }
  const leaveOut = (from: number, end: number, blank: boolean, text?: Buffer): void => {
    flush(from)
    if (toSkip > 0) toSkip--
    else if (!blank) {
      headerRecord = text ? text.toString('utf8') : bytes.toString('utf8', from, end)
      wantsHeader = false
    }
  }
  return {
    begin(next) {
      bytes = next
      keepFrom = -1
    },
    accept(from, end, next, line, text) {
      const blank = skipBlank && end === from
      if (blank || toSkip > 0 || wantsHeader) return leaveOut(from, end, blank, text)
      records++
      if (end - from > longest) longest = end - from
      map.note(records, line)
      if (text) {
        flush(from)
        out.push(text, NEWLINE)
        return
      }
      if (keepFrom < 0) keepFrom = from
      if (next !== end + 1 || bytes[end] !== LF) {
        flush(end)
        out.push(NEWLINE)
      }
    },
    refuse(from, end, line, reason) {
      flush(from)
      bad.add({ line, column: null, raw: bytes.toString('utf8', from, Math.min(end, from + 9_000)), reason })
    },
    finish: flush,
    take() {
      const written = out
      out = []
      return written
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
    lineOf: map.lineOf
  }
}
