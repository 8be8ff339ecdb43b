import type { Association, ColumnProfile, TableProfile } from '../../model/quality'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { figure, finite } from './profile-columns'

const MAX_NUMERIC = 30
const MAX_CATEGORIES = 15
const MAX_MISSING = 60
const KEPT = 60

/** Unordered pairs. */
export const pairsOf = <T>(items: readonly T[]): [T, T][] => items.flatMap((a, i) => items.slice(i + 1).map((b): [T, T] => [a, b]))

/** Columns with few enough values to be treated as categories. */
export function categoriesOf(table: AnalysisTable, profiles: readonly ColumnProfile[], maxDistinct: number): AnalysisColumn[] {
  return table.columns.filter((c, i) => {
    const p = profiles[i]
    return (
      (c.isText || c.kind === 'boolean' || c.kind === 'integer') &&
      p.distinct >= 2 &&
      p.distinct <= maxDistinct &&
      p.distinct <= Math.max(10, p.count / 3)
    )
  })
}

/**
 * Pearson and Spearman of numeric pairs and bias-corrected Cramer's V (Bergsma 2013) of category pairs, over at most 50,000
 * evenly spaced rows; the strongest 60. Spearman uses mean ranks for ties.
 */
export async function associationsOf(table: AnalysisTable, profiles: readonly ColumnProfile[]): Promise<Association[]> {
  const numeric = table.columns
    .filter((c, i) => c.isNumeric && c.role !== 'ignored' && (profiles[i].numeric?.std ?? 0) > 0)
    .slice(0, MAX_NUMERIC)
  const found: Association[] = []
  const pairs = pairsOf(numeric)
  if (pairs.length > 0) {
    const ranks = numeric.map((c) => {
      const v = finite(c)
      return `CASE WHEN ${v} IS NOT NULL THEN rank() OVER (ORDER BY ${v} NULLS LAST) + (count(*) OVER (PARTITION BY ${v}) - 1) / 2.0 END AS r_${c.id}, ${v} AS v_${c.id}`
    })
    const figures = pairs.flatMap(([a, b]) => [
      `corr(v_${a.id}, v_${b.id})`,
      `corr(r_${a.id}, r_${b.id})`,
      `(count(*) FILTER (WHERE v_${a.id} IS NOT NULL AND v_${b.id} IS NOT NULL))::DOUBLE`
    ])
    const [row] = await table.query(`SELECT ${figures.join(', ')} FROM (SELECT ${ranks.join(', ')} FROM ${table.sample})`)
    pairs.forEach(([a, b], i) => {
      const [pearson, spearman, rows] = row.slice(i * 3, i * 3 + 3).map(figure)
      if (pearson !== null) found.push({ a: a.name, b: b.name, measure: 'pearson', value: pearson, rows: rows ?? 0 })
      if (spearman !== null) found.push({ a: a.name, b: b.name, measure: 'spearman', value: spearman, rows: rows ?? 0 })
    })
  }
  const categories = categoriesOf(table, profiles, 300).filter((c) => c.role !== 'ignored')
  const target = categories.find((c) => c.role === 'target')
  const chosen = [...(target ? [target] : []), ...categories.filter((c) => c !== target)].slice(0, MAX_CATEGORIES)
  for (const [a, b] of pairsOf(chosen)) {
    const cells = await table.query(
      `SELECT ${a.id}::VARCHAR, ${b.id}::VARCHAR, count(*)::DOUBLE FROM ${table.sample} WHERE ${a.id} IS NOT NULL AND ${b.id} IS NOT NULL GROUP BY ALL`
    )
    const v = cramersV(cells.map(([x, y, n]) => [String(x), String(y), Number(n)]))
    if (v) found.push({ a: a.name, b: b.name, measure: 'cramers-v', ...v })
  }
  return found.sort((x, y) => Math.abs(y.value) - Math.abs(x.value) || (x.a + x.b < y.a + y.b ? -1 : 1)).slice(0, KEPT)
}

/** Bias-corrected Cramer's V of a contingency table given as cells; undefined when a side has one value. */
export function cramersV(cells: readonly [string, string, number][]): { value: number; rows: number } | undefined {
  const rowTotals = new Map<string, number>()
  const columnTotals = new Map<string, number>()
  let n = 0
  for (const [x, y, count] of cells) {
    rowTotals.set(x, (rowTotals.get(x) ?? 0) + count)
    columnTotals.set(y, (columnTotals.get(y) ?? 0) + count)
    n += count
  }
  const r = rowTotals.size
  const k = columnTotals.size
  if (r < 2 || k < 2 || n < 2) return undefined
  // Sum of observed^2 / expected - n equals chi-squared, empty cells included.
  let sum = 0
  for (const [x, y, count] of cells) sum += (count * count) / ((rowTotals.get(x)! * columnTotals.get(y)!) / n)
  const phi2 = Math.max(0, (sum - n) / n - ((r - 1) * (k - 1)) / (n - 1))
  const rCorrected = r - (r - 1) ** 2 / (n - 1)
  const kCorrected = k - (k - 1) ** 2 / (n - 1)
  const smaller = Math.min(rCorrected, kCorrected) - 1
  return smaller > 0 ? { value: Math.min(1, Math.sqrt(phi2 / smaller)), rows: n } : undefined
}

/** Pairs of columns that are missing in the same rows (Jaccard index at least 0.5). */
export async function missingTogether(table: AnalysisTable, profiles: readonly ColumnProfile[]): Promise<TableProfile['missingTogether']> {
  const columns = table.columns.map((c, i) => ({ c, missing: profiles[i].missing })).filter((x) => x.missing > 0 && x.missing < table.rows)
  const pairs = pairsOf(columns.slice(0, MAX_MISSING))
  if (pairs.length === 0) return []
  const [row] = await table.query(
    `SELECT ${pairs.map(([a, b]) => `(count(*) FILTER (WHERE ${a.c.id} IS NULL AND ${b.c.id} IS NULL))::DOUBLE`).join(', ')} FROM ${TABLE}`
  )
  return pairs
    .map(([a, b], i) => {
      const both = Number(row[i])
      return { a: a.c.name, b: b.c.name, rows: both, jaccard: both / (a.missing + b.missing - both) }
    })
    .filter((p) => p.jaccard >= 0.5)
    .sort((x, y) => y.jaccard - x.jaccard)
    .slice(0, KEPT)
}
