/** Weighted rows and events of one bin, before bins are chosen or after. */
export interface Cell {
  rows: number
  events: number
}

export const sumCells = (cells: readonly Cell[]): Cell =>
  cells.reduce((sum, { rows, events }) => ({ rows: sum.rows + rows, events: sum.events + events }), { rows: 0, events: 0 })

/**
 * Weight of evidence: the log of a bin's share of all rows without the event over its share of all events (Siddiqi 2006, chapter 6). Above 0 the
 * event is rarer than on average. The bin counts `smoothing` events and as many others more (1 is Laplace's rule, a half that of Haldane 1956 and
 * Anscombe 1956), so that one of few rows, or of one kind alone, has finite evidence. 0 where nothing can be weighed.
 */
export function evidenceOf(cell: Cell, all: Cell, smoothing = 0): number {
  const events = cell.events + smoothing
  const others = cell.rows - cell.events + smoothing
  if (!(cell.rows > 0) || !(events > 0) || !(others > 0)) return 0
  return Math.log(others / (all.rows - all.events) / (events / all.events))
}

/** What a bin adds to the information value of its column, by its weight of evidence. */
export const informationOf = (cell: Cell, all: Cell, woe: number = evidenceOf(cell, all)): number =>
  ((cell.rows - cell.events) / (all.rows - all.events) - cell.events / all.events) * woe
