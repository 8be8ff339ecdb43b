import type { ColumnProfile, QualityFinding } from '../../model/quality'
import type { AnalysisColumn } from './analysis-table'
import { sortNumbers } from './column-numbers'
import { countOf, createFinding, rounded } from './finding'
import { meanOf, quantileOf } from './numeric-profile'

/** Values of one column that stand apart from its others. */
export interface Outliers {
  column: string
  values: number
  count: number
  median: number
  logarithmic: boolean
  examples: { row: number; value: number }[]
}

/** In robust standard deviations: how far from the median, and how far from the nearest value that is not one. */
const LIMIT = 6
const GAP = 1.5
/** Where more of the values are far out, the tail is long and nothing stands apart. */
const MAX_SHARE = 0.05

/**
 * Robust outliers: modified z-score above 6 (Iglewicz and Hoaglin 1993), on the logarithm for amounts that are positive and skewed, zeros
 * left out there; and a gap before them, without which a tail is only long. `sorted` holds the values that count, ascending.
 */
export async function outliersOf(
  column: AnalysisColumn,
  p: ColumnProfile,
  sorted: Float64Array,
  values: Float64Array,
  signal?: AbortSignal
): Promise<Outliers | undefined> {
  if (sorted.length < 30 || p.distinct < 10) return undefined
  // One far value makes no amounts skewed.
  const most = sorted.subarray(0, Math.ceil(sorted.length * 0.99))
  const [p50, p99, mean] = [quantileOf(sorted, 0.5)!, quantileOf(sorted, 0.99)!, meanOf(most) ?? 0]
  const logarithmic = sorted[0]! >= 0 && (p50 === 0 || mean > 1.5 * p50 || p99 > 10 * p50)
  const scaled = logarithmic ? sorted.filter((v) => v > 0).map(Math.log) : sorted
  const median = quantileOf(scaled, 0.5)
  if (median === null) return undefined
  const deviations = await sortNumbers(
    scaled.map((v) => Math.abs(v - median)),
    signal
  )
  const scale = quantileOf(deviations, 0.5)! * 1.4826
  if (!(scale > 0)) return undefined
  const [low, high] = edgesOf(scaled, deviations, median, scale)
  if (low === null && high === null) return undefined
  const isFar = (v: number): boolean => {
    const x = logarithmic ? Math.log(v) : v
    return Number.isFinite(x) && ((low !== null && x <= low) || (high !== null && x >= high))
  }
  const last = sorted[sorted.length - 1]!
  const far: Outliers['examples'] = []
  let count = 0
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!
    if (!(value >= sorted[0]! && value <= last && isFar(value))) continue
    count++
    if (far.length < 10) far.push({ row: row + 1, value })
  }
  if (count === 0 || count > sorted.length * MAX_SHARE) return undefined
  return {
    column: column.name,
    values: p.count,
    count,
    median: rounded(logarithmic ? Math.exp(median) : median),
    logarithmic,
    examples: far
  }
}

/** A gap wider than the tail makes it in so many of a hundred columns is none of the tail. */
const BY_CHANCE = 0.05

/**
 * The innermost outlier below and above; null where none stands apart from its neighbour inside by more than the tail explains: there the
 * ratio of neighbouring distances has a power law, whose exponent the other distances tell (Hill 1975).
 */
function edgesOf(sorted: Float64Array, deviations: Float64Array, median: number, scale: number): [number | null, number | null] {
  const edges: [number | null, number | null] = [null, null]
  let low = 0
  while (low < sorted.length && (median - sorted[low]!) / scale > LIMIT) low++
  let high = sorted.length - 1
  while (high >= 0 && (sorted[high]! - median) / scale > LIMIT) high--
  const far = low + sorted.length - 1 - high
  const isApart = (count: number, outside: number, inside: number): boolean => {
    const [next, last] = [Math.abs(inside - median), Math.abs(outside - median)]
    return (last - next) / scale >= GAP && (next / last) ** (tailOf(deviations, far) * count) < BY_CHANCE
  }
  if (low > 0 && isApart(low, sorted[low - 1]!, sorted[low]!)) edges[0] = sorted[low - 1]!
  const above = sorted.length - 1 - high
  if (above > 0 && isApart(above, sorted[high + 1]!, sorted[high]!)) edges[1] = sorted[high + 1]!
  return edges
}

/** The exponent of the tail of ascending distances, by the largest ones but for those that are judged. */
function tailOf(deviations: Float64Array, judged: number): number {
  const end = deviations.length - judged
  const from = Math.max(0, end - Math.max(10, Math.round(deviations.length * 0.05)))
  if (end - from < 5 || !(deviations[from]! > 0)) return Infinity
  let sum = 0
  for (let i = from + 1; i < end; i++) sum += Math.log(deviations[i]! / deviations[from]!)
  return (end - from - 1) / sum
}

/** One finding for all columns, those with the fewest first: few are rather errors than a long tail. */
export function outliersFinding(found: readonly Outliers[], rows: number): QualityFinding[] {
  if (found.length === 0) return []
  const all = [...found].sort((a, b) => a.count - b.count)
  const [first] = all
  const count = all.reduce((sum, one) => sum + one.count, 0)
  const isOne = all.length === 1
  return [
    createFinding({
      kind: 'outliers',
      severity: all.some((one) => one.count / one.values <= 0.01) ? 'warning' : 'info',
      columns: all.map(({ column }) => column),
      title: isOne ? `${countOf(count, 'outlier')} in "${first!.column}"` : `Outliers in ${countOf(all.length, 'column')}`,
      what: `${
        isOne
          ? countOf(count, 'value')
          : all
              .slice(0, 20)
              .map((one) => `${countOf(one.count, 'value')} of "${one.column}"`)
              .join(', ')
      } lie more than six robust standard deviations from the median${all.some(({ logarithmic }) => logarithmic) ? ' (on a logarithmic scale where amounts are skewed)' : ''}, apart from all others.`,
      meaning: 'They are either errors or the most interesting rows; linear models and means follow them.',
      next: 'Look at the examples. Correct errors; for true extremes use a robust scale or a tree model.',
      count,
      of: rows * all.length,
      examples: all
        .flatMap((one) =>
          one.examples.slice(0, isOne ? 10 : 2).map(({ row, value }) => ({ row, value: isOne ? String(value) : `${one.column}: ${value}` }))
        )
        .slice(0, 10),
      evidence: {
        limit: LIMIT,
        ...(isOne && { median: first!.median, logarithmic: first!.logarithmic }),
        columns: all.map(({ column, count: n, median, logarithmic }) => ({ column, count: n, median, logarithmic }))
      }
    })
  ]
}
