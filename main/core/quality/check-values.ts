import type { ColumnProfile, QualityFinding, TableProfile } from '../../model/quality'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { outliersOf, outliersFinding, type Outliers } from './check-outliers'
import { examplesWhere } from './examples'
import { countOf, createFinding, percent, rounded } from './finding'
import { firstAbove, firstAtLeast } from './numeric-profile'

/** Numbers and dates that cannot be or hardly are: negative amounts, wrong ranges, stand-ins for "missing", outliers. */
export async function checkValues(table: AnalysisTable, profile: TableProfile, now: Date): Promise<QualityFinding[]> {
  const found: QualityFinding[] = []
  const outliers: Outliers[] = []
  for (const [i, column] of table.columns.entries()) {
    const p = profile.columns[i]
    if (p.count === 0) continue
    if (column.isNumeric && column.role !== 'identifier') {
      const numbers = await table.numbers(column)
      const odd = oddValues(column, p, numbers.sorted)
      for (const { holds, what, detail } of odd) found.push(impossible(table, column, what, pick(numbers.values, holds), detail))
      const sound = odd.length > 0 ? numbers.sorted.filter((v) => !odd.some(({ holds }) => holds(v))) : numbers.sorted
      found.push(...checkZeros(table, p, sound, numbers.values))
      const far = await outliersOf(column, p, sound, numbers.values, table.signal)
      if (far) outliers.push(far)
      if (p.numeric!.nonFinite > 0)
        found.push(
          impossible(
            table,
            column,
            'are not finite (NaN or infinity)',
            {
              count: p.numeric!.nonFinite,
              examples: await examplesWhere(table, `${column.id} IS NOT NULL AND NOT isfinite(${column.id})`, column.id)
            },
            'non-finite'
          )
        )
    }
    if (column.isTime) found.push(...(await checkDates(table, column, now)))
  }
  return [...found, ...outliersFinding(outliers, table.rows)]
}

interface Picked {
  count: number
  examples: QualityFinding['examples']
}

/** Which rows have a value of a kind, and the first ten of them. */
function pick(values: Float64Array, holds: (value: number) => boolean): Picked {
  const picked: Picked = { count: 0, examples: [] }
  for (let row = 0; row < values.length; row++) {
    if (!holds(values[row]!)) continue
    picked.count++
    if (picked.examples.length < 10) picked.examples.push({ row: row + 1, value: String(values[row]) })
  }
  return picked
}

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

const sentinelCandidates = [-1, -9, -99, -999, -9999, 99, 999, 9999, 99999, 999999]

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
    return oddSign || gap > (high - low) * 0.5 ? [{ value, low, high }] : []
  })
}

const impossible = (
  table: AnalysisTable,
  column: AnalysisColumn,
  what: string,
  { count, examples }: Picked,
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
  return [
    createFinding({
      kind: 'zero-inflated',
      severity: isMass ? 'warning' : 'info',
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
      examples: pick(values, isMass ? (v) => v > 0 : (v) => v === 0).examples,
      evidence: { zeros, nonZeros: p.count - zeros, nearZero: near }
    })
  ]
}

async function checkDates(table: AnalysisTable, column: AnalysisColumn, now: Date): Promise<QualityFinding[]> {
  const t = `${column.id}::TIMESTAMP`
  const isFuture = `${t} > TIMESTAMP '${now.toISOString().slice(0, 19).replace('T', ' ')}'`
  const planned = /\b(due|plan|planned|expir|valid|end|target|schedul|forecast|next)/i.test(column.name)
  const checks: [string, string, string][] = [[`${t} < TIMESTAMP '1900-01-01'`, 'are before the year 1900', 'old']]
  if (!planned) checks.push([isFuture, 'lie in the future', 'future'])
  const found: QualityFinding[] = []
  for (const [condition, what, detail] of checks) {
    const [[n]] = await table.query(`SELECT count(*)::DOUBLE FROM ${TABLE} WHERE ${condition}`)
    if (Number(n) > 0)
      found.push(impossible(table, column, what, { count: Number(n), examples: await examplesWhere(table, condition, column.id) }, detail))
  }
  return found
}
