import { sumCells, type Cell } from './evidence'

/**
 * Whether bins of no meaning would have so high an information value once in two hundred times. With unrelated columns iv * events * others / rows
 * is about chi-squared (it is Pearson's statistic for close shares); its quantile by Wilson and Hilferty (1931).
 */
export function isBeyondChance(iv: number, freedom: number, { rows, events }: Cell): boolean {
  if (freedom < 1) return false
  const statistic = (iv * events * (rows - events)) / rows
  const z = 2.5758
  const part = 2 / (9 * freedom)
  return statistic > freedom * (1 - part + z * Math.sqrt(part)) ** 3
}

/** Quantile of chi-squared with one degree of freedom that chance passes once in forty times. */
const trendQuantile = 5.0239

/**
 * Whether the share of events rises or falls over cells in order more than chance would have it in thirty-nine of forty times. It has one degree
 * of freedom however many bins there are, so at a few hundred rows it finds what `isBeyondChance` cannot.
 */
export const hasTrend = (cells: readonly Cell[]): boolean => trendOf(cells) > trendQuantile

/** Statistic of the trend test of Cochran (1954) and Armitage (1955), with the middle rank of a cell as its score: chi-squared, 0 without rows of both kinds. */
export function trendOf(cells: readonly Cell[]): number {
  const { rows, events } = sumCells(cells)
  let before = 0
  let sum = 0
  let squares = 0
  for (const cell of cells) {
    const score = before + (cell.rows - rows) / 2
    sum += cell.events * score
    squares += cell.rows * score * score
    before += cell.rows
  }
  return squares > 0 && events > 0 && events < rows ? (sum * rows) ** 2 / (squares * events * (rows - events)) : 0
}
