import type { QualityFinding } from '../../model/quality'
import type { AnalysisColumn, AnalysisTable } from './analysis-table'
import { pickRows } from './examples'
import { countOf, createFinding, percent, rounded } from './finding'
import { quantileOf } from './numeric-profile'
import { units } from './units'

/** More on the smaller side are rather two kinds of things. */
const MAX_SHARE = 0.3
const MIN_VALUES = 8
/** How far the sides are apart, as a factor. */
const GAP = 1.08
/** Of the wider side, as a logarithm. */
const SPREAD = 0.35
/** Two samples of one distribution differ by more in one of twenty cases (Kolmogorov and Smirnov). */
const ALIKE = 1.36

/** A part of a column of numbers that is the rest in another unit. */
export interface OtherScale {
  finding: QualityFinding
  holds: (value: number) => boolean
}

/** Numbers that fall into two sides with a gap between, where one side converted by a usual factor spreads as the other does. */
export function otherScale(
  table: AnalysisTable,
  column: AnalysisColumn,
  sorted: Float64Array,
  values: Float64Array
): OtherScale | undefined {
  const edge = widestGap(sorted)
  if (edge === undefined) return undefined
  const [low, high] = [sorted.subarray(0, edge), sorted.subarray(edge)]
  // A few far values are the end of a tail: what was measured in another unit spreads nearly as widely as the rest.
  const spreads = [low, high].map((side) => Math.log(side[side.length - 1]! / side[0]!))
  if (Math.min(...spreads) < SPREAD * Math.max(...spreads)) return undefined
  if ([low, high].some((side) => new Set(side.subarray(0, 1_000)).size < MIN_VALUES / 2)) return undefined
  const ratio = quantileOf(high, 0.5)! / quantileOf(low, 0.5)!
  const conversions: [(v: number) => number, string][] = [
    ...units
      .map(([factor, words]) => ({ factor, words, far: Math.abs(Math.log(ratio / factor)) }))
      .filter(({ far }) => far < 0.3)
      .sort((a, b) => a.far - b.far)
      .map(({ factor, words }): [(v: number) => number, string] => [
        (v) => v / factor,
        `${factor} times the others, the factor between ${words}`
      ]),
    [(v) => (v - 32) / 1.8, 'the others converted from degrees Celsius to Fahrenheit']
  ]
  const match = conversions.find(([convert]) => spreadAlike(low, high, convert))
  if (!match) return undefined
  const isHigh = high.length < low.length
  const few = isHigh ? high : low
  const border = sorted[edge]!
  const holds = (v: number): boolean => (isHigh ? v >= border : v < border)
  return {
    holds,
    finding: createFinding({
      kind: 'mixed-units',
      severity: 'warning',
      columns: [column.name],
      title: `A part of "${column.name}" is in another unit`,
      what: `${countOf(few.length, 'value')} (${percent(few.length / sorted.length)}) lie apart, from ${rounded(few[0]!)} to ${rounded(few[few.length - 1]!)}; ${isHigh ? 'they' : 'the others'} are ${isHigh ? match[1] : match[1].replaceAll('the others', 'these')}, and converted they spread as the rest does.`,
      meaning: 'Compared without conversion the amounts are wrong by that factor.',
      next: 'Ask which rows were entered in which unit or scale, convert them, and note the unit on the column.',
      count: few.length,
      of: table.rows,
      examples: pickRows(values, holds).examples
    })
  }
}

/** Where the widest gap between neighbours is, as a factor, that leaves neither side empty. */
function widestGap(sorted: Float64Array): number | undefined {
  if (sorted.length < 50 || !(sorted[0]! > 0)) return undefined
  const most = Math.floor(sorted.length * MAX_SHARE)
  let [widest, second, edge] = [1, 1, undefined as number | undefined]
  for (let i = 2; i < sorted.length - 1; i++) {
    const gap = sorted[i]! / sorted[i - 1]!
    if (gap > widest) [widest, second, edge] = [gap, widest, i]
    else if (gap > second) second = gap
  }
  // Ends of a distribution have gaps too, more than one of them.
  if (edge === undefined || widest < GAP || Math.log(widest) < 2 * Math.log(second)) return undefined
  const few = Math.min(edge, sorted.length - edge)
  return few >= MIN_VALUES && few <= most ? edge : undefined
}

/** Whether the low values and the converted high ones can come from one distribution. */
function spreadAlike(low: Float64Array, high: Float64Array, convert: (v: number) => number): boolean {
  const limit = ALIKE * Math.sqrt(1 / low.length + 1 / high.length)
  let [i, j] = [0, 0]
  while (i < low.length && j < high.length) {
    const [a, b] = [low[i]!, convert(high[j]!)]
    // What was rounded in one unit is not rounded in the other.
    const at = Math.min(a, b) + Math.abs(Math.min(a, b)) * 0.002
    while (i < low.length && low[i]! <= at) i++
    while (j < high.length && convert(high[j]!) <= at) j++
    if (Math.abs(i / low.length - j / high.length) > limit) return false
  }
  return true
}
