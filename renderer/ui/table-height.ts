/** Height of the head and of a row of a table, and of the bar that scrolls it sideways. */
const [head, row, bar] = [32, 30, 16]

/** Pixels that a table needs for its rows, one at least, up to a bound from which on it scrolls. */
export const tableHeight = (rows: number, most: number): number => Math.min(most, head + Math.max(1, rows) * row + bar)
