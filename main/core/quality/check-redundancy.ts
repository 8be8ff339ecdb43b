import type { PairFigure, QualityFinding, TableProfile } from '../../model/quality'
import { TABLE, type AnalysisColumn, type AnalysisTable } from './analysis-table'
import { finite } from './column-numbers'
import { countOf, createFinding, rounded } from './finding'
import { groupsOf, pairsOf } from './profile-pairs'

/** From here on a column is another one in other units, but for rounding. */
const COPY = 0.9999
/** From here on columns say almost the same, be it by value or by rank. */
const STRONG = 0.99
const MIN_ROWS = 20

/** Numbers that say the same as others: in other units, almost, or as their sum. One finding for each group of columns. */
export async function checkRedundancy(
  table: AnalysisTable,
  profile: TableProfile,
  pairs: readonly PairFigure[]
): Promise<QualityFinding[]> {
  const candidates = new Set(
    table.columns
      .filter((c, i) => c.isNumeric && !['target', 'ignored', 'identifier'].includes(c.role) && profile.columns[i].distinct > 2)
      .map((c) => c.name)
  )
  const strong = pairs.filter(
    ({ a, b, method, value, rows }) =>
      (method === 'pearson' || method === 'spearman') &&
      Math.abs(value) >= STRONG &&
      rows >= MIN_ROWS &&
      rows >= 0.5 * Math.min(table.sampleRows, countIn(profile, a), countIn(profile, b)) &&
      candidates.has(a) &&
      candidates.has(b)
  )
  const copies = groupsOf(strong.filter(({ method, value }) => method === 'pearson' && Math.abs(value) >= COPY))
  const groups = groupsOf(strong)
  const found: QualityFinding[] = []
  for (const copy of copies) found.push(await copyFinding(table, copy))
  for (const group of groups) {
    // A group that is nothing but copies of one column was said already.
    if (copies.some((copy) => group.every((name) => copy.includes(name)))) continue
    found.push(groupFinding(table, group, strong))
  }
  return [...found, ...(await checkSums(table, profile, copies))]
}

const countIn = (profile: TableProfile, name: string): number => profile.columns.find((p) => p.name === name)!.count

/** Factors between usual units of one amount. */
const units: [number, string][] = [
  [2.2046226, 'kilograms and pounds'],
  [2.54, 'inches and centimetres'],
  [3.2808399, 'metres and feet'],
  [1.609344, 'miles and kilometres'],
  [1.8, 'degrees Celsius and Fahrenheit'],
  [1.852, 'nautical miles and kilometres'],
  [10, 'units of which one is ten of the other'],
  [60, 'units of which one is sixty of the other'],
  [100, 'units of which one is a hundred of the other'],
  [1000, 'units of which one is a thousand of the other']
]

async function copyFinding(table: AnalysisTable, columns: string[]): Promise<QualityFinding> {
  const [first, ...others] = columns
  const lines = []
  for (const other of others) {
    const { slope, intercept } = await lineBetween(table, first!, other)
    const unit = units.find(
      ([factor]) => Math.abs(Math.abs(slope) / factor - 1) < 0.005 || Math.abs(Math.abs(1 / slope) / factor - 1) < 0.005
    )
    lines.push({ column: other, slope: rounded(slope), intercept: rounded(intercept), ...(unit && { unit: unit[1] }) })
  }
  return createFinding({
    kind: 'linear-copy',
    severity: 'warning',
    columns,
    title:
      others.length === 1
        ? `"${others[0]}" is "${first}" in other units`
        : `${countOf(columns.length, 'column')} are one amount in other units`,
    what: `${lines.map(({ column, slope, intercept, unit }) => `"${column}" is ${slope} times "${first}"${Math.abs(intercept) > 1e-6 * Math.abs(slope) ? ` plus ${intercept}` : ''}${unit ? ` (the factor between ${unit})` : ''}`).join('; ')}, but for rounding.`,
    meaning:
      'The copies add nothing; weights and importance are shared between them at random, and one corrected without the other contradicts it.',
    next: 'Keep one of them, and note its unit on the column.',
    count: table.rows,
    of: table.rows,
    evidence: { lines }
  })
}

/** The line through two columns by least squares. */
async function lineBetween(table: AnalysisTable, from: string, to: string): Promise<{ slope: number; intercept: number }> {
  const [x, y] = [(await table.numbers(table.column(from)!)).values, (await table.numbers(table.column(to)!)).values]
  let [n, meanX, meanY, xx, xy] = [0, 0, 0, 0, 0]
  for (let row = 0; row < x.length; row++) {
    const [a, b] = [x[row]!, y[row]!]
    if (a !== a || b !== b) continue
    n++
    const [dx, dy] = [a - meanX, b - meanY]
    meanX += dx / n
    meanY += dy / n
    xx += dx * (a - meanX)
    xy += dx * (b - meanY)
  }
  const slope = xy / xx
  return { slope, intercept: meanY - slope * meanX }
}

