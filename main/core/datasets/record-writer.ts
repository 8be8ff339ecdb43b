import type { BadRowCollector } from './bad-rows'
import { createLineMap } from './line-map'
import { LF } from './record-scanner'

const NEWLINE = Buffer.from('\n')

export interface RecordWriterOptions {
  /** Whether a record without text is a blank line, and left out. */
  skipBlank: boolean
  /** Records to leave out before the header or the first row. */
  skipRecords: number
  header: boolean
  bad: BadRowCollector
}

/** Gathers the records that are kept, as few large slices of what came in. Ranges are positions in the bytes given last. */
export interface RecordWriter {
  begin(bytes: Buffer): void
  accept(from: number, end: number, next: number, line: number): void
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
  const leaveOut = (from: number, end: number, blank: boolean): void => {
    flush(from)
    if (blank) return
    if (toSkip > 0) toSkip--
    else {
      headerRecord = bytes.toString('utf8', from, end)
      wantsHeader = false
    }
  }
  return {
    begin(next) {
      bytes = next
      keepFrom = -1
    },
    accept(from, end, next, line) {
      const blank = skipBlank && end === from
      if (blank || toSkip > 0 || wantsHeader) return leaveOut(from, end, blank)
      records++
      if (end - from > longest) longest = end - from
      map.note(records, line)
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
