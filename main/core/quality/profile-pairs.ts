import type { Association, ColumnProfile, PairFigure, TableProfile } from '../../model/quality'
import { breathe } from '../numerics'
import { finite, sortNumbers } from './column-numbers'
import { codeColumn, createCorrelation, type CodedColumn } from './correlations'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'

const MAX_NUMERIC = 40
const MAX_CATEGORIES = 15
const MAX_MISSING = 60
const KEPT = 60

/** Unordered pairs. */
export const pairsOf = <T>(items: readonly T[]): [T, T][] => items.flatMap((a, i) => items.slice(i + 1).map((b): [T, T] => [a, b]))

/** Columns that hang together through pairs, each group in the order of its names' first pair. */
export function groupsOf(pairs: readonly { a: string; b: string }[]): string[][] {
  const groups: string[][] = []
  for (const { a, b } of pairs) {
    const touched = groups.filter((group) => group.includes(a) || group.includes(b))
    const merged = [...new Set([...touched.flat(), a, b])]
    for (const group of touched) groups.splice(groups.indexOf(group), 1)
    groups.push(merged)
  }
  return groups
}

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
 * Pairwise figures over at most 50,000 evenly spaced rows, each pair over the rows in which both columns have a value: Pearson and Spearman
 * (mean ranks among these rows) of numeric pairs, Cramer's V of category pairs, plain and corrected for bias (Bergsma 2013). The target
 * comes first, where there are too many columns for all of them. What cannot be told, as of a column that is constant there, is left out.
 */
export async function pairsOfTable(table: AnalysisTable, profiles: readonly ColumnProfile[]): Promise<PairFigure[]> {
  const used = table.columns.filter((c) => c.role !== 'ignored')
  const numeric = targetFirst(used.filter((c) => c.isNumeric && (profiles[table.columns.indexOf(c)].numeric?.std ?? 0) > 0))
  const categories = targetFirst(categoriesOf(table, profiles, 300).filter((c) => used.includes(c)))
  const isSample = table.sampleRows < table.rows
  return [
    ...(await numericPairs(table, numeric.slice(0, MAX_NUMERIC))),
    ...(await categoryPairs(table, categories.slice(0, MAX_CATEGORIES)))
  ].map((pair) => ({ ...pair, ...(isSample && { sampledFrom: table.rows }) }))
}

const targetFirst = (columns: readonly AnalysisColumn[]): AnalysisColumn[] => [
  ...columns.filter((c) => c.role === 'target'),
  ...columns.filter((c) => c.role !== 'target')
]

async function numericPairs(table: AnalysisTable, columns: readonly AnalysisColumn[]): Promise<PairFigure[]> {
  if (columns.length < 2) return []
  const coded: CodedColumn[] = []
  if (table.sample === TABLE)
    for (const column of columns) {
      const { values, sorted } = await table.numbers(column)
      coded.push(codeColumn(values, sorted))
    }
  else
    for (const values of await table.db.numbers(
      `SELECT ${columns.map((c) => `${finite(c)}::DOUBLE`).join(', ')} FROM ${table.sample}`,
      table
    ))
      coded.push(codeColumn(values, await sortNumbers(values, table.signal)))
  const correlate = createCorrelation()
  const found: PairFigure[] = []
  for (const [a, b] of pairsOf(columns.map((_, i) => i))) {
    const figures = correlate(coded[a]!, coded[b]!)
    await breathe(table.signal)
    if (!figures) continue
    const pair = { a: columns[a]!.name, b: columns[b]!.name }
    const { rows } = figures
    found.push({ ...pair, method: 'pearson', value: figures.pearson, rows }, { ...pair, method: 'spearman', value: figures.spearman, rows })
  }
  return found
}

