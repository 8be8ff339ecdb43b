import { evidenceOf, informationOf, type Cell } from './evidence'

export interface BinTerms {
  maxBins: number
  minRows: number
  minEvents: number
  smoothing: number
}

/** A bin that may be: its share of events, its weight of evidence and its part of the information value. */
interface Candidate {
  share: number
  woe: number
  iv: number
}

interface Best {
  value: number
  before: number
}

/** Where the bin of the cells `from` up to, not including, `to` stands in a list of all bins of so many cells. */
const placeOf = (size: number, from: number, to: number): number => to * (size + 1) + from

/**
 * Divides cells in order into bins so that share of events and weight of evidence only rise or only fall, every bin has rows, events and others
 * enough, and the information value is the largest that such bins have: by dynamic programming over all of them, so no other division is better.
 * Returns the first cell of each bin; one bin where no division is allowed.
 */
export function chooseBins(cells: readonly Cell[], all: Cell, terms: BinTerms): number[] {
  const candidates = candidatesOf(cells, all, terms)
  const found = [1, -1].map((sign) => bestDivision(candidates, cells.length, terms.maxBins, sign))
  return found[0]!.value >= found[1]!.value ? found[0]!.starts : found[1]!.starts
}

function candidatesOf(cells: readonly Cell[], all: Cell, { minRows, minEvents, smoothing }: BinTerms): readonly (Candidate | undefined)[] {
  const before: Cell[] = [{ rows: 0, events: 0 }]
  for (const { rows, events } of cells) before.push({ rows: before.at(-1)!.rows + rows, events: before.at(-1)!.events + events })
  // The plain weight of a bin without events, or without others, is infinite; smoothed it is not.
  const isEnough = (count: number): boolean => count >= minEvents && (count > 0 || smoothing > 0)
  const candidates: (Candidate | undefined)[] = []
  for (let to = 1; to <= cells.length; to++)
    for (let from = 0; from < to; from++) {
      const bin = { rows: before[to]!.rows - before[from]!.rows, events: before[to]!.events - before[from]!.events }
      if (!(bin.rows > 0) || bin.rows < minRows || !isEnough(bin.events) || !isEnough(bin.rows - bin.events)) continue
      const woe = evidenceOf(bin, all, smoothing)
      candidates[placeOf(cells.length, from, to)] = { share: bin.events / bin.rows, woe, iv: informationOf(bin, all, woe) }
    }
  return candidates
}

function bestDivision(
  candidates: readonly (Candidate | undefined)[],
  size: number,
  maxBins: number,
  sign: number
): { value: number; starts: number[] } {
  // Of each count of bins, by the place of the last of them.
  const best: (Best | undefined)[][] = [[]]
  for (let count = 1; count <= maxBins; count++) {
    best.push([])
    for (let to = 1; to <= size; to++)
      for (let from = 0; from < to; from++) {
        const place = placeOf(size, from, to)
        const bin = candidates[place]
        if (!bin || (count === 1 && from > 0)) continue
        if (count === 1) {
          best[count]![place] = { value: bin.iv, before: -1 }
          continue
        }
        let chosen: Best | undefined
        for (let start = 0; start < from; start++) {
          const earlier = best[count - 1]![placeOf(size, start, from)]
          if (!earlier || (chosen && earlier.value + bin.iv <= chosen.value)) continue
          const last = candidates[placeOf(size, start, from)]!
          // Smoothing weighs small bins less, so a bin may have the larger share and the lesser evidence.
          if (sign * (bin.share - last.share) > 0 && sign * (last.woe - bin.woe) > 0)
            chosen = { value: earlier.value + bin.iv, before: start }
        }
        if (chosen) best[count]![place] = chosen
      }
  }
  return lastOf(best, size, maxBins)
}

/** Walks back from the best division of all cells; fewer bins where more add nothing. */
function lastOf(best: readonly (Best | undefined)[][], size: number, maxBins: number): { value: number; starts: number[] } {
  let most = { value: -Infinity, count: 0, from: 0 }
  for (let count = 1; count <= maxBins; count++)
    for (let from = 0; from < size; from++) {
      const found = best[count]![placeOf(size, from, size)]
      if (found && found.value > most.value + 1e-12) most = { value: found.value, count, from }
    }
  if (most.count === 0) return { value: 0, starts: size === 0 ? [] : [0] }
  const starts: number[] = []
  let [from, to] = [most.from, size]
  for (let count = most.count; count > 0; count--) {
    starts.unshift(from)
    const { before } = best[count]![placeOf(size, from, to)]!
    to = from
    from = before
  }
  return { value: most.value, starts }
}
