import type { ColumnProfile, QualityFinding, TableProfile } from '../../model/quality'
import type { AnalysisColumn, AnalysisTable } from './analysis-table'
import { checkStuck, levelShift, shiftFindings, type LevelShift } from './check-order'
import { outliersOf, outliersFinding, type Outliers } from './check-outliers'
import { otherScale } from './check-scales'
import { checkSpikes } from './check-spikes'
import { examplesWhere, pickRows } from './examples'
import { countOf, createFinding, percent, rounded } from './finding'
import { firstAbove, firstAtLeast, quantileOf } from './numeric-profile'

/** Longer columns are not looked at for other units, piles, runs and levels: reading them again and again would take too long. */
const MAX_ROWS = 500_000

/**
 * Numbers that cannot be or hardly are: negative amounts, wrong ranges, stand-ins for "missing", another unit, outliers, values that occur too
 * often, and series that stand still or change their level. `classes` are codes of the outcome of each row.
 */
export async function checkValues(table: AnalysisTable, profile: TableProfile, classes?: Float64Array): Promise<QualityFinding[]> {
  const found: QualityFinding[] = []
  const outliers: Outliers[] = []
  const shifts: LevelShift[] = []
  const numeric = table.columns.filter((c, i) => c.isNumeric && c.role !== 'identifier' && profile.columns[i].count > 0)
  for (const column of numeric) {
    const p = profile.columns[table.columns.indexOf(column)]
    const numbers = await table.numbers(column)
    const odd = oddValues(column, p, numbers.sorted)
    for (const { holds, what, detail } of odd) found.push(impossible(table, column, what, pickRows(numbers.values, holds), detail))
    let sound = without(numbers.sorted, odd)
    const zeros = checkZeros(table, p, sound, numbers.values)
    // Zeros that stand for "not recorded" are no reading; neither are readings in another unit outliers of this one.
    if (zeros.some(({ severity, kind }) => kind === 'zero-inflated' && severity === 'warning') && p.numeric!.zeros < 0.5 * p.count)
      sound = without(sound, [{ holds: (v) => v === 0 }])
    const isLong = table.rows > MAX_ROWS
    const scale = isLong || column.role === 'target' ? undefined : otherScale(table, column, sound, numbers.values)
    if (scale) sound = without(sound, [scale])
    found.push(...zeros, ...(scale ? [scale.finding] : []))
    const far = await outliersOf(column, p, sound, numbers.values, table.signal)
    if (far) outliers.push(far)
    // What stands far apart is not the end at which others pile up.
    if (far && far.count <= 3)
      sound = without(
        sound,
        far.examples.map(({ value }) => ({ holds: (v) => v === value }))
      )
    if (!isLong)
      found.push(
        ...checkSpikes(table, column, p, { sorted: sound, values: numbers.values }),
        ...checkStuck(table, column, p, numbers.values)
      )
    const shift = isLong || column.role === 'target' ? undefined : levelShift(column, p, numbers.values, classes)
    if (shift) shifts.push(shift)
    if (p.numeric!.nonFinite > 0) found.push(await notFinite(table, column, p.numeric!.nonFinite))
  }
  return [...found, ...outliersFinding(outliers, table.rows), ...shiftFindings(table, shifts, numeric.length)]
}

const without = (sorted: Float64Array, odd: readonly { holds: (value: number) => boolean }[]): Float64Array =>
  odd.length > 0 ? sorted.filter((v) => !odd.some(({ holds }) => holds(v))) : sorted

const notFinite = async (table: AnalysisTable, column: AnalysisColumn, count: number): Promise<QualityFinding> =>
  impossible(
    table,
    column,
    'are not finite (NaN or infinity)',
    { count, examples: await examplesWhere(table, `${column.id} IS NOT NULL AND NOT isfinite(${column.id})`, column.id) },
    'non-finite'
  )

const words = (column: AnalysisColumn): string =>
  `${column.name} ${column.unit ?? ''}`
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()

interface Range {
  name: RegExp
  low: number
  high: number
  why: string
}
const ranges: Range[] = [
  { name: /\b(lat|latitude)\b/, low: -90, high: 90, why: 'a latitude lies between -90 and 90 degrees' },
  { name: /\b(lon|lng|longitude)\b/, low: -180, high: 180, why: 'a longitude lies between -180 and 180 degrees' },
  { name: /\bage\b|\balter\b/, low: 0, high: 130, why: 'an age lies between 0 and 130 years' },
  { name: /\b(probability|likelihood)\b/, low: 0, high: 1, why: 'a probability lies between 0 and 1' },
  {
    name: /\b(cost|costs|price|count|number of|quantity|qty|speed|distance|length|height|width|weight|mass|duration|area|volume|population|frequency|knots|kg|km|km\/h|mph)\b/,
    low: 0,
    high: Infinity,
    why: 'such an amount is never negative'
  }
]
/** Names of values that were computed from the amount, and follow other rules. */
const derived =
  /\b(log|ln|diff|difference|delta|change|gain|loss|growth|trend|residual|score|std|scaled|normed|normali[sz]ed|standardi[sz]ed|relative|z)\b/