function groupFinding(table: AnalysisTable, group: string[], strong: readonly PairFigure[]): QualityFinding {
  const all = strong.filter(({ a, b }) => group.includes(a) && group.includes(b)).sort((x, y) => Math.abs(y.value) - Math.abs(x.value))
  const inside = all.filter((pair, i) => all.findIndex(({ a, b }) => a === pair.a && b === pair.b) === i)
  return createFinding({
    kind: 'redundant',
    severity: 'info',
    columns: group,
    title: `${group
      .map((name) => `"${name}"`)
      .slice(0, 6)
      .join(', ')}${group.length > 6 ? ` and ${group.length - 6} more` : ''} say almost the same`,
    what: `Correlations: ${inside
      .slice(0, 10)
      .map(({ a, b, method, value }) => `"${a}" with "${b}" ${value.toFixed(3)}${method === 'spearman' ? ' by rank' : ''}`)
      .join(', ')}.`,
    meaning: 'They measure one thing; weights and importance are shared between them at random.',
    next: 'Keep the one that is measured best, or one combination of them.',
    count: table.rows,
    of: table.rows,
    evidence: { pairs: inside.slice(0, 50).map(({ a, b, method, value }) => ({ a, b, method, value: rounded(value) })) }
  })
}

const SUMMANDS = 12
const TRIED_ROWS = 500
const MAX_VALUES = 16_000_000

/** A number that is the sum of two others in every row. */
async function checkSums(table: AnalysisTable, profile: TableProfile, copies: readonly string[][]): Promise<QualityFinding[]> {
  const numeric = table.columns.filter((c, i) => c.isNumeric && profile.columns[i].distinct > 10).slice(0, SUMMANDS)
  // A dozen columns of a very long table do not fit beside each other: there the sample tells.
  const from = table.rows * numeric.length > MAX_VALUES ? table.sample : TABLE
  const read =
    numeric.length < 3 ? [] : await table.db.numbers(`SELECT ${numeric.map((c) => `${finite(c)}::DOUBLE`).join(', ')} FROM ${from}`, table)
  const values = new Map(read.map((own, i) => [numeric[i]!, own]))
  const found: QualityFinding[] = []
  if (read.length === 0) return found
  for (const total of numeric)
    for (const [a, b] of pairsOf(numeric.filter((c) => c !== total))) {
      if (copies.some((copy) => [total, a, b].filter(({ name }) => copy.includes(name)).length > 1)) continue
      const parts = [total, a, b].map((c) => values.get(c)!) as [Float64Array, Float64Array, Float64Array]
      const tried = sumsIn(parts, TRIED_ROWS)
      if (tried.wrong > 5 + tried.used * 0.05) continue
      const { used, wrong } = sumsIn(parts, table.rows)
      if (used >= MIN_ROWS && wrong <= used * 0.02) found.push(sumFinding(table, [total, a, b], used, wrong))
    }
  return found
}

/** In how many of the first rows a total other than zero is known with both parts, and in how many known rows it is not their sum. */
function sumsIn([total, a, b]: [Float64Array, Float64Array, Float64Array], rows: number): { used: number; wrong: number } {
  let [used, wrong] = [0, 0]
  for (let row = 0; row < Math.min(rows, total.length); row++) {
    const difference = Math.abs(total[row]! - a[row]! - b[row]!)
    if (difference !== difference) continue
    if (total[row] !== 0) used++
    if (difference > 1e-9 * Math.max(1, Math.abs(total[row]!))) wrong++
  }
  return { used, wrong }
}

const sumFinding = (table: AnalysisTable, [total, a, b]: AnalysisColumn[], used: number, wrong: number): QualityFinding =>
  createFinding({
    kind: 'derived-column',
    severity: wrong > 0 ? 'warning' : 'info',
    columns: [total!.name, a!.name, b!.name],
    title: `"${total!.name}" is the sum of "${a!.name}" and "${b!.name}"`,
    what: wrong > 0 ? `It holds in all but ${countOf(wrong, 'row')}.` : `It holds in every row where all three are known.`,
    meaning:
      wrong > 0
        ? 'The exceptions are probably errors of entry.'
        : 'The three columns hold the information of two; what leaks from one leaks from the sum.',
    next:
      wrong > 0
        ? 'Check the exceptions, then drop the sum or one part.'
        : 'Use either the sum or its parts, and give all of them the same "known when".',
    count: wrong > 0 ? wrong : table.rows,
    of: table.rows,
    evidence: { exceptions: wrong, rowsUsed: used }
  })
