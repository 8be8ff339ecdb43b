import type { PairFigure, QualityFinding, TableProfile } from '../../model/quality'
import type { AnalysisTable } from './analysis-table'
import { checkSums } from './check-sums'
import { countOf, createFinding, rounded } from './finding'
import { quantileOf } from './numeric-profile'
import { groupsOf } from './profile-pairs'
import { units } from './units'

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
  const figureOf = new Map(pairs.map(({ a, b, method, value }) => [`${method}\n${a}\n${b}`, Math.abs(value)]))
  // One far row, or a stand-in for "missing" that both share, makes any two columns lie on a line: the ranks tell.
  const holdsByRank = ({ a, b }: PairFigure, least: number): boolean => (figureOf.get(`spearman\n${a}\n${b}`) ?? 1) >= least
  const strong = pairs.filter((pair) => {
    const { a, b, method, value, rows } = pair
    return (
      (method === 'pearson' || method === 'spearman') &&
      Math.abs(value) >= STRONG &&
      rows >= MIN_ROWS &&
      rows >= 0.5 * Math.min(table.sampleRows, countIn(profile, a), countIn(profile, b)) &&
      candidates.has(a) &&
      candidates.has(b) &&
      holdsByRank(pair, 0.9)
    )
  })
  const onLines: PairFigure[] = []
  for (const pair of strong)
    if (pair.method === 'pearson' && Math.abs(pair.value) >= COPY && (await lineBetween(table, pair.a, pair.b)).isClose) onLines.push(pair)
  const copies = groupsOf(onLines)
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

/** Of the middle half of the values: so far from the line lies the usual value of a copy at most. */
const CLOSE = 0.02

/** The line through two columns by least squares, and whether the usual value lies on it: one far row makes a line of any two columns. */
async function lineBetween(
  table: AnalysisTable,
  from: string,
  to: string
): Promise<{ slope: number; intercept: number; isClose: boolean }> {
  const { values: y, sorted } = await table.numbers(table.column(to)!)
  const { values: x } = await table.numbers(table.column(from)!)
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
  const intercept = meanY - slope * meanX
  const step = Math.ceil(x.length / 2_000)
  const off = Float64Array.from({ length: Math.floor(x.length / step) }, (_, i) =>
    Math.abs(y[i * step]! - intercept - slope * x[i * step]!)
  )
  const middle = quantileOf(sorted, 0.75)! - quantileOf(sorted, 0.25)!
  return { slope, intercept, isClose: (quantileOf(off.filter((v) => v === v).sort(), 0.5) ?? Infinity) <= CLOSE * middle }
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