async function categoryPairs(table: AnalysisTable, columns: readonly AnalysisColumn[]): Promise<PairFigure[]> {
  if (columns.length < 2) return []
  const rank = ({ id }: AnalysisColumn): string =>
    `CASE WHEN ${id} IS NOT NULL THEN dense_rank() OVER (ORDER BY ${id} NULLS LAST) END::DOUBLE`
  const codes = await table.db.numbers(`SELECT ${columns.map(rank).join(', ')} FROM ${table.sample}`, table)
  const found: PairFigure[] = []
  for (const [a, b] of pairsOf(columns.map((_, i) => i))) {
    const figures = cramersV(cellsOf(codes[a]!, codes[b]!))
    await breathe(table.signal)
    if (!figures) continue
    const pair = { a: columns[a]!.name, b: columns[b]!.name, rows: figures.rows }
    found.push({ ...pair, method: 'cramers-v', value: figures.value })
    if (figures.corrected !== null) found.push({ ...pair, method: 'cramers-v-corrected', value: figures.corrected })
  }
  return found
}

/** How often two codes stand in one row. */
function cellsOf(a: Float64Array, b: Float64Array): [number, number, number][] {
  const counts = new Map<number, number>()
  const width = 2 ** 20
  for (let row = 0; row < a.length; row++) {
    const key = a[row]! * width + b[row]!
    if (key === key) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts].map(([key, count]) => [Math.floor(key / width), key % width, count])
}

/** The strongest of the pairs, of one measure of strength for each kind. */
export const strongestOf = (pairs: readonly PairFigure[]): Association[] =>
  pairs
    .flatMap(({ method, ...pair }): Association[] =>
      method === 'cramers-v' ? [] : [{ ...pair, measure: method === 'cramers-v-corrected' ? 'cramers-v' : method }]
    )
    .sort((x, y) => Math.abs(y.value) - Math.abs(x.value) || (x.a + x.b < y.a + y.b ? -1 : 1))
    .slice(0, KEPT)

/**
 * Cramer's V of a contingency table given as cells, and the same corrected for bias (null where that leaves less than two values on a
 * side); undefined when a side has one value.
 */
export function cramersV(
  cells: readonly [number, number, number][]
): { value: number; corrected: number | null; rows: number } | undefined {
  const rowTotals = new Map<number, number>()
  const columnTotals = new Map<number, number>()
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
  const phi2 = (sum - n) / n
  const unbiased = Math.max(0, phi2 - ((r - 1) * (k - 1)) / (n - 1))
  const smaller = Math.min(r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)) - 1
  return {
    value: Math.min(1, Math.sqrt(Math.max(0, phi2) / (Math.min(r, k) - 1))),
    corrected: smaller > 0 ? Math.min(1, Math.sqrt(unbiased / smaller)) : null,
    rows: n
  }
}

/** Pairs of columns that are missing in the same rows (Jaccard index at least 0.5). */
export async function missingTogether(table: AnalysisTable, profiles: readonly ColumnProfile[]): Promise<TableProfile['missingTogether']> {
  const columns = table.columns.map((c, i) => ({ c, missing: profiles[i].missing })).filter((x) => x.missing > 0 && x.missing < table.rows)
  const counted = columns.slice(0, MAX_MISSING)
  const pairs = pairsOf(counted)
  if (pairs.length === 0) return []
  const missing = counted.map(({ c }) => `${c.id} IS NULL`).join(', ')
  // Rows with the same gaps are counted once: there are far fewer kinds of them than rows or pairs.
  const kinds = await table.query(`SELECT [${missing}], count(*)::DOUBLE FROM ${TABLE} GROUP BY ALL`)
  const both = new Map<string, number>()
  for (const [gaps, n] of kinds) {
    const open = (gaps as boolean[]).flatMap((gap, i) => (gap ? [counted[i]!.c.id] : []))
    for (const [a, b] of pairsOf(open)) both.set(`${a} ${b}`, (both.get(`${a} ${b}`) ?? 0) + Number(n))
  }
  return pairs
    .map(([a, b]) => {
      const rows = both.get(`${a.c.id} ${b.c.id}`) ?? 0
      return { a: a.c.name, b: b.c.name, rows, jaccard: rows / (a.missing + b.missing - rows) }
    })
    .filter((p) => p.jaccard >= 0.5)
    .sort((x, y) => y.jaccard - x.jaccard)
    .slice(0, KEPT)
}
