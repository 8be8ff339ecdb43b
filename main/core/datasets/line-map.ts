/** In which line of a file each record stands, kept as the places where records and lines stop to go side by side. */
export interface LineMap {
  /** Records are noted in order, each with its line; both count from 1. */
  note(record: number, line: number): void
  lineOf(record: number): number
}

/** Creates an empty map; a record that was never noted stands in the line of its own number. */
export function createLineMap(): LineMap {
  const records: number[] = []
  const lines: number[] = []
  /** Lines ahead of records at the last place. */
  let lastOffset = NaN
  return {
    note(record, line) {
      const offset = line - record
      if (offset === lastOffset) return
      lastOffset = offset
      records.push(record)
      lines.push(line)
    },
    lineOf(record) {
      let low = 0
      let high = records.length - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if (records[middle] <= record) low = middle
        else high = middle - 1
      }
      return high < 0 ? record : lines[low] + (record - records[low])
    }
  }
}