/** Where more of the values lie outside, the column is on another scale than its name says (standardised, in percent), and not wrong. */
const MAX_OUTSIDE = 0.1

interface Odd {
  holds: (value: number) => boolean
  what: string
  detail?: string
}

/** Values that cannot be: outside of what the column can have, and repeated stand-ins for "missing" far from all others. */
function oddValues(column: AnalysisColumn, p: ColumnProfile, sorted: Float64Array): Odd[] {
  const sentinels = sentinelsOf(p, sorted)
  const odd = sentinels.map(({ value, low, high }): Odd => ({
    holds: (v) => v === value,
    what: `are ${value}, which stands apart from all others (${rounded(low)} to ${rounded(high)}) and probably means "missing"`,
    detail: String(value)
  }))
  const range = derived.test(words(column)) ? undefined : ranges.find(({ name }) => name.test(words(column)))
  const rest = sentinels.length > 0 ? sorted.filter((v) => sentinels.every(({ value }) => v !== value)) : sorted
  if (!range || rest.length === 0) return odd
  const { low, high, why } = range
  const outside = firstAtLeast(rest, low) + (rest.length - firstAbove(rest, high))
  if (outside > 0 && outside <= Math.max(1, rest.length * MAX_OUTSIDE))
    odd.push({
      holds: (v) => (v < low || v > high) && sentinels.every(({ value }) => v !== value),
      what: `are outside of what is possible: ${why}`
    })
  return odd
}

const sentinelCandidates = [-1, -9, -99, -999, -9999, -99999, 99, 999, 9999, 99999, 999999]

/** 9999, -1 and the like: a repeated extreme value far from every other. */
function sentinelsOf(p: ColumnProfile, sorted: Float64Array): { value: number; low: number; high: number }[] {
  const { min, max } = p.numeric!
  return sentinelCandidates.flatMap((value) => {
    if ((value !== min && value !== max) || p.distinct < 5) return []
    const [from, to] = [firstAtLeast(sorted, value), firstAbove(sorted, value)]
    if (to - from < 3 || to - from === sorted.length) return []
    const low = from > 0 ? sorted[0]! : sorted[to]!
    const high = to < sorted.length ? sorted[sorted.length - 1]! : sorted[from - 1]!
    const gap = value > high ? value - high : low - value
    const oddSign = value < 0 && low >= 0
    // Few different values are a list, such as one of prices, where 999 is the next one.
    return oddSign || gap > (high - low) * (p.distinct < 20 ? 2 : 0.5) ? [{ value, low, high }] : []
  })
}

const impossible = (
  table: AnalysisTable,
  column: AnalysisColumn,
  what: string,
  { count, examples }: ReturnType<typeof pickRows>,
  detail?: string
): QualityFinding =>
  createFinding({
    kind: 'impossible-values',
    severity: 'error',
    columns: [column.name],
    title: `Impossible values in "${column.name}"`,
    what: `${countOf(count, 'value')} ${what}.`,
    meaning: 'They are errors of entry or conversion, and they pull means and models.',
    next: 'Correct them in the source, or turn them into missing values by a written rule.',
    count,
    of: table.rows,
    examples,
    detail
  })

/** Many zeros in an amount, or a spike of zeros away from all other values: zero may stand for "not recorded". */
function checkZeros(table: AnalysisTable, p: ColumnProfile, sorted: Float64Array, values: Float64Array): QualityFinding[] {
  const { zeros } = p.numeric!
  const [min, max] = [sorted[0], sorted[sorted.length - 1]]
  if (zeros < 5 || min === undefined || max === undefined || min < 0 || max <= 1 || p.distinct <= 10) return []
  const share = zeros / p.count
  const near = firstAbove(sorted, max * 0.05) - firstAbove(sorted, 0)
  const isMass = share >= 0.5
  if (!isMass && zeros < 3 * near) return []
  // A measurement whose values all lie far from zero is not zero in some rows. Where most are zero, nothing is what there usually is.
  const isApart = near === 0 && sorted[firstAbove(sorted, 0)]! > 0.2 * quantileOf(sorted, 0.5)!
  const isWarning = isMass ? share >= 0.9 : isApart
  return [
    createFinding({
      kind: 'zero-inflated',
      severity: isWarning ? 'warning' : 'info',
      columns: [p.name],
      title: isMass ? `"${p.name}" is zero in ${percent(share)} of the rows` : `A spike of zeros in "${p.name}"`,
      what: isMass
        ? `${countOf(zeros, 'value')} are zero and ${countOf(p.count - zeros, 'value')} are not, up to ${rounded(max)}.`
        : `${countOf(zeros, 'value')} are exactly zero, but only ${near} lie between zero and ${rounded(max * 0.05)}.`,
      meaning:
        'Zero may mean "nothing", or "not recorded". If it is the second, means are far too low and "above zero" only tells who filled in the form.',
      next: 'Ask how the field is filled in. If zero means not recorded, make it a missing value.',
      count: zeros,
      of: table.rows,
      examples: pickRows(values, isMass ? (v) => v > 0 : (v) => v === 0).examples,
      evidence: { zeros, nonZeros: p.count - zeros, nearZero: near }
    })
  ]
}
