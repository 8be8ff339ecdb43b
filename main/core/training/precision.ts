/** Different values of a column, and how many of them single precision makes equal to another. */
export interface Merged {
  distinct: number
  merged: number
}

const sampleRows = 200_000
/** From this share of merged values on, a column is read in double precision: random numbers reach it in a million rows, and lose nothing. */
const mostMerged = 0.02

/** Counts on an even sample of 200,000 rows; a column that single precision holds exactly is not sorted for it. */
export function countMerged(values: Float64Array): Merged {
  const isExact = values.every((value) => value !== value || Math.fround(value) === value)
  if (isExact) return { distinct: 0, merged: 0 }
  const size = Math.min(values.length, sampleRows)
  const sample = new Float64Array(size)
  let count = 0
  for (let at = 0; at < size; at++) {
    const value = values[Math.floor((at * values.length) / size)]!
    if (value === value) sample[count++] = value
  }
  const sorted = sample.subarray(0, count).sort()
  let distinct = 0
  let merged = 0
  for (let at = 0; at < count; at++) {
    if (at > 0 && sorted[at] === sorted[at - 1]) continue
    distinct++
    if (at > 0 && Math.fround(sorted[at]!) === Math.fround(sorted[at - 1]!)) merged++
  }
  return { distinct, merged }
}

/** Whether single precision would take the signal away that lies in the last digits. */
export const needsDouble = ({ distinct, merged }: Merged): boolean => merged > mostMerged * distinct
