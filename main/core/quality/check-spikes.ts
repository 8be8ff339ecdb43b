import type { ColumnProfile, QualityFinding } from '../../model/quality'
import type { AnalysisColumn, AnalysisTable } from './analysis-table'
import type { ColumnNumbers } from './column-numbers'
import { countOf, createFinding, percent } from './finding'
import { firstAbove, firstAtLeast } from './numeric-profile'

const MIN_ROWS = 100
/** Fewer different values are a scale of steps, where one of them is often the usual one. */
const MIN_DISTINCT = 40
/** So many times as frequent as any other value, or as any value beside an end. */
const APART = 3
const PILED = 3
/** Ends that a scale has by nature. */
const naturalEnds = new Set([0, 1, 100])

/** Numbers that occur too often to be measured: one value put in for others, readings cut off at an end, rounded readings. */
export function checkSpikes(
  table: AnalysisTable,
  column: AnalysisColumn,
  p: ColumnProfile,
  { sorted, values }: ColumnNumbers
): QualityFinding[] {
  if (sorted.length < MIN_ROWS || p.distinct < 25) return []
  // Numbers that are given, as to persons or devices, have no end at which they pile up.
  const isGiven = column.kind === 'integer' && p.distinct >= 0.8 * p.count
  const piled = p.distinct >= MIN_DISTINCT && !isGiven ? pileOf(sorted) : undefined
  const filled = p.distinct >= MIN_DISTINCT && piled === undefined ? filledValue(p, sorted) : undefined
  const at = piled ?? filled?.value
  const found: QualityFinding[] = []
  if (at !== undefined) {
    const count = firstAbove(sorted, at) - firstAtLeast(sorted, at)
    const where = at === sorted[0] ? 'least' : 'largest'
    const rows = [...values.keys()].filter((row) => values[row] === at).slice(0, 10)
    found.push(
      createFinding({
        kind: piled === undefined ? 'value-spike' : 'clipped',
        severity: filled?.isNote ? 'info' : 'warning',
        columns: [column.name],
        title:
          piled === undefined
            ? `One value fills ${percent(count / sorted.length)} of "${column.name}"`
            : `"${column.name}" is cut off at ${at}`,
        what:
          piled === undefined
            ? `${countOf(count, 'value')} are ${at}; no other value occurs more than ${filled!.next} times.`
            : `${countOf(count, 'value')} (${percent(count / sorted.length)}) are exactly the ${where} one, far more than any value beside it.`,
        meaning:
          piled === undefined
            ? 'Gaps were probably filled with it, or it is a default of the form: it stands for "missing" and makes the spread too small.'
            : 'What lies beyond was written as the limit (a clipped or saturated reading); means and spread are wrong at that end.',
        next:
          piled === undefined
            ? 'Ask how gaps were filled. Make it a missing value, with a column that says so.'
            : 'Ask for the limit of the instrument or form, and treat these values as "at least" or "at most".',
        count,
        of: table.rows,
        examples: rows.map((row) => ({ row: row + 1, value: String(at) })),
        evidence: { value: at }
      })
    )
  }
  return [...found, ...checkRounding(table, column, p, sorted)]
}

/** The end of the sorted numbers at which far more values lie than at any of the ten values beside it. */
function pileOf(sorted: Float64Array): number | undefined {
  const ends = [sorted[sorted.length - 1]!, sorted[0]!]
  return ends.find((end, i) => {
    const isLow = i === 1
    // Few of something is what is counted most often.
    if (naturalEnds.has(end) || (isLow && Number.isInteger(end) && end >= 0 && end <= 1)) return false
    const count = isLow ? firstAbove(sorted, end) : sorted.length - firstAtLeast(sorted, end)
    if (count < Math.max(8, sorted.length * 0.03)) return false
    let [value, most] = [end, 0]
    for (let step = 0; step < 10; step++) {
      const place = isLow ? firstAbove(sorted, value) : firstAtLeast(sorted, value) - 1
      if (place < 0 || place >= sorted.length) break
      value = sorted[place]!
      most = Math.max(most, firstAbove(sorted, value) - firstAtLeast(sorted, value))
    }
    return most > 0 && count >= PILED * most
  })
}

/** The value that is far more frequent than the next one, zero aside, which is judged by itself. */
function filledValue(p: ColumnProfile, sorted: Float64Array): { value: number; next: number; isNote: boolean } | undefined {
  const [low, high] = [sorted[0]!, sorted[sorted.length - 1]!]
  const isReading = (value: number): boolean =>
    value !== 0 && value >= low && value <= high && !((value === low || value === high) && naturalEnds.has(value))
  const [first, second] = p.top.filter(({ value }) => isReading(Number(value)))
  if (!first || !second) return undefined
  const share = first.count / p.count
  const isAlone = second.count <= 2 && first.count >= 8 && share >= 0.01
  if (share > 0.5 || (!isAlone && (share < 0.04 || first.count < APART * second.count))) return undefined
  // A round number may be the usual one, such as forty hours a week.
  return { value: Number(first.value), next: second.count, isNote: !isAlone && Number(first.value) % 5 === 0 }
}

/** Whole numbers of which a part is rounded: read to the ten by some, or cut to a few digits by a spreadsheet. */
function checkRounding(table: AnalysisTable, column: AnalysisColumn, p: ColumnProfile, sorted: Float64Array): QualityFinding[] {
  const range = sorted[sorted.length - 1]! - sorted[0]!
  const isLong = sorted[sorted.length - 1]! >= 1e11 && p.distinct >= 0.5 * p.count
  if (!isLong && (range < 40 || range > 2_000)) return []
  const unit = isLong ? 10_000 : 10
  let round = 0
  for (const value of sorted) {
    if (!Number.isInteger(value)) return []
    if (value % unit === 0) round++
  }
  const share = round / sorted.length
  if (isLong ? share < 0.01 || share > 0.99 : share < 0.3 || share > 0.9) return []
  return [
    createFinding({
      kind: isLong ? 'spreadsheet-damage' : 'heaped-values',
      severity: isLong ? 'warning' : 'info',
      columns: [column.name],
      title: isLong ? `Numbers in "${column.name}" have lost digits` : `Many values of "${column.name}" are rounded to ten`,
      what: isLong
        ? `${countOf(round, 'value')} (${percent(share)}) of these long numbers end in four or more zeros, the others do not: they were rounded, as a spreadsheet does (4.00638E+12).`
        : `${percent(share)} are a multiple of ten, where one in ten would be by chance.`,
      meaning: isLong
        ? 'Numbers that differ in the lost digits are one now; what they identify cannot be told apart.'
        : 'Some readings are less precise than others; a limit at a multiple of ten puts many rows on one side.',
      next: isLong ? 'Export the column as text from its source.' : 'Ask who read the values and how, before drawing a line between them.',
      count: round,
      of: table.rows
    })
  ]
}
