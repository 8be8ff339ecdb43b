/** Weighted rows and events of one bin, before bins are chosen or after. */
export interface Cell {
  rows: number
  events: number
}

export const sumCells = (cells: readonly Cell[]): Cell =>
  cells.reduce((sum, { rows, events }) => ({ rows: sum.rows + rows, events: sum.events + events }), { rows: 0, events: 0 })

/**
 * Weight of evidence: the log of a bin's share of all rows without the event over its share of all events (Siddiqi 2006, chapter 6). Above 0 the
 * event is rarer than on average. 0 where the bin lacks one of the two, which says nothing that could be weighed.
 */
export function evidenceOf(cell: Cell, all: Cell): number {
  const others = cell.rows - cell.events
  if (!(cell.events > 0) || !(others > 0)) return 0
  return Math.log(others / (all.rows - all.events) / (cell.events / all.events))
}

/** What a bin adds to the information value of its column, by its weight of evidence. */
export const informationOf = (cell: Cell, all: Cell, woe: number = evidenceOf(cell, all)): number =>
  ((cell.rows - cell.events) / (all.rows - all.events) - cell.events / all.events) * woe
