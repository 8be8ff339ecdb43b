import { informationOf, type Cell } from './evidence'

export interface BinTerms {
  maxBins: number
  minRows: number
  minEvents: number
}

interface Best {
  value: number
  before: number
}

/**
 * Divides cells in order into bins so that the share of events only rises or only falls, every bin has rows, events and others enough, and the
 * information value is the largest that such bins have: by dynamic programming over all of them, so no other division is better. Returns the
 * first cell of each bin; one bin where no division is allowed.
 */
export function chooseBins(cells: readonly Cell[], all: Cell, terms: BinTerms): number[] {
  const found = [1, -1].map((sign) => bestDivision(cells, all, terms, sign))
  return found[0]!.value >= found[1]!.value ? found[0]!.starts : found[1]!.starts
}

function bestDivision(
  cells: readonly Cell[],
  all: Cell,
  { maxBins, minRows, minEvents }: BinTerms,
  sign: number
): { value: number; starts: number[] } {
  const size = cells.length
  const before: Cell[] = [{ rows: 0, events: 0 }]
  for (const { rows, events } of cells) before.push({ rows: before.at(-1)!.rows + rows, events: before.at(-1)!.events + events })
  const binOf = (from: number, to: number): Cell => ({
    rows: before[to]!.rows - before[from]!.rows,
    events: before[to]!.events - before[from]!.events
  })
  const isAllowed = ({ rows, events }: Cell): boolean => rows >= minRows && events >= minEvents && rows - events >= minEvents
  // best[count][to * (size + 1) + from]: `count` bins up to `to`, the last of which begins at `from`.
  const best: (Best | undefined)[][] = [[]]
  for (let count = 1; count <= maxBins; count++) {
    best.push([])
    for (let to = 1; to <= size; to++)
      for (let from = 0; from < to; from++) {
        const bin = binOf(from, to)
        if (!isAllowed(bin) || (count === 1 && from > 0)) continue
        const value = informationOf(bin, all)
        if (count === 1) {
          best[count]![to * (size + 1) + from] = { value, before: -1 }
          continue
        }
        let chosen: Best | undefined
        for (let start = 0; start < from; start++) {
          const earlier = best[count - 1]![from * (size + 1) + start]
          const last = binOf(start, from)
          const rises = sign * (bin.events / bin.rows - last.events / last.rows) > 0
          if (earlier && rises && (!chosen || earlier.value + value > chosen.value))
            chosen = { value: earlier.value + value, before: start }
        }
        if (chosen) best[count]![to * (size + 1) + from] = chosen
      }
  }
  return lastOf(best, size, maxBins)
}

/** Walks back from the best division of all cells; fewer bins where more add nothing. */
function lastOf(best: readonly (Best | undefined)[][], size: number, maxBins: number): { value: number; starts: number[] } {
  let most = { value: -Infinity, count: 0, from: 0 }
  for (let count = 1; count <= maxBins; count++)
    for (let from = 0; from < size; from++) {
      const found = best[count]![size * (size + 1) + from]
      if (found && found.value > most.value + 1e-12) most = { value: found.value, count, from }
    }
  if (most.count === 0) return { value: 0, starts: size === 0 ? [] : [0] }
  const starts: number[] = []
  let [from, to] = [most.from, size]
  for (let count = most.count; count > 0; count--) {
    starts.unshift(from)
    const { before } = best[count]![to * (size + 1) + from]!
    to = from
    from = before
  }
  return { value: most.value, starts }
}
